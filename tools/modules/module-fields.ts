import type { ModuleDefinition, Replacement } from "./definition";
import { type Field, type Shape, snakeCase } from "./fields";
import type { Sources } from "./read-props";

/** The props of a construct as variables: without what is fixed, and with texts in place of objects. */
export function moduleFields(definition: ModuleDefinition, sources: Sources): Field[] {
  const { file, props, fixed, omitted = [], replaced = {}, keys = {}, descriptions = {} } = definition;
  const exceptions = { without: [...Object.keys(fixed), ...omitted], opaque: Object.keys(replaced) };
  return described(adapt(sources.fields(file, props, exceptions), ""), "");

  function described(fields: readonly Field[], path: string): Field[] {
    return fields.map((field) => {
      const where = path + field.name;
      return {
        ...field,
        description: descriptions[where] ?? field.description,
        shape: describedInside(field.shape, where),
      };
    });
  }

  function describedInside(shape: Shape, path: string): Shape {
    if (shape.kind === "object") return { kind: "object", fields: described(shape.fields, `${path}.`) };
    if (shape.kind === "list" || shape.kind === "map")
      return { kind: shape.kind, item: describedInside(shape.item, `${path}.*`) };
    return shape;
  }

  function adapt(fields: readonly Field[], path: string): Field[] {
    return fields.map((field) => {
      const where = path ? `${path}.${field.prop}` : field.prop;
      const by = replaced[where];
      if (by) return { ...field, name: by.name, description: by.description, shape: standIn(by) };
      return { ...field, shape: inside(field.shape, where) };
    });
  }

  function inside(shape: Shape, path: string): Shape {
    const names = keys[path];
    if (names && shape.kind === "map") {
      const fields = names.map((prop) => ({
        prop,
        name: snakeCase(prop).replaceAll(".", "_"),
        optional: false,
        orFalse: false,
        shape: shape.item,
        description: "",
      }));
      return { kind: "object", fields };
    }
    if (shape.kind === "object") return { kind: "object", fields: adapt(shape.fields, path) };
    if (shape.kind === "list" || shape.kind === "map")
      return { kind: shape.kind, item: inside(shape.item, `${path}.*`) };
    return shape;
  }
}

function standIn({ fields }: Replacement): Shape {
  if (!fields) return { kind: "string" };
  const texts = Object.entries(fields).map(([prop, description]) => ({
    prop,
    name: snakeCase(prop),
    optional: false,
    orFalse: false,
    shape: { kind: "string" } as const,
    description,
  }));
  return { kind: "object", fields: texts };
}
