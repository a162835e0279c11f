import type { JsonObject } from "../../lib/hcl/body";
import { valueToHcl } from "../../lib/hcl/value";
import type { Rule } from "./definition";
import { ENABLED, type Field, type Shape } from "./fields";
import { singular } from "./lift";
import { onOneLine } from "./readme";

/** What the variables of a module need to know besides their fields. */
export interface VariableOptions {
  readonly defaults: ReadonlyMap<string, unknown>;
  readonly rules: readonly Rule[];
}

/** The `variable` blocks of a module. */
export function variableBlocks(
  fields: readonly Field[],
  options: VariableOptions,
): Record<string, JsonObject> {
  return Object.fromEntries(
    fields.map((field) => {
      const { name, optional } = field;
      const fallback = options.defaults.get(name);
      const validation = [...enumerations(field.shape, name), ...options.rules]
        .filter(({ path }) => path === name || path.startsWith(`${name}.`))
        .map((rule) => validationOf(rule, options.defaults));
      return [
        name,
        {
          type: typeOf(field.shape, name, options.defaults, field.orFalse),
          description: describe(field),
          ...(optional && { default: fallback ?? null }),
          ...((!optional || (fallback !== null && fallback !== undefined)) && { nullable: false }),
          ...(validation.length > 0 && { validation }),
        },
      ];
    }),
  );
}

function typeOf(shape: Shape, path: string, defaults: ReadonlyMap<string, unknown>, orFalse = false): string {
  switch (shape.kind) {
    case "boolean":
      return "bool";
    case "list":
      return `list(${typeOf(shape.item, `${path}.*`, defaults)})`;
    case "map":
      return `map(${typeOf(shape.item, `${path}.*`, defaults)})`;
    case "object": {
      const attributes = shape.fields.map((field) => {
        const where = `${path}.${field.name}`;
        const type = typeOf(field.shape, where, defaults, field.orFalse);
        const fallback = defaults.get(where);
        if (!field.optional) return `${field.name} = ${type}`;
        const value = fallback === null || fallback === undefined ? "" : `, ${inline(fallback)}`;
        return `${field.name} = optional(${type}${value})`;
      });
      const all = orFalse ? [`${ENABLED} = optional(bool, true)`, ...attributes] : attributes;
      return `object({ ${all.join(", ")} })`;
    }
    default:
      return shape.kind;
  }
}

function inline(value: unknown): string {
  return onOneLine(valueToHcl(value, "literal", 0));
}

/** A variable's own text, and a line for each attribute of what it holds. */
function describe({ description, shape, orFalse }: Field): string {
  const lines = attributesOf(shape, "", orFalse).map(({ name, text }) => `- \`${name}\`: ${text}`);
  return lines.length === 0 ? description : `${[description, ...lines].filter(Boolean).join("\n")}\n`;
}

export interface AttributeText {
  readonly name: string;
  readonly text: string;
}

function attributesOf(shape: Shape, prefix: string, orFalse = false): AttributeText[] {
  const own = orFalse && prefix === "" ? [{ name: ENABLED, text: "False for none." }] : [];
  if (shape.kind === "list" || shape.kind === "map") return attributesOf(shape.item, prefix);
  if (shape.kind !== "object") return [];
  return [
    ...own,
    ...shape.fields.flatMap((field) => {
      const name = prefix + field.name;
      const off = field.orFalse ? [{ name: `${name}.${ENABLED}`, text: "False for none." }] : [];
      return [
        ...(field.description ? [{ name, text: field.description }] : []),
        ...off,
        ...attributesOf(field.shape, `${name}.`),
      ];
    }),
  ];
}

/** Rules for texts that are one of a few. */
function enumerations(shape: Shape, path: string): Rule[] {
  if (shape.kind === "object")
    return shape.fields.flatMap((field) => enumerations(field.shape, `${path}.${field.name}`));
  if (shape.kind === "list" || shape.kind === "map") return enumerations(shape.item, `${path}.*`);
  if (shape.kind !== "string" || !shape.values) return [];
  return [
    {
      path,
      condition: `contains(${inline(shape.values)}, it)`,
      message: `${path.replaceAll(".*", "[*]")} has to be ${oneOf(shape.values)}.`,
    },
  ];
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? String(values[0]) : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}

/** A rule for whatever is at its path; what is null is right. */
function validationOf({ path, condition, message }: Rule, defaults: ReadonlyMap<string, unknown>) {
  return { condition: `\${${at("var", path.split("."), "")}}`, error_message: message };

  function at(owner: string, [segment, ...rest]: readonly string[], before: string): string {
    if (segment === undefined) return condition.replace(/\bit\b/g, owner);
    const here = before ? `${before}.${segment}` : segment;
    if (segment === "*") {
      const item = singular(before);
      return `alltrue([for ${item} in ${owner} : ${at(item, rest, here)}])`;
    }
    const value = `${owner}.${segment}`;
    const inner = at(value, rest, here);
    return defaults.get(here) === null ? `${value} == null ? true : ${inner}` : inner;
  }
}
