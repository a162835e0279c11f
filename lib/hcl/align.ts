import { parseExpression } from "./expression";

/** One `key = value`; `text` may have further lines, indented already. */
export interface Assignment {
  readonly key: string;
  readonly text: string;
}

/** Lines of assignments, their `=` in one column wherever `terraform fmt` puts them there. */
export function alignAssignments(assignments: readonly Assignment[], indent: number): string[] {
  const pad = " ".repeat(indent);
  const lines: string[] = [];
  for (let start = 0; start < assignments.length; ) {
    let end = start;
    while (end < assignments.length && isAligned(assignments[end])) end++;
    const chain = assignments.slice(start, Math.max(end, start + 1));
    const width = Math.max(...chain.map(({ key }) => columns(key)));
    for (const { key, text } of chain)
      lines.push(`${pad}${key}${" ".repeat(width - columns(key))} = ${text}`);
    start += chain.length;
  }
  return lines;
}

/** Takes part in a column: on one line (a heredoc counts as one), and no other `=` before its own. */
function isAligned(assignment: Assignment | undefined): boolean {
  if (!assignment) return false;
  const { key, text } = assignment;
  if (text.includes("\n") && !text.startsWith("<<")) return false;
  return (
    !/[({]/.test(key) || !parseExpression(key).some(({ type, text }) => type === "symbol" && text === "=")
  );
}

/** Columns that a text takes in an editor: what `terraform fmt` counts. */
export function columns(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return text.length;
  return [...GRAPHEMES.segment(text)].length;
}

const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });
