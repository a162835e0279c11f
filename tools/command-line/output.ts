import type { Command } from "commander";
import colors from "picocolors";
import type { StateLock } from "../state/state-bucket";

export interface JsonOption {
  readonly json?: boolean;
}

/** Gives a command `--json`: then standard output holds one JSON value and nothing else. */
export function withJson(command: Command): Command {
  return command.option("--json", "print one JSON value, for scripts");
}

/** Prints a command's result: as JSON where that was asked for, else as text. */
export function emit({ json }: JsonOption, value: unknown, text: () => string): void {
  process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text()}\n`);
}

/** Tells a person something that is not the result: what is about to happen, what comes next. Never in a pipe's way. */
export function tell(message: string): void {
  process.stderr.write(`${message}\n`);
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

/** A table of columns as wide as they need to be; the first row is its head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ""))));
  return rows
    .map((row, index) => {
      const cells = row.map(
        (cell, column) => cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - width(cell))),
      );
      const line = cells.join("  ").trimEnd();
      return index === 0 ? colors.bold(line) : line;
    })
    .join("\n");
}

function width(cell: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  return cell.replace(/\u001b\[\d+m/g, "").length;
}

/** Help text with the commands one would type. */
export function examples(command: Command, lines: Readonly<Record<string, string>>): Command {
  const longest = Math.max(...Object.keys(lines).map((line) => line.length));
  const shown = Object.entries(lines).map(([line, what]) => `  $ ${line.padEnd(longest)}  ${what}`.trimEnd());
  return command.addHelpText("after", `\nExamples:\n${shown.join("\n")}`);
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

/** `by alice@laptop for 3 hours (apply)` */
export function describeLock({ who, operation, since }: StateLock, now = new Date()): string {
  const doing = operation ? ` (${operation.replace(/^OperationType/, "").toLowerCase()})` : "";
  return `by ${who ?? "somebody unknown"} for ${age(since, now)}${doing}`;
}

const MOST = 20;

/** A line each, and how many were left out. */
export function listed(items: readonly string[]): string {
  const lines = items.slice(0, MOST).map((item) => `  ${item}`);
  return [...lines, ...(items.length > MOST ? [`  and ${items.length - MOST} more`] : [])].join("\n");
}
