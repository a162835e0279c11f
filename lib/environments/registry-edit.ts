import { applyEdits, type Edit, findNodeAtLocation, type Node, parseTree } from "jsonc-parser";

/** What a new entry says; what is left out keeps its default. */
export interface NewEntry {
  readonly name: string;
  readonly email: string;
  readonly github?: string;
  readonly imageTag?: string;
  readonly readers?: readonly string[];
}

/**
 * The text with one entry more, on a line of its own that ends with a comma: in front of the first entry that sorts
 * behind it, or else of the last one. No other line changes, so that two branches that each add one merge by line; behind
 * the last entry, both would have to give that one its comma.
 *
 * @param text a valid registry, as for all functions here
 */
export function addEntry(text: string, entry: NewEntry): string {
  const list = entriesNode(text);
  const entries = list.children ?? [];
  const line = printEntry(entry);
  const next = entries.find((node) => nameOf(node) > entry.name) ?? entries.at(-1);
  if (!next) return replace(text, list.offset, list.length, emptyListWith(text, list, line));
  return replace(text, next.offset, 0, `${line},${spaceBefore(text, next.offset) || " "}`);
}

/** The text without an entry, and without its line. */
export function removeEntry(text: string, name: string): string {
  const list = entriesNode(text);
  const entries = list.children ?? [];
  const index = entries.findIndex((node) => nameOf(node) === name);
  const [previous, entry, next] = [entries[index - 1], entries[index], entries[index + 1]];
  if (!entry) throw new Error(`no entry ${name}`);
  if (next) return replace(text, entry.offset, next.offset - entry.offset, "");
  if (previous) return replace(text, end(previous), end(entry) - end(previous), "");
  return replace(text, list.offset, list.length, "[]");
}

/** The text with an entry's state set, where it stands or as the entry's last property. */
export function setState(text: string, name: string, state: "active" | "offboarding"): string {
  const entry = entriesNode(text).children?.find((node) => nameOf(node) === name);
  const last = entry?.children?.at(-1);
  if (!entry || !last) throw new Error(`no entry ${name}`);
  const value = findNodeAtLocation(entry, ["state"]);
  if (value) return replace(text, value.offset, value.length, JSON.stringify(state));
  const space = spaceBefore(text, last.offset) || " ";
  return replace(text, end(last), 0, `,${space}"state": ${JSON.stringify(state)}`);
}

function entriesNode(text: string): Node {
  const root = parseTree(text);
  const list = root && findNodeAtLocation(root, ["engineers"]);
  if (list?.type !== "array") throw new Error("the registry has no list of engineers");
  return list;
}

function nameOf(entry: Node): string {
  return String(findNodeAtLocation(entry, ["name"])?.value);
}

/** As the file's entries are written: one line, a space inside the braces. */
function printEntry({ name, email, github, imageTag, readers }: NewEntry): string {
  const given = { name, email, github, imageTag, readers: readers?.length ? readers : undefined };
  const properties = Object.entries(given).filter(([, value]) => value !== undefined);
  return `{ ${properties.map(([key, value]) => `"${key}": ${printValue(value)}`).join(", ")} }`;
}

function printValue(value: unknown): string {
  return Array.isArray(value)
    ? `[${value.map((part) => JSON.stringify(part)).join(", ")}]`
    : JSON.stringify(value);
}

/** A list with one line, indented one step further than the line that the empty list stands in. */
function emptyListWith(text: string, list: Node, line: string): string {
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  const indent = /[ \t]*/.exec(text.slice(text.lastIndexOf("\n", list.offset) + 1))?.[0] ?? "";
  const step = indent || "  ";
  return `[${lineBreak}${indent}${step}${line}${lineBreak}${indent}]`;
}

/** The white space in front of a place, from the last line break on. */
function spaceBefore(text: string, offset: number): string {
  return /(?:\r?\n)?[ \t]*$/.exec(text.slice(0, offset))?.[0] ?? "";
}

function end(node: Node): number {
  return node.offset + node.length;
}

function replace(text: string, offset: number, length: number, content: string): string {
  const edit: Edit = { offset, length, content };
  return applyEdits(text, [edit]);
}
