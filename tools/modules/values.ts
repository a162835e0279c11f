import type { JsonObject } from "../../lib/hcl/body";
import { ENABLED, type Field, type Shape } from "./fields";

/**
 * Props as values of variables.
 *
 * @param fields what the module has variables for
 */
export function variableValues(props: object, fields: readonly Field[]): JsonObject {
  return Object.fromEntries(
    fields.flatMap(({ prop, name, shape, orFalse }) => {
      const value = (props as Record<string, unknown>)[prop];
      if (value === undefined) return [];
      return [[name, orFalse && value === false ? { [ENABLED]: false } : toValue(value, shape)]];
    }),
  );
}

function toValue(value: unknown, shape: Shape): unknown {
  if (typeof value !== "object" || value === null) return value;
  switch (shape.kind) {
    case "object":
      return variableValues(value, shape.fields);
    case "list":
      return Array.isArray(value) ? value.map((item) => toValue(item, shape.item)) : value;
    case "map":
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toValue(item, shape.item)]));
    default:
      return value;
  }
}

/** Props that the module has fixed and that say something else, by their path. */
export function fixedProps(props: unknown, fixed: readonly string[]): string[] {
  return fixed.filter((path) => given(props, path.split(".")));
}

function given(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return value !== undefined;
  if (typeof value !== "object" || value === null) return false;
  if (key === "*") return Object.values(value).some((item) => given(item, rest));
  return given((value as Record<string, unknown>)[key], rest);
}
