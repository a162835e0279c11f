import { type Assignment, alignAssignments } from "./align";
import type { Blocks, Grammar } from "./grammar";
import { labelToHcl } from "./template";
import { HclError } from "./tokens";
import { assignment, isIdentifier } from "./value";

/** An object of Terraform's JSON syntax. */
export type JsonObject = { readonly [key: string]: unknown };

/** What a reader wants to see before the other arguments, in this order. */
const FIRST = ["count", "for_each", "alias", "provider", "source", "version", "providers", "from", "to"];
const IDENTITY = ["name", "project", "location", "region", "zone", "description", "type", "default"];
const LEADING = new Map([...FIRST, ...IDENTITY].map((key, index) => [key, index]));
/** Blocks and arguments that come after all others. */
const TRAILING = ["connection", "provisioner", "lifecycle", "depends_on"];

const NAMES = "use letters, digits, _ and -, and start with a letter or _";

/** One block of the JSON with its labels. */
export interface LabelledBody {
  readonly labels: readonly string[];
  readonly body: JsonObject;
}

/**
 * The blocks that a JSON value stands for: an object is one block, an array several, null none; labels are keys
 * around them.
 *
 * @throws HclError where it stands for none
 */
export function blockBodies(value: unknown, labels: number): LabelledBody[] {
  if (value === null || value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const item of list)
    if (typeof item !== "object" || item === null || Array.isArray(item))
      throw new HclError(`a block or a list of blocks belongs here, not ${JSON.stringify(item)}`);
  const bodies = list as readonly JsonObject[];
  if (labels === 0) return bodies.map((body) => ({ labels: [], body }));
  return bodies.flatMap((body) =>
    Object.entries(body).flatMap(([label, inner]) =>
      at(label, () => {
        if (!isIdentifier(label)) throw new HclError(`not a name: ${NAMES}`);
        return blockBodies(inner, labels - 1).map(({ labels: rest, body }) => ({
          labels: [label, ...rest],
          body,
        }));
      }),
    ),
  );
}

/** A block with its header; the first line is not indented. */
export function blockToHcl(
  type: string,
  labels: readonly string[],
  body: JsonObject,
  grammar: Grammar,
  indent = 0,
): string {
  const header = [type, ...labels.map(labelToHcl), "{"].join(" ");
  const lines = bodyToHcl(body, grammar, indent + 2);
  return lines === "" ? `${header}}` : `${header}\n${lines}\n${" ".repeat(indent)}}`;
}

/** The text of a `.tfvars` file: values of variables, which hold no expressions. */
export function variableValuesToHcl(values: JsonObject): string {
  return `${bodyToHcl(values, () => "literal", 0)}\n`;
}

/** Runs a step whose errors are about what is under a key. */
export function at<T>(key: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof HclError) error.path.unshift(key);
    throw error;
  }
}

/**
 * The inside of a block: arguments on one line first, those of several lines and nested blocks after them, each
 * with a blank line around.
 */
function bodyToHcl(body: JsonObject, grammar: Grammar, indent: number): string {
  const pad = " ".repeat(indent);
  const short: Assignment[] = [];
  const long: string[] = [];
  const trailing = new Map<string, string[]>();
  for (const key of inReadingOrder(Object.keys(body))) {
    const value = body[key];
    if (key === "//" || value === undefined) continue;
    at(key, () => {
      if (!isIdentifier(key)) throw new HclError(`not a name of an argument or a block: ${NAMES}`);
      const kind = grammar(key, value);
      const paragraphs = TRAILING.includes(key) ? [] : long;
      if (paragraphs !== long) trailing.set(key, paragraphs);
      if (typeof kind === "object" && typeof value !== "string") {
        paragraphs.push(...nestedBlocks(key, value, kind, indent));
        return;
      }
      const leaf = typeof kind === "object" ? "template" : kind;
      if (value === null && (leaf === "source" || leaf === "type")) return;
      const assigned = assignment(key, value, leaf, indent);
      if (paragraphs === long && (key === "condition" || !assigned.text.includes("\n"))) short.push(assigned);
      else paragraphs.push(...alignAssignments([assigned], indent));
    });
  }
  const last = TRAILING.flatMap((key) => trailing.get(key) ?? []);
  const paragraphs = [...long, ...last];
  if (short.length > 0) paragraphs.unshift(alignAssignments(short, indent).join("\n"));
  return paragraphs.join("\n\n");

  function nestedBlocks(type: string, value: unknown, kind: Blocks, depth: number): string[] {
    return blockBodies(value, kind.labels).map(
      ({ labels, body: inner }) => pad + blockToHcl(type, labels, inner, kind.body(labels), depth),
    );
  }
}

function inReadingOrder(keys: readonly string[]): string[] {
  const rank = (key: string) => LEADING.get(key) ?? LEADING.size;
  return [...keys].sort((a, b) => rank(a) - rank(b));
}
