import type { Shape } from "./fields";
import { Each, equal, isObject, isWithin, solePath, type Tree } from "./tree";

/** What there is to be known of an optional variable, to find its default. */
export interface Optional {
  readonly path: string;
  readonly shape: Shape;
  /** Values by which the construct chooses. */
  readonly cases: readonly string[];
  /** The construct with everything given. */
  readonly base: Tree;
  /** The construct without it. */
  readonly absent: Tree;
  /** The construct with it switched off, with an empty collection, or with one of the cases. */
  readonly variant: (is: "off" | "empty" | { readonly value: string }) => Tree | undefined;
}

/** The value that leaves the construct as leaving the prop out does; null where there is none. */
export function defaultOf({ path, shape, cases, base, absent, variant }: Optional): unknown {
  const isAs = (tree: Tree | undefined) => tree !== undefined && equal(absent, tree);
  if (shape.kind === "boolean" && isAs(variant("off"))) return false;
  const usual = cases.find((value, index) => isAs(index === 0 ? base : variant({ value })));
  if (usual !== undefined) return usual;
  if (isAs(variant("empty"))) return shape.kind === "list" ? [] : {};

  const values = new Map<string, unknown[]>();
  const explained = collect(base, absent, path, values);
  if (shape.kind === "boolean" && explained && values.size === 0) return true;
  if (shape.kind !== "object") {
    const value = constant(values.get(path));
    return shape.kind === "number" && value !== null ? Number(value) : value;
  }
  const required = shape.fields.filter(({ optional }) => !optional);
  const filled = required.map(({ name }) => [name, constant(values.get(`${path}.${name}`))] as const);
  const isWhole = explained && filled.length > 0 && filled.every(([, value]) => value !== null);
  return isWhole ? Object.fromEntries(filled) : null;
}

/** The one value, if it is the same everywhere and depends on nothing. */
function constant(values: readonly unknown[] = []): unknown {
  const [first = null, ...more] = values;
  if (/\uE000|\$\{/.test(JSON.stringify(first))) return null;
  return more.every((value) => equal(value as Tree, first as Tree)) ? first : null;
}

/** Leaves of the base that name the path or what is inside it, and what stands in their place; false if anything else differs. */
function collect(
  base: Tree | undefined,
  other: Tree | undefined,
  path: string,
  values: Map<string, unknown[]>,
): boolean {
  if (equal(base, other)) return true;
  const named = solePath(base);
  if (named !== undefined && isWithin(named, path)) {
    values.set(named, [...(values.get(named) ?? []), other ?? null]);
    return true;
  }
  if (isObject(base) && isObject(other)) {
    const keys = [...new Set([...Object.keys(base), ...Object.keys(other)])];
    return keys.map((key) => collect(base[key], other[key], path, values)).every(Boolean);
  }
  if (base instanceof Each && other instanceof Each && base.entry === other.entry)
    return collect(base.content, other.content, path, values);
  if (Array.isArray(base) && Array.isArray(other) && base.length === other.length)
    return base.map((item, index) => collect(item, other[index], path, values)).every(Boolean);
  return false;
}
