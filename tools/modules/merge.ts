import { ABSENT, Choice, type Condition, Each, equal, isObject, Merged, type Tree } from "./tree";

/** The same tree when a choice is taken. */
export type Alternative = readonly [Condition, Tree | undefined];

/** Whether a leaf and another in its place mean the same under a condition: a variable, and the value it has then. */
export type Explains = (base: Tree | undefined, other: Tree | undefined, condition: Condition) => boolean;

/**
 * One tree that holds several: what all have in common once, and a choice where they differ, as deep inside as
 * possible.
 */
export function mergeTrees(
  base: Tree | undefined,
  alternatives: readonly Alternative[],
  explains: Explains,
): Tree | Choice | undefined {
  const others = alternatives.filter(
    ([condition, other]) => !equal(base, other) && !explains(base, other, condition),
  );
  if (others.length === 0) return base;
  const missing = others.filter(([, tree]) => tree === ABSENT);
  if (base !== ABSENT && missing.length > 0 && missing.length < others.length)
    return new Choice(
      mergeTrees(
        base,
        others.filter(([, tree]) => tree !== ABSENT),
        explains,
      ) as Tree,
      missing,
    );
  const trees = others.map(([, tree]) => tree);
  const inside = (part: (tree: never) => Tree | undefined) =>
    mergeTrees(
      part(base as never),
      others.map(([condition, tree]) => [condition, part(tree as never)] as const),
      explains,
    );

  if (isObject(base) && trees.every(isObject)) {
    const keys = new Set([base, ...(trees as (typeof base)[])].flatMap((tree) => Object.keys(tree)));
    const merged = [...keys].map((key) => [key, inside((tree: Record<string, Tree>) => tree[key])] as const);
    return Object.fromEntries(merged.filter(([, value]) => value !== ABSENT)) as Tree;
  }
  if (base instanceof Each && trees.every((tree) => tree instanceof Each && tree.entry === base.entry))
    return new Each(base.entry, inside((tree: Each) => tree.content) as Tree, base.key);
  if (
    base instanceof Merged &&
    trees.every((tree) => tree instanceof Merged && tree.parts.length === base.parts.length)
  )
    return new Merged(base.parts.map((_, index) => inside((tree: Merged) => tree.parts[index]) as Tree));
  if (Array.isArray(base) && trees.every(Array.isArray)) {
    if (trees.every((tree) => tree.length === base.length))
      return base.map((_, index) => inside((tree: Tree[]) => tree[index]) as Tree);
    const placed = mergeItems(base, others as readonly (readonly [Condition, readonly Tree[]])[], explains);
    if (placed) return placed;
  }
  return new Choice(base, others);
}

/** Lists of which one has all items of the others, in the same order. */
function mergeItems(
  base: readonly Tree[],
  others: readonly (readonly [Condition, readonly Tree[]])[],
  explains: Explains,
): Tree | undefined {
  const longest = [base, ...others.map(([, list]) => list)].reduce((a, b) => (b.length > a.length ? b : a));
  const placed = [base, ...others.map(([, list]) => list)].map((list) => {
    let next = 0;
    const items = longest.map((item) =>
      next < list.length && equal(item, list[next]) ? list[next++] : ABSENT,
    );
    return next === list.length ? items : undefined;
  });
  if (placed.some((items) => items === undefined)) return undefined;
  const [own, ...rest] = placed as (Tree | undefined)[][];
  return longest.map((_, index) =>
    mergeTrees(
      (own as Tree[])[index],
      others.map(([condition], place) => [condition, rest[place]?.[index]] as const),
      explains,
    ),
  ) as Tree;
}
