import { isDeepStrictEqual } from "node:util";
import type { Arguments, Stacks, TerraformJson } from "../../lib/core/terraform-json";

/** An argument that is another than before; undefined where it was not there, or is not any more. */
export interface ArgumentChange {
  /** `settings.tier`, `rule[0].verbs` */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface BlockChange {
  /** `google_sql_user.sql_admin`, `output.url`, `local.values`, `provider.google`, `terraform.backend` */
  readonly address: string;
  readonly arguments: readonly ArgumentChange[];
}

/** Differences in the Terraform of a stack. Only a stack that differs has one. */
export interface StackDifference {
  readonly stack: string;
  /** What became of the stack as a whole. */
  readonly change: "new" | "removed" | "changed";
  /** Addresses, sorted. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly BlockChange[];
}

/** The stacks whose Terraform differs, by name. What CDKTF notes about itself (`//`) does not count. */
export function diffStacks(before: Stacks, after: Stacks): StackDifference[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((stack) => diffStack(stack, before.get(stack), after.get(stack)) ?? []);
}

function diffStack(
  stack: string,
  before: TerraformJson | undefined,
  after: TerraformJson | undefined,
): StackDifference | undefined {
  const [old, now] = [blocks(before), blocks(after)];
  const added = [...now.keys()].filter((address) => !old.has(address)).sort();
  const removed = [...old.keys()].filter((address) => !now.has(address)).sort();
  const changed = [...now.keys()].sort().flatMap((address) => {
    if (!old.has(address)) return [];
    const changes = diffValues(old.get(address), now.get(address), "");
    return changes.length ? [{ address, arguments: changes }] : [];
  });
  if (before && after && !added.length && !removed.length && !changed.length) return undefined;
  return { stack, change: before ? (after ? "changed" : "removed") : "new", added, removed, changed };
}

/** Sections whose blocks have a type and a name. */
const TYPED: Readonly<Record<string, string>> = { resource: "", data: "data.", ephemeral: "ephemeral." };
/** What a block of the other sections is called in expressions. */
const NAMED: Readonly<Record<string, string>> = { locals: "local", variable: "var" };

function blocks(json: TerraformJson = {}): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [section, content] of Object.entries(json)) {
    if (section === "//" || !isObject(content)) continue;
    const prefix = TYPED[section];
    for (const [key, value] of Object.entries(content)) {
      if (prefix === undefined) found.set(`${NAMED[section] ?? section}.${key}`, value);
      else
        for (const [name, block] of Object.entries(value as object))
          found.set(`${prefix}${key}.${name}`, block);
    }
  }
  return found;
}

function diffValues(before: unknown, after: unknown, path: string): ArgumentChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].some(isObject))
    return [...Array(Math.max(before.length, after.length)).keys()].flatMap((index) =>
      diffValues(before[index], after[index], `${path}[${index}]`),
    );
  if (!isObject(before) || !isObject(after)) return [{ path, before, after }];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  keys.delete("//");
  return [...keys]
    .sort()
    .flatMap((key) => diffValues(before[key], after[key], path ? `${path}.${key}` : key));
}

function isObject(value: unknown): value is Arguments {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
