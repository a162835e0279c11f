import { stripVTControlCharacters } from "node:util";
import { type IPty, spawn } from "@cdktf/node-pty-prebuilt-multiarch";
import { LAUNCHER } from "./plue";

export interface SessionProps {
  /** Folder where it is typed. */
  readonly cwd: string;
  /** @default 80 */
  readonly columns?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** What is typed when a text appears: each once, in this order. */
  readonly answers?: readonly (readonly [after: string, typed: string])[];
  /** @default `plue` of the checkout */
  readonly program?: string;
}

export interface Session {
  readonly status: number;
  /** Everything that was written to the terminal, control characters included. */
  readonly written: string;
  /** Lines that are left on the screen, without colours. */
  readonly lines: readonly string[];
}

/** Runs a command in a terminal of 24 lines, as a person would. */
export function inTerminal(
  args: readonly string[],
  { cwd, columns = 80, environment = {}, answers = [], program = LAUNCHER }: SessionProps,
): Promise<Session> {
  const { CI: _, NO_COLOR: __, COLUMNS: ___, GITHUB_ACTIONS: ____, ...inherited } = process.env;
  const terminal: IPty = spawn(process.execPath, [program, ...args], {
    cols: columns,
    rows: 24,
    cwd,
    env: { ...inherited, TERM: "xterm-256color", ...environment } as Record<string, string>,
  });
  const open = [...answers];
  let written = "";
  let answered = 0;
  terminal.onData((data) => {
    written += data;
    const [after, typed] = open[0] ?? [];
    if (after === undefined || !written.slice(answered).includes(after)) return;
    open.shift();
    answered = written.length;
    terminal.write(`${typed}\r`);
  });
  return new Promise((resolve) =>
    terminal.onExit(({ exitCode }) => resolve({ status: exitCode, written, lines: screenOf(written) })),
  );
}

const ERASED = "\r\u001b[K";

/** What is left where nothing but the last line is ever erased. */
function screenOf(written: string): string[] {
  return written.split("\r\n").map((line) => stripVTControlCharacters(line.split(ERASED).at(-1) ?? ""));
}
