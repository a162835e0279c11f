import { stripVTControlCharacters } from "node:util";

/** Of a terminal that does not say how wide it is. */
const USUAL_WIDTH = 80;

/**
 * Columns for what is printed: as many as the terminal has, or `COLUMNS` says. A pipe or a file has no width, so that what a
 * script or a log gets does not depend on the terminal that it was started in.
 *
 * @param to @default standard output
 */
export function outputWidth(to: NodeJS.WriteStream = process.stdout): number {
  if (!to.isTTY) return Number.POSITIVE_INFINITY;
  return Number(process.env["COLUMNS"]) || to.columns || USUAL_WIDTH;
}

/** Columns for help, which is text to read in a pipe too. */
export function helpWidth(): number {
  return process.stdout.isTTY ? outputWidth() : USUAL_WIDTH;
}

/** Columns that a text takes on a terminal. */
export function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}

/**
 * Breaks a text at spaces. A word that is longer than a line stays whole, as it is an address or a path that somebody copies.
 * @param width of a line with its indent
 * @param indent in front of the first line
 * @param hanging in front of the others
 */
export function wrap(text: string, width: number, indent = "", hanging = indent): string[] {
  return text.split("\n").flatMap((paragraph, index) => {
    const lines: string[] = [];
    let line = index === 0 ? indent : hanging;
    let empty = true;
    for (const word of paragraph.split(" ")) {
      const longer = empty ? `${line}${word}` : `${line} ${word}`;
      if (!empty && visibleLength(longer) > width) {
        lines.push(line);
        line = `${hanging}${word}`;
      } else line = longer;
      empty = false;
    }
    return [...lines, line];
  });
}
