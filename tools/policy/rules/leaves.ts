/** A value inside a JSON document, and the keys that lead to it. */
export interface Leaf {
  readonly path: readonly string[];
  readonly value: string | number | boolean | null;
}

/** Every scalar of a JSON value, without CDKTF's comments. */
export function leaves(value: unknown, path: readonly string[] = []): Leaf[] {
  if (typeof value !== "object" || value === null) return [{ path, value: value as Leaf["value"] }];
  return Object.entries(value).flatMap(([key, child]) => (key === "//" ? [] : leaves(child, [...path, key])));
}
