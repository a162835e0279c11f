import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import type { z } from "zod";
import { explainIssues } from "./explain";
import { JsonDocument } from "./json-document";
import { InvalidInputError, type Problem, positionAt } from "./problems";
import type { Finding, SourceDocument } from "./source-document";

/** A type of which no part can be assigned to. */
export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/**
 * What a schema cannot say: how values relate to each other. It gets the value as it stands in the file, of any
 * shape. Where it finds something, that replaces what the schema found wrong with the same value.
 */
export type Rule = (value: unknown) => Finding[];

/**
 * Reads a JSON text strictly: no comments, no trailing commas, no key twice, no unknown key.
 *
 * @param file what to call the text in messages
 * @returns the value with the schema's defaults, frozen throughout
 * @throws {InvalidInputError} with everything that is wrong, in the order of the text
 */
export function parseJson<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
  rules: readonly Rule[] = [],
): DeepReadonly<z.output<S>> {
  return checkDocument(new JsonDocument(text, file), schema, rules);
}

/**
 * What a document says, held against a schema and rules.
 *
 * @returns the value with the schema's defaults, frozen throughout
 * @throws {InvalidInputError} with everything that is wrong, in the order of the text
 */
export function checkDocument<S extends z.ZodType>(
  document: SourceDocument,
  schema: S,
  rules: readonly Rule[] = [],
): DeepReadonly<z.output<S>> {
  const result = document.readable ? schema.safeParse(document.value) : undefined;
  const related = document.readable ? rules.flatMap((rule) => rule(document.value)) : [];
  const replaced = new Set(related.map(({ path }) => JSON.stringify(path)));
  const found = explainIssues(result?.error?.issues ?? [], document, schema).filter(
    ({ path }) => !replaced.has(JSON.stringify(path)),
  );
  const problems = [
    ...document.problems,
    ...[...found, ...related].map((finding) => document.problem(finding)),
  ];
  if (problems.length || !result?.success) throw new InvalidInputError(problems.sort(byPosition));
  return freeze(result.data) as DeepReadonly<z.output<S>>;
}

/**
 * The text of a file.
 *
 * @throws {InvalidInputError} when it is not there, not a file, not readable, or not UTF-8
 */
export function readText(file: string): string {
  const bytes = readBytes(file);
  if (isUtf8(bytes)) return bytes.toString("utf8");
  const utf16 = bytes.length % 2 === 0 && /^(fffe|feff)/.test(bytes.toString("hex", 0, 2));
  if (utf16) throw fileProblem(file, "this file is UTF-16: save it as UTF-8");
  const at = firstUndecodable(bytes);
  const before = bytes.toString("utf8", 0, at);
  const byte = bytes.toString("hex", at, at + 1);
  throw new InvalidInputError([
    {
      file,
      ...positionAt(before, before.length),
      path: [],
      message: `the byte 0x${byte} is not UTF-8: save the file as UTF-8`,
    },
  ]);
}

/** Index of the first byte that decoding replaced. */
function firstUndecodable(bytes: Buffer): number {
  let at = 0;
  for (const character of bytes.toString("utf8")) {
    if (character === "\uFFFD" && bytes.toString("utf8", at, at + 3) !== character) break;
    at += Buffer.byteLength(character);
  }
  return at;
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw fileProblem(file, READ_ERRORS[code] ?? `this file cannot be read: ${code}`);
  }
}

const READ_ERRORS: Record<string, string> = {
  ENOENT: "there is no such file: run this in the directory that holds it",
  ENOTDIR: "there is no such file: a part of its path is not a directory",
  EISDIR: "this is a directory: a file is expected here",
  EACCES: "this file may not be read: check its permissions",
  EPERM: "this file may not be read: check its permissions",
};

function fileProblem(file: string, message: string): InvalidInputError {
  return new InvalidInputError([{ file, path: [], message }]);
}

function byPosition(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function freeze(value: unknown): unknown {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}
