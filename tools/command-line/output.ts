import type { Command } from "commander";
import colors from "picocolors";
import { aboveProgress } from "./progress";
import { helpWidth, outputWidth, visibleLength, wrap } from "./terminal";

export interface JsonOption {
  readonly json?: boolean;
}

/** Gives a command `--json`: then standard output holds one JSON value and nothing else. */
export function withJson(command: Command): Command {
  return command.option("--json", "print one JSON value, for scripts");
}

/** Prints a command's result: as JSON where that was asked for, else as text. */
export function emit({ json }: JsonOption, value: unknown, text: () => string): void {
  const printed = json ? JSON.stringify(value, null, 2) : text();
  aboveProgress(() => process.stdout.write(`${printed}\n`));
}

/**
 * Tells a person something that is not the result: what is about to happen, what comes next. Never in a pipe's way. A terminal
 * gets sentences broken at spaces; what is indented stays in one line, as it is something to copy.
 */
export function tell(message: string): void {
  const width = outputWidth(process.stderr);
  const lines = message.split("\n").flatMap((line) => (/^\s/.test(line) ? [line] : wrap(line, width)));
  aboveProgress(() => process.stderr.write(`${lines.join("\n")}\n`));
}

/**
 * Tells of something in a file that a person should look at: in a workflow of GitHub it stands beside the file in the pull
 * request too.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function warn(file: string, message: string): void {
  if (process.env["GITHUB_ACTIONS"] === "true")
    tell(
      `::warning file=${escapeCommand(file).replace(/[:,]/g, encodeURIComponent)}::${escapeCommand(message)}`,
    );
  else tell(colors.yellow(message));
}

/** As GitHub's runner reads the text of a command: one line. */
function escapeCommand(text: string): string {
  return text.replace(/[%\r\n]/g, encodeURIComponent);
}

export interface TableOptions {
  /** Whether the first row is the head. @default true */
  readonly head?: boolean;
  /** Columns whose cells end below each other: numbers. @default none */
  readonly right?: readonly number[];
  /** Columns that there are. @default those of standard output */
  readonly width?: number;
}

/** Columns between two of a table. */
const GAP = "  ";
/** In front of what belongs to the row above. */
export const BELOW = "    ";
/** Of a last column, so that its text may be broken into lines. */
const ENOUGH_FOR_TEXT = 32;

/** A table, for wherever it is printed: see `tableRows`. */
export function table(rows: readonly (readonly string[])[], options: TableOptions = {}): string {
  return tableRows(rows, options).join("\n");
}

/**
 * The rows of a table, each with as many lines as it takes. Columns are as wide as they need to be. Where that is wider than
 * the terminal, the text of the last column is broken at spaces; where this is no help either, each row becomes a block: its
 * first cell, and below it a line for each other cell that says something.
 */
export function tableRows(
  rows: readonly (readonly string[])[],
  { head = true, right = [], width = outputWidth() }: TableOptions = {},
): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.map((row) => visibleLength(row[column] ?? ""))),
  );
  const last = columns - 1;
  const before = widths.slice(0, last).reduce((sum, one) => sum + one + GAP.length, 0);
  const room = width - before;
  const isText = !right.includes(last);
  if (room < Math.min(widths[last] ?? 0, isText ? ENOUGH_FOR_TEXT : Number.POSITIVE_INFINITY))
    return stacked(rows, head, width);
  return rows.map((row, index) => {
    const cells = widths.map((length, column) => padded(row[column] ?? "", length, right.includes(column)));
    const text = isText ? withText(cells, row[last] ?? "", before, width) : cells.join(GAP).trimEnd();
    return head && index === 0 ? colors.bold(text) : text;
  });
}

/** A row whose last cell is broken into lines; one with a word that has no room there begins below. */
function withText(cells: readonly string[], text: string, before: number, width: number): string {
  const start = cells
    .slice(0, -1)
    .map((cell) => cell + GAP)
    .join("");
  const longest = Math.max(...text.split(/\s/).map(visibleLength));
  if (longest > width - before) return [start.trimEnd(), ...wrap(text, width, BELOW)].join("\n");
  const [first = "", ...others] = wrap(text, width, " ".repeat(before));
  return [(start + first.slice(before)).trimEnd(), ...others].join("\n");
}

function stacked(rows: readonly (readonly string[])[], head: boolean, width: number): string[] {
  const names = head ? (rows[0] ?? []).slice(1) : [];
  const label = Math.max(0, ...names.map(visibleLength));
  return rows.slice(head ? 1 : 0).map(([first = "", ...cells]) =>
    [
      colors.bold(first),
      ...cells.flatMap((cell, column) => {
        if (cell === "") return [];
        const indent = head ? `  ${padded(names[column] ?? "", label)}  ` : "  ";
        return wrap(cell, width, indent, " ".repeat(indent.length));
      }),
    ].join("\n"),
  );
}

function padded(cell: string, width: number, right = false): string {
  const space = " ".repeat(Math.max(0, width - visibleLength(cell)));
  return right ? space + cell : cell + space;
}

/** A command to type, and in brackets what is to be known of it: behind it where there is room, else below. */
export function step(command: string, remark: string): string {
  const line = `  ${command}   (${remark})`;
  return line.length <= outputWidth()
    ? line
    : [`  ${command}`, ...wrap(`(${remark})`, outputWidth(), "      ", "       ")].join("\n");
}

/** Help text with the commands one would type. */
export function examples(command: Command, lines: Readonly<Record<string, string>>): Command {
  const longest = Math.max(...Object.keys(lines).map((line) => line.length));
  return command.addHelpText("after", () => {
    const rows = Object.entries(lines).map(([line, what]) =>
      `  $ ${line.padEnd(longest)}  ${what}`.trimEnd(),
    );
    const beside = rows.every((row) => row.length <= helpWidth());
    const below = Object.entries(lines).flatMap(([line, what]) => [
      `  $ ${line}`,
      ...(what ? wrap(what, helpWidth(), "      ") : []),
    ]);
    return `\nExamples:\n${(beside ? rows : below).join("\n")}`;
  });
}

/** Adds to the help what is to be known of the command as a whole. */
export function remark(command: Command, text: string): Command {
  return command.addHelpText("after", () => `\n${wrap(text, helpWidth()).join("\n")}`);
}

const MINUTE = 60_000;
const UNITS = [
  ["day", 24 * 60 * MINUTE],
  ["hour", 60 * MINUTE],
  ["minute", MINUTE],
] as const;

/** How long ago something was, in its largest unit: `3 hours`. */
export function age(since: Date, now = new Date()): string {
  const passed = now.getTime() - since.getTime();
  for (const [unit, length] of UNITS) {
    const count = Math.floor(passed / length);
    if (count >= 1) return `${count} ${unit}${count === 1 ? "" : "s"}`;
  }
  return "less than a minute";
}

const MOST = 20;

/** A line each, and how many were left out. */
export function listed(items: readonly string[]): string {
  const lines = items.slice(0, MOST).map((item) => `  ${item}`);
  return [...lines, ...(items.length > MOST ? [`  and ${items.length - MOST} more`] : [])].join("\n");
}
