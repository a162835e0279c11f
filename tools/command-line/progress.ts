import { outputWidth, visibleLength } from "./terminal";

/** What is being done, the innermost last. */
const doing: { readonly what: string; readonly since: number }[] = [];
let drawn = false;

/** Whether somebody looks on: a log or a pipe gets results alone. */
function isWatched(): boolean {
  const { CI, TERM } = process.env;
  return Boolean(process.stderr.isTTY) && !CI && TERM !== "dumb";
}

/**
 * Does something that may take more than two seconds, and says so on the terminal's last line as long as it does: on standard
 * error, and only where that is a terminal, none of a workflow's (`CI`). The line is gone when it is done. Beside work that
 * waits for others, it counts the seconds.
 *
 * @param what `Synthesizing the stacks`
 */
export function during<T>(what: string, work: () => T): T {
  if (!isWatched()) return work();
  doing.push({ what, since: Date.now() });
  draw();
  const ticking = setInterval(draw, 1000).unref();
  const done = () => {
    clearInterval(ticking);
    doing.pop();
    draw();
  };
  let result: T;
  try {
    result = work();
  } catch (error) {
    done();
    throw error;
  }
  if (!(result instanceof Promise)) {
    done();
    return result;
  }
  return result.finally(done) as T;
}

/** Prints something while work is being done: above the line that says so. */
export function aboveProgress(print: () => void): void {
  clear();
  print();
  draw();
}

function draw(): void {
  const last = doing.at(-1);
  if (!last) {
    clear();
    return;
  }
  const seconds = Math.floor((Date.now() - last.since) / 1000);
  const line = `${last.what} …${seconds >= 2 ? ` ${seconds} s` : ""}`;
  const width = outputWidth(process.stderr) - 1;
  process.stderr.write(`\r\u001b[K${visibleLength(line) > width ? line.slice(0, width) : line}`);
  drawn = true;
}

function clear(): void {
  if (drawn) process.stderr.write("\r\u001b[K");
  drawn = false;
}
