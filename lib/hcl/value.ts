import { type Assignment, alignAssignments, columns } from "./align";
import { parseTemplate } from "./expression";
import { heredoc, type StringKind, soleExpression, stringToHcl, stringTokens } from "./template";
import { HclError } from "./tokens";
import { LINE_WIDTH, wrapExpression } from "./wrap";

/** Words that mean something else at the place of a key. */
const RESERVED_KEYS = new Set(["for", "null", "true", "false"]);

const IDENTIFIER = /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u;

/** How the strings of a value are read; a `requirement` is the value of an entry of `required_providers`. */
export type ValueKind = StringKind | "requirement";

/** Is this a name that HCL takes without quotes? */
export function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name);
}

/**
 * A JSON value as an HCL expression. Lines after the first are indented; the first continues what stands before it.
 *
 * @param indent spaces before the line that the value starts on
 */
export function valueToHcl(value: unknown, kind: ValueKind, indent: number): string {
  if (typeof value === "string") return stringToHcl(value, stringKind(kind));
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new HclError(`${value} is not a number that Terraform has`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return listToHcl(value, kind, indent);
  if (typeof value === "object") return objectToHcl(value, kind, indent);
  throw new HclError(`a ${typeof value} is not a value that Terraform has`);
}

/** A value at its key: a text of several lines is a heredoc here where that changes nothing, a long call is broken. */
export function assignment(key: string, value: unknown, kind: ValueKind, indent: number): Assignment {
  if (typeof value !== "string") return { key, text: valueToHcl(value, kind, indent) };
  const text = heredoc(value, stringKind(kind), indent);
  if (text !== undefined) return { key, text };
  const tokens = stringTokens(value, stringKind(kind));
  return { key, text: wrapExpression(tokens, indent, indent + columns(key) + 3) };
}

function listToHcl(list: readonly unknown[], kind: ValueKind, indent: number): string {
  if (list.length === 0) return "[]";
  if (list.every((item) => !isFilledObject(item))) {
    const line = `[${list.map((item) => valueToHcl(item, kind, indent)).join(", ")}]`;
    if (!line.includes("\n") && (list.length === 1 || indent + columns(line) <= LINE_WIDTH)) return line;
  }
  const pad = " ".repeat(indent);
  const items = list.map((item) => `${pad}  ${valueToHcl(item, kind, indent + 2)},`);
  return ["[", ...items, `${pad}]`].join("\n");
}

function isFilledObject(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && Object.keys(value).length > 0 && !Array.isArray(value)
  );
}

function objectToHcl(object: object, kind: ValueKind, indent: number): string {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  if (kind === "requirement") entries.sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return "{}";
  const assignments = entries.map(([key, value]) =>
    assignment(keyToHcl(key, kind), value, memberKind(kind, key), indent + 2),
  );
  return ["{", ...alignAssignments(assignments, indent + 2), `${" ".repeat(indent)}}`].join("\n");
}

/** A key of an object: Terraform's JSON reads it as it reads a string value. */
function keyToHcl(key: string, kind: ValueKind): string {
  // Which other letters are names depends on the version of Unicode that Terraform knows.
  if (/^[A-Za-z_][\w-]*$/.test(key)) return RESERVED_KEYS.has(key) ? `"${key}"` : key;
  const text = stringToHcl(key, stringKind(kind));
  return kind === "template" && soleExpression(parseTemplate(key)) ? `(${text})` : text;
}

function memberKind(kind: ValueKind, key: string): ValueKind {
  return kind === "requirement" && key === "configuration_aliases" ? "source" : kind;
}

function stringKind(kind: ValueKind): StringKind {
  return kind === "requirement" ? "literal" : kind;
}
