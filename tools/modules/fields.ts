/** What a prop may hold, as far as Terraform's type system goes. */
export type Shape =
  | { readonly kind: "string"; readonly values?: readonly string[] }
  | { readonly kind: "number" | "boolean" }
  | { readonly kind: "list" | "map"; readonly item: Shape }
  | { readonly kind: "object"; readonly fields: readonly Field[] };

/** A prop, and the variable or attribute of a variable that it becomes. */
export interface Field {
  /** Name in TypeScript: `projectId`. */
  readonly prop: string;
  /** Name in Terraform: `project_id`. */
  readonly name: string;
  readonly optional: boolean;
  /** The prop may be `false` instead of an object: the object then gets an attribute `enabled`. */
  readonly orFalse: boolean;
  readonly shape: Shape;
  /** From the docstring, without its tags. */
  readonly description: string;
}

/** The attribute that says of an object what `false` says of the prop. */
export const ENABLED = "enabled";

export function snakeCase(prop: string): string {
  return prop.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll("-", "_");
}

/** Shapes of all fields and what is inside them, by path: `subnets.*.cidr`. */
export function shapesByPath(fields: readonly Field[]): Map<string, Shape> {
  const found = new Map<string, Shape>();
  const add = (shape: Shape, path: string) => {
    found.set(path, shape);
    if (shape.kind === "object") for (const field of shape.fields) add(field.shape, `${path}.${field.name}`);
    if (shape.kind === "list" || shape.kind === "map") add(shape.item, `${path}.*`);
  };
  for (const field of fields) add(field.shape, field.name);
  return found;
}
