import type { ModuleDefinition } from "./definition";
import { ModuleGapError } from "./definition";
import { Choice, Each, equal, isObject, Raw, type Tree, type TreeObject } from "./tree";

/** The tree with what the construct computes in TypeScript as Terraform expressions. */
export function withComputed(
  tree: TreeObject,
  computed: NonNullable<ModuleDefinition["computed"]>,
): TreeObject {
  const elements = Object.entries(tree["elements"] as TreeObject).map(([address, body]) => [
    address,
    Object.entries(computed[address] ?? {}).reduce(
      (own, [path, value]) => setAt(own, path.split("."), value),
      body,
    ),
  ]);
  const told = Object.entries(computed["output"] ?? {}).map(([name, value]) => [name, new Raw(value)]);
  const output = { ...(tree["output"] as TreeObject), ...Object.fromEntries(told) };
  return { ...tree, elements: Object.fromEntries(elements), output };
}

/** Into the one block or object that each key leads to. */
function setAt(tree: Tree, [key, ...rest]: readonly string[], value: unknown): Tree {
  if (key === undefined) return new Raw(value);
  if (tree instanceof Choice)
    return new Choice(
      tree.base === undefined ? undefined : setAt(tree.base, [key, ...rest], value),
      tree.others.map(([condition, other]) => [
        condition,
        other === undefined ? other : setAt(other, [key, ...rest], value),
      ]),
    );
  if (Array.isArray(tree)) return tree.map((item) => setAt(item, [key, ...rest], value));
  if (tree instanceof Each) return new Each(tree.entry, setAt(tree.content, [key, ...rest], value), tree.key);
  if (!isObject(tree)) return tree;
  return { ...tree, [key]: setAt(tree[key] as Tree, rest, value) };
}

/** With other samples, the same has to come out: what does not is computed, and the module has to say how. */
export function rejectComputed(definition: ModuleDefinition, one: TreeObject, other: TreeObject): void {
  const found: string[] = [];
  const known = new Set(
    Object.entries(definition.computed ?? {}).flatMap(([address, own]) =>
      Object.keys(own).map((path) => `${address}.${path}`),
    ),
  );
  const compare = (a: Tree | undefined, b: Tree | undefined, path: string) => {
    if (equal(a, b) || known.has(path.replace(/^elements\./, "").replaceAll(".0.", "."))) return;
    const inside = [a, b].every((tree) => typeof tree === "object" && tree !== null);
    if (!inside) found.push(`${path} (${JSON.stringify(a)} and ${JSON.stringify(b)})`);
    else
      for (const key of new Set([a, b].flatMap((tree) => Object.keys(tree as object))))
        compare((a as TreeObject)[key], (b as TreeObject)[key], path ? `${path}.${key}` : key);
  };
  compare(one, other, "");
  if (found.length > 0)
    throw new ModuleGapError(
      `module ${definition.name}: the construct computes what only Terraform can here; say how by \`computed\` in tools/modules/definitions/${definition.name}.ts, or leave the prop out by \`fixed\`: ${found.join("; ")}`,
    );
}
