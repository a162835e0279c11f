// Writes the JSON Schemas of engineers.json, cdktf.json and the charts' values, from the program's own checks.
import "./requirements.mjs";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadProgram, root } from "./strip-types.mjs";

const { chartSchemas, jsonSchemas } = loadProgram('export * from "./stacks/plue/json-schemas";').program;
for (const [file, schema] of Object.entries({ ...jsonSchemas(), ...chartSchemas() }))
  writeFileSync(join(root, file), `${JSON.stringify(schema, null, 2)}\n`);
