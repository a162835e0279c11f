import { at, type JsonObject } from "./body";
import { type Blocks, type Grammar, moduleGrammar, untyped } from "./grammar";
import type { ValueKind } from "./value";

/** What to write instead of a string of Terraform's JSON syntax, given how Terraform reads it. */
export type StringMapping = (text: string, kind: ValueKind) => string;

/**
 * A module with each of its strings replaced, keys of objects included, by how Terraform reads them: as templates or
 * literally. Comments (`"//"`) stay as they are.
 *
 * @throws HclError for what Terraform has no block type for
 */
export function mapModuleStrings(config: JsonObject, map: StringMapping): JsonObject {
  return bodyStrings(
    config,
    moduleGrammar(() => untyped),
    map,
  );
}

/** A value with each of its strings and keys replaced. */
export function valueStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((item) => valueStrings(item, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [map(key), valueStrings(item, map)]));
}

function bodyStrings(body: JsonObject, grammar: Grammar, map: StringMapping): JsonObject {
  const mapped = (key: string, value: unknown) => {
    const kind = grammar(key, value);
    if (typeof kind === "object") return blockStrings(value, kind, [], map);
    return valueStrings(value, (text) => map(text, kind));
  };
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      key,
      key === "//" ? value : at(key, () => mapped(key, value)),
    ]),
  );
}

function blockStrings(value: unknown, kind: Blocks, labels: readonly string[], map: StringMapping): unknown {
  if (Array.isArray(value)) return value.map((item) => blockStrings(item, kind, labels, map));
  if (typeof value !== "object" || value === null)
    return valueStrings(value, (text) => map(text, "template"));
  if (labels.length === kind.labels) return bodyStrings(value as JsonObject, kind.body(labels), map);
  return Object.fromEntries(
    Object.entries(value).map(([label, inner]) => [
      label,
      at(label, () => blockStrings(inner, kind, [...labels, label], map)),
    ]),
  );
}
