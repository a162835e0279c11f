/** Where in a JSON document: `["engineers", 1, "name"]`. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with one input file. */
export interface Problem {
  /** The file as the caller named it. */
  readonly file: string;
  /** 1-based; missing where the file as a whole is the problem. */
  readonly line?: number;
  /** 1-based, in UTF-16 units, as editors count. */
  readonly column?: number;
  readonly path: Path;
  /** What is wrong and what would be right, in one line that is safe to print. */
  readonly message: string;
}

/**
 * An input file that cannot be used. Its message holds every problem, one per line, as
 * `engineers.json:7:15: engineers[1].name: "Bob_" is not …`; print it alone, a stack trace adds nothing.
 */
export class InvalidInputError extends Error {
  override readonly name = "InvalidInputError";

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(printProblem).join("\n"));
  }
}

/** Line and column of a place in a text, both 1-based. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1) as string).length + 1 };
}

function printProblem({ file, line, column, path, message }: Problem): string {
  const place = line === undefined ? printable(file) : `${printable(file)}:${line}:${column}`;
  return [place, ...(path.length ? [printPath(path)] : []), message].join(": ");
}

/** `engineers[1].name`, `secrets["api-key"]` */
export function printPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[A-Za-z_$][\w$]*$/.test(step)) return `[${quote(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

const LONGEST_QUOTE = 60;

/** A value as JSON for a message: cut if long, and without anything a terminal would obey or hide. */
export function quote(value: unknown): string {
  return printable(
    JSON.stringify(value, (_, part) => (typeof part === "string" ? cut(part) : part)) ?? String(value),
  );
}

/** A piece of the file itself for a message, for instance a number with more digits than fit one. */
export function quoteSource(source: string): string {
  return printable(cut(source));
}

function cut(text: string): string {
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE)}…`;
}

/** Escapes control, invisible, direction and combining characters, unusual spaces, and halves of surrogate pairs. */
function printable(text: string): string {
  return escapeCharacters(text, /(?! )[\p{C}\p{Z}\p{M}]/gu);
}

/** The text with characters of a kind written as their numbers, as in JSON: `\u001b`. */
export function escapeCharacters(text: string, kind: RegExp): string {
  return text.replace(kind, (character) =>
    Array.from({ length: character.length }, (_, unit) => escapeUnit(character.charCodeAt(unit))).join(""),
  );
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}

/**
 * Reads several inputs, so that somebody who got something wrong in each learns so at once.
 * @throws {InvalidInputError} with everything that is wrong with any of them
 */
export function readAll<Inputs extends readonly unknown[]>(
  ...reads: { readonly [Index in keyof Inputs]: () => Inputs[Index] }
): Inputs {
  const problems: Problem[] = [];
  const inputs = reads.map((read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  });
  if (problems.length > 0) throw new InvalidInputError(problems);
  return inputs as unknown as Inputs;
}
