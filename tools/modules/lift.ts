import { ModuleGapError } from "./definition";
import { Each, entriesOf, isObject, Merged, pathsIn, placeholder, solePath, type Tree } from "./tree";

/**
 * Finds in a tree made with one sample entry per collection what there is once for each entry.
 *
 * @param within entries of collections that the tree as a whole exists for each of
 */
export function liftCollections(tree: Tree, within: readonly string[]): Tree {
  if (Array.isArray(tree)) return liftList(tree, within);
  return isObject(tree) ? liftMap(Object.entries(tree), within) : tree;
}

function liftList(list: readonly Tree[], within: readonly string[]): Tree {
  const items = list.map((item) => {
    const entry = collectionOf(item, within);
    return entry === undefined
      ? liftCollections(item, within)
      : new Each(entry, liftCollections(item, [...within, entry]));
  });
  const [only, ...more] = items;
  if (only instanceof Each && more.length === 0 && solePath(only.content) === only.entry)
    return placeholder(collectionPath(only.entry));
  return items;
}

function liftMap(entries: readonly (readonly [string, Tree])[], within: readonly string[]): Tree {
  const parts: Tree[] = [];
  let fixed: Record<string, Tree> = {};
  for (const [key, value] of entries) {
    const entry = collectionOf(key, within);
    if (entry === undefined) {
      fixed[key] = liftCollections(value, within);
      continue;
    }
    if (Object.keys(fixed).length > 0) parts.push(fixed);
    fixed = {};
    const isWhole = solePath(value) === entry && solePath(key) === keyPath(entry);
    parts.push(
      isWhole
        ? placeholder(collectionPath(entry))
        : new Each(entry, liftCollections(value, [...within, entry]), key),
    );
  }
  if (parts.length === 0) return fixed;
  if (Object.keys(fixed).length > 0) parts.push(fixed);
  return parts.length === 1 ? (parts[0] as Tree) : new Merged(parts);
}

/** The outermost collection whose entry the tree itself is about, beside those it is within. */
function collectionOf(tree: Tree, within: readonly string[]): string | undefined {
  const found = new Set(
    ownPaths(tree).flatMap((path) => entriesOf(path).find((entry) => !within.includes(entry)) ?? []),
  );
  if (found.size > 1)
    throw new ModuleGapError(`one item stands for entries of several collections: ${[...found].join(", ")}`);
  return [...found][0];
}

/** Paths in a tree's own texts: not those in lists, nor under keys that stand for entries, which find their own. */
function ownPaths(tree: Tree): string[] {
  if (typeof tree === "string") return pathsIn(tree);
  if (!isObject(tree)) return [];
  return Object.entries(tree).flatMap(([key, value]) => (pathsIn(key).length > 0 ? [] : ownPaths(value)));
}

/** `subnets` of `subnets.*` */
export function collectionPath(entry: string): string {
  return entry.slice(0, -".*".length);
}

export function keyPath(entry: string): string {
  return `${collectionPath(entry)}.@`;
}

/** What an entry of a collection is called in a loop: `subnet` of `subnets`. */
export function singular(collection: string): string {
  return (collection.split(".").at(-1) ?? "").replace(/s$/, "");
}
