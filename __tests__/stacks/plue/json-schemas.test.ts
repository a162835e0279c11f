import { readFileSync } from "node:fs";
import { jsonSchemas } from "../../../stacks/plue/json-schemas";
import { MAX_NAME_LENGTH, RESERVED_NAMES } from "../../../stacks/plue/registry/engineer-names";

// biome-ignore lint/suspicious/noExplicitAny: JSON Schema has no one shape
type Schema = any;
const schemas = jsonSchemas() as Record<string, Schema>;
const engineer: Schema = schemas["engineers.schema.json"].properties.engineers.items;

test.each(Object.keys(schemas))("%s is what the program checks with: `npm run schemas` writes it", (file) => {
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(schemas[file]);
});

test.each([
  ["engineers.json", "./engineers.schema.json"],
  ["cdktf.json", "./cdktf.schema.json"],
])("%s points editors at it", (file, schema) => {
  expect(JSON.parse(readFileSync(file, "utf8")).$schema).toBe(schema);
});

/** Whether an editor would underline a string. */
function underlined({ pattern, maxLength, not }: Schema, value: string): boolean {
  const matches = (schema: Schema): boolean =>
    schema.anyOf?.some(matches) ??
    schema.enum?.includes(value) ??
    new RegExp(schema.pattern, "u").test(value);
  return (
    !new RegExp(pattern, "u").test(value) ||
    value.length > (maxLength ?? Infinity) ||
    (not ? matches(not) : false)
  );
}

test.each([
  ...Object.keys(RESERVED_NAMES),
  "kube-x",
  "gke-x",
  "gmp-x",
  "gateway",
  "gateway2",
  "istio-x",
  "xn--x",
  "Bob",
  "bob_",
  "-bob",
  "bob-",
  "1bob",
  "",
  "\u0430lice",
  "a".repeat(MAX_NAME_LENGTH + 1),
])("an editor underlines the name %j", (name) =>
  expect(underlined(engineer.properties.name, name)).toBe(true),
);

test.each(["a", "alice", "mary-ann2", "a".repeat(MAX_NAME_LENGTH)])("an editor takes the name %j", (name) =>
  expect(underlined(engineer.properties.name, name)).toBe(false),
);

test("an editor underlines unknown and missing keys at every level of what is ours", () => {
  const plue = schemas["cdktf.schema.json"].properties.context.properties.plue;
  for (const object of [
    schemas["engineers.schema.json"],
    engineer,
    engineer.properties.quota,
    plue,
    plue.properties.staging,
  ])
    expect(object.additionalProperties).toBe(false);
  expect(engineer.required).toEqual(["name", "email"]);
});

test("every key that is ours says what it is for", () => {
  const undescribed = (schema: Schema, path: string): string[] =>
    Object.entries<Schema>(schema.properties ?? {}).flatMap(([key, value]) => [
      ...(value.description || key === "$schema" || key === "context" ? [] : [`${path}.${key}`]),
      ...undescribed(value, `${path}.${key}`),
    ]);
  expect(Object.entries(schemas).flatMap(([file, schema]) => undescribed(schema, file))).toEqual([]);
  expect(undescribed(engineer, "engineer")).toEqual([]);
});

test("the name's description tells its limit", () => {
  expect(engineer.properties.name.description).toContain(`leaves ${MAX_NAME_LENGTH} characters`);
});
