import { isDeepStrictEqual } from "node:util";
import { applyEdits, type Edit, findNodeAtLocation, getNodeValue, type Node, parseTree } from "jsonc-parser";

/** What a new entry says; what is left out keeps its default. */
export interface NewEntry {
  readonly name: string;
  readonly email: string;
  readonly github?: string;
  readonly githubId?: string;
  readonly imageTag?: string;
  readonly readers?: readonly string[];
}

/**
 * The text with one entry more, on a line of its own that ends with a comma: in front of the first entry that sorts
 * behind it, or else of the last one. No other line changes, so that two branches that each add one merge by line unless
 * both names sort into one gap; behind the last entry, both would have to give that one its comma.
 *
 * @param text a valid registry, as for all functions here
 */
export function addEntry(text: string, entry: NewEntry): string {
  return insertEntry(text, entry.name, printEntry(entry));
}

function insertEntry(text: string, name: string, line: string): string {
  const list = entriesNode(text);
  const entries = list.children ?? [];
  const next = entries.find((node) => nameOf(node) > name) ?? entries.at(-1);
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

/** A field of an entry, or a field of such a one: `["imageTag"]`, `["quota", "cpu"]`. */
export type FieldPath = readonly [field: string, part?: string];

/**
 * The text with a field of an entry set, where it stands or as the last one; nothing else differs.
 *
 * @param value undefined takes the field away, and with its last part a field of parts
 */
export function setField(text: string, name: string, path: FieldPath, value: unknown): string {
  const entry = entriesNode(text).children?.find((node) => nameOf(node) === name);
  if (!entry) throw new Error(`no entry ${name}`);
  const [field, part] = path;
  const holder = part === undefined ? entry : findNodeAtLocation(entry, [field]);
  if (!holder) return value === undefined ? text : setField(text, name, [field], { [part as string]: value });
  const fields = holder.children ?? [];
  const index = fields.findIndex(({ children }) => children?.[0]?.value === (part ?? field));
  const [previous, found, next] = [fields[index - 1], fields[index], fields[index + 1]];
  if (value === undefined) {
    if (!found) return text;
    if (next) return replace(text, found.offset, next.offset - found.offset, "");
    if (previous) return replace(text, end(previous), end(found) - end(previous), "");
    return setField(text, name, [field], undefined);
  }
  const there = found?.children?.[1];
  if (there) return replace(text, there.offset, there.length, printValue(value));
  const last = fields.at(-1);
  if (!last) return replace(text, holder.offset, holder.length, printValue({ [part ?? field]: value }));
  const space = spaceBefore(text, last.offset) || " ";
  return replace(text, end(last), 0, `,${space}${printField([part ?? field, value])}`);
}

/** The text with an entry's state set. */
export function setState(text: string, name: string, state: "active" | "offboarding"): string {
  return setField(text, name, ["state"], state);
}

/** What became of one entry between two texts; a text is the entry as it is written there, undefined where it is not. */
export interface EntryChange {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The entries that differ, by what they say and not by how that is written, sorted by name. */
export function entryChanges(before: string, after: string): EntryChange[] {
  const [old, now] = [entriesOf(before), entriesOf(after)];
  const changed = [...new Set([...old.keys(), ...now.keys()])].filter(
    (name) => !isDeepStrictEqual(old.get(name)?.value, now.get(name)?.value),
  );
  return changed.sort().map((name) => ({ name, before: old.get(name)?.text, after: now.get(name)?.text }));
}

/** An entry that both sides changed, and not alike. */
export interface EntryConflict {
  readonly name: string;
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
}

/**
 * Merges by entry what two sides made of one registry: each entry is as the side that changed it has it.
 *
 * @param base what both began with
 * @returns our text with their changes, and the entries that both changed, of which it has ours
 */
export function mergeEntries(
  base: string,
  ours: string,
  theirs: string,
): { text: string; conflicts: readonly EntryConflict[] } {
  const mine = new Map(entryChanges(base, ours).map((change) => [change.name, change]));
  const missing = new Set(entryChanges(ours, theirs).map(({ name }) => name));
  const conflicts: EntryConflict[] = [];
  let text = ours;
  for (const { name, after } of entryChanges(base, theirs)) {
    const own = mine.get(name);
    if (!missing.has(name)) continue;
    if (own) conflicts.push({ name, ours: own.after, theirs: after });
    else if (after === undefined) text = removeEntry(text, name);
    else text = entriesOf(text).has(name) ? replaceEntry(text, name, after) : insertEntry(text, name, after);
  }
  return { text, conflicts };
}

function replaceEntry(text: string, name: string, entry: string): string {
  const node = entriesNode(text).children?.find((each) => nameOf(each) === name) as Node;
  return replace(text, node.offset, node.length, entry);
}

function entriesOf(text: string): Map<string, { readonly text: string; readonly value: unknown }> {
  const entries = entriesNode(text).children ?? [];
  return new Map(
    entries.map((node) => [
      nameOf(node),
      { text: text.slice(node.offset, end(node)), value: getNodeValue(node) },
    ]),
  );
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
function printEntry({ name, email, github, githubId, imageTag, readers }: NewEntry): string {
  const given = { name, email, github, githubId, imageTag, readers: readers?.length ? readers : undefined };
  return printValue(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
}

function printValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printValue).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{ ${Object.entries(value).map(printField).join(", ")} }`;
}

function printField([key, value]: [string, unknown]): string {
  return `${JSON.stringify(key)}: ${printValue(value)}`;
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
