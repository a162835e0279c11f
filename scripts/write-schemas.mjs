// Writes the JSON Schemas of what people write for each system, and of the charts' values, from the program's own checks.
import "./requirements.mjs";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadProgram, root } from "./strip-types.mjs";

const systems = readdirSync(join(root, "stacks")).filter((name) =>
  existsSync(join(root, "stacks", name, "json-schemas.ts")),
);
for (const system of systems) {
  const { program } = loadProgram(`export * from "./stacks/${system}/json-schemas";`);
  const { chartSchemas = () => ({}), jsonSchemas } = program;
  for (const [file, schema] of Object.entries({ ...jsonSchemas(), ...chartSchemas() }))
    writeFileSync(join(root, file), `${JSON.stringify(schema, null, 2)}\n`);
}
