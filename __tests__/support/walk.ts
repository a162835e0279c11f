import { leaves } from "../../tools/policy/rules/rule";

/** Every name in the keys and strings of a JSON value: what stands between characters that no name has. */
export function tokensOf(value: unknown): Set<string> {
  const texts = leaves(value).flatMap(({ path, value }) => [...path, String(value)]);
  return new Set(texts.flatMap((text) => text.split(/[^\w.@-]+/)));
}
