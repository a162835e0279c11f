import { type Command, CommanderError } from "commander";
import { commandLine } from "../../tools";

/**
 * What is wrong with typed `plue` command lines, by the command line's own definition: a command, option or argument
 * that does not exist, is missing or may not have this value. Nothing is run.
 *
 * @param line what somebody would type: `npx plue engineers add carol --email "$EMAIL"`; what comes behind a pipe, a
 * redirection or `&&` does not belong to it
 * @param define the command line @default everybody's
 * @returns commander's message; undefined where the line is right
 */
export function plueProblem(line: string, define = commandLine): string | undefined {
  const typed = /\b(?:npx|npm run) plue(?:\s+--(?=\s))?\s(.*)$/s.exec(line)?.[1];
  if (typed === undefined) return `no plue command in: ${line}`;
  const program = define({ startedIn: process.cwd(), folder: process.cwd() });
  disarm(program);
  try {
    program.parse(shellWords(typed), { from: "user" });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? undefined : `${line}: ${error.message}`;
  }
}

/** Every `plue` command of a text, one by line, with lines that end in `\` put together; comments are left out. */
export function plueLines(text: string): string[] {
  return text
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"))
    .flatMap((line) => [...line.matchAll(/\b(?:npx|npm run) plue\b[^`]*/g)].map(([match]) => match));
}

/** Leaves the definition, and takes the actions away; a value that only the shell or the reader knows is let through. */
function disarm(command: Command): void {
  for (const part of [...command.options, ...command.registeredArguments]) {
    const check = part.parseArg;
    if (check)
      part.parseArg = <T>(value: string, previous: T) =>
        /^[$<]/.test(value) ? previous : (check.call(part, value, previous) as T);
  }
  command.configureOutput({ writeOut: () => {}, writeErr: () => {} });
  if (command.commands.length === 0) command.action(() => {});
  for (const child of command.commands) disarm(child);
}

/** The words of the first command of a line, as a shell splits them; nothing is expanded. */
function shellWords(line: string): string[] {
  const words: string[] = [];
  const tokens =
    /\s+|(#.*$|\|\|?|&&|;|\d?>>?|<(?![\w-]+>)|\))|((?:"(?:[^"\\]|\\.)*"|'[^']*'|\$\([^)]*\)|\\.|<[\w-]+>|[^\s"'\\|&;<>)])+)/g;
  for (const [, end, word] of line.matchAll(tokens)) {
    if (end) break;
    if (word)
      words.push(word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double, single) => double ?? single));
  }
  return words;
}
