import { escapeCharacters } from "../../lib/input/problems";

/** What a terminal obeys or hides, and what ends a line for somebody: controls, directions, separators, no characters. */
const OBEYED = /[\p{C}\p{Zl}\p{Zp}]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
const COLOURS = /\u001b\[[\d;:]*m/g;

/**
 * Text that somebody else wrote, for a line of a terminal, a log or Markdown: of a state, a lock, a plan, an error message, a
 * branch or a commit. It is made harmless where it is read, so that whoever prints it need not think of it:
 *
 * - nothing in it moves the cursor, sets a title or a colour, turns the direction, ends the line, or is invisible: such a
 *   character stands there as its number, `\u001b`;
 * - GitHub's runner takes no command from it (`::add-mask::…`, `##[group]…`), wherever it is printed;
 * - it has an end.
 *
 * Markdown of its own it may still hold: what writes Markdown puts it into a code span (`code`) or a fence.
 *
 * @param longest characters that are kept
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function cleanLine(text: string, longest = 300): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return disarm(escapeCharacters(short.replace(COLOURS, ""), OBEYED));
}

/** As `cleanLine`, of any length, with its lines and tabs. */
export function cleanText(text: string): string {
  return text
    .replace(COLOURS, "")
    .split(/\r?\n/)
    .map((line) =>
      disarm(
        line
          .split("\t")
          .map((part) => escapeCharacters(part, OBEYED))
          .join("\t"),
      ),
    )
    .join("\n");
}

/** Takes the runner's commands apart: `::` at the beginning of a line, `##[` anywhere. */
function disarm(line: string): string {
  return line.replace(/^(\s*):(?=:)/, "$1: ").replaceAll("##[", "## [");
}

/** Text as Markdown's code, in which nothing is Markdown, a mention or an address. Of `cleanLine`: it must not break off. */
export function code(text: string, longest = 200): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return `\`${short.replaceAll("`", "'").replaceAll("|", "\\|") || " "}\``;
}
