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
  /** Its address before, where a `moved` block says that it had another. */
  readonly from?: string;
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
  /** Addresses that a `removed` block takes out of the state, without destroying what they are of. */
  readonly forgotten: readonly string[];
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
  const [was, now] = [blocks(before), blocks(after)];
  const moves = movesOf(after, was, now);
  const old = new Map([...was].map(([address, block]) => [moves.get(address) ?? address, block]));
  const from = new Map([...moves].map(([one, other]) => [other, one]));
  const added = [...now.keys()].filter((address) => !old.has(address)).sort();
  const gone = [...old.keys()].filter((address) => !now.has(address)).sort();
  const kept = keptBy(after);
  const changed = [...now.keys()].sort().flatMap((address): BlockChange[] => {
    if (!old.has(address)) return [];
    const changes = diffValues(old.get(address), now.get(address), "");
    const before = from.get(address);
    return changes.length ? [{ address, ...(before && { from: before }), arguments: changes }] : [];
  });
  const [forgotten, removed] = [
    gone.filter((address) => kept.has(address)),
    gone.filter((address) => !kept.has(address)),
  ];
  if (before && after && !added.length && !gone.length && !changed.length) return undefined;
  return {
    stack,
    change: before ? (after ? "changed" : "removed") : "new",
    added,
    removed,
    forgotten,
    changed,
  };
}

/** Blocks of a section that is a list of them. */
function listOf(json: TerraformJson | undefined, section: string): readonly Arguments[] {
  const blocks = json?.[section];
  return (Array.isArray(blocks) ? blocks : [blocks]).filter(isObject);
}

/** Addresses that are other ones now, as `moved` blocks say: what was there is the same resource. */
function movesOf(
  json: TerraformJson | undefined,
  was: ReadonlyMap<string, unknown>,
  now: ReadonlyMap<string, unknown>,
): Map<string, string> {
  const moves = listOf(json, "moved").map(({ from, to }) => [String(from), String(to)] as const);
  return new Map(
    moves.filter(([from, to]) => was.has(from) && !now.has(from) && now.has(to) && !was.has(to)),
  );
}

/** Addresses that `removed` blocks leave as they are. */
function keptBy(json: TerraformJson | undefined): Set<string> {
  const kept = listOf(json, "removed").filter(({ lifecycle }) => {
    const [its] = Array.isArray(lifecycle) ? lifecycle : [lifecycle];
    return isObject(its) && its["destroy"] === false;
  });
  return new Set(kept.map(({ from }) => String(from)));
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
