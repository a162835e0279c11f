/**
 * Terraform JSON in which some things are not settled: strings hold placeholders for variables, and nodes below stand
 * for what depends on them.
 */
export type Tree =
  | null
  | boolean
  | number
  | string
  | readonly Tree[]
  | TreeObject
  | Each
  | Merged
  | Choice
  | Raw;

export interface TreeObject {
  readonly [key: string]: Tree;
}

/** What there is once for each entry of a collection: an item of a list, or with a key of a map. */
export class Each {
  /** @param entry path of the entry: `subnets.*` */
  constructor(
    readonly entry: string,
    readonly content: Tree,
    readonly key?: string,
  ) {}
}

/** A value in Terraform's own words, with references as they are to stand there. */
export class Raw {
  constructor(readonly value: unknown) {}
}

/** Maps of which a later one wins. */
export class Merged {
  constructor(readonly parts: readonly Tree[]) {}
}

/** When a choice is taken. */
export interface Condition {
  readonly path: string;
  /** The optional variable is null, the switch is off, or the variable has a value. */
  readonly is: "absent" | "off" | { readonly value: string; readonly otherwise: string };
}

/** What is not there. */
export const ABSENT = undefined;

/** One thing, and others in its place when choices are taken; not there at all where it is undefined. */
export class Choice {
  constructor(
    readonly base: Tree | undefined,
    readonly others: readonly (readonly [Condition, Tree | undefined])[],
  ) {}
}

export function isObject(tree: unknown): tree is TreeObject {
  return typeof tree === "object" && tree !== null && Object.getPrototypeOf(tree) === Object.prototype;
}

export function equal(one: Tree | undefined, other: Tree | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

const PLACEHOLDER = /\uE000([^\uE001]*)\uE001/g;

/** Stands for a variable, or a part of one: `subnets.*.cidr`; `subnets.@` for the key of an entry. */
export function placeholder(path: string): string {
  return `\uE000${path}\uE001`;
}

/** The path, if the text is one placeholder and nothing else. */
export function solePath(tree: Tree | undefined): string | undefined {
  return typeof tree === "string" ? /^\uE000([^\uE001]*)\uE001$/.exec(tree)?.[1] : undefined;
}

export function replacePlaceholders(text: string, by: (path: string) => string): string {
  return text.replace(PLACEHOLDER, (_, path: string) => by(path));
}

/** Paths of all placeholders in a tree. */
export function pathsIn(tree: unknown): string[] {
  return [...JSON.stringify(tree ?? null).matchAll(PLACEHOLDER)].map(([, path]) => path as string);
}

/** The entries of collections that a path leads through, outermost first. */
export function entriesOf(path: string): string[] {
  const segments = path.split(".");
  return segments.flatMap((segment, index) =>
    segment === "*" || segment === "@" ? [[...segments.slice(0, index), "*"].join(".")] : [],
  );
}

/** Does the first path lead to the second or to something inside it? */
export function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`);
}

/** What there is when there is anything. */
export function contentOf(tree: Tree): Tree {
  if (!(tree instanceof Choice)) return tree;
  return tree.base ?? (tree.others.find(([, other]) => other !== undefined)?.[1] as Tree);
}
