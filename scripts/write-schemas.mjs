// Writes the JSON Schemas of engineers.json, cdktf.json and the charts' values, from the programs' own checks: those of every
// system that has a json-schemas.ts.
import "./requirements.mjs";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadProgram, root } from "./strip-types.mjs";

const systems = readdirSync(join(root, "stacks"))
  .map((name) => `./stacks/${name}/json-schemas`)
  .filter((source) => existsSync(join(root, `${source}.ts`)));
for (const source of systems) {
  const { chartSchemas, jsonSchemas } = loadProgram(`export * from "${source}";`).program;
  for (const [file, schema] of Object.entries({ ...jsonSchemas(), ...chartSchemas?.() }))
    writeFileSync(join(root, file), `${JSON.stringify(schema, null, 2)}\n`);
}
