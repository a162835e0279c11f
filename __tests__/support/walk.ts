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

/** Every name in the keys and strings of a JSON value: what stands between characters that no name has. */
export function tokensOf(value: unknown): Set<string> {
  const texts = leaves(value).flatMap(({ path, value }) => [...path, String(value)]);
  return new Set(texts.flatMap((text) => text.split(/[^\w.@-]+/)));
}
