// Writes the JSON Schemas of what people write for each system, and of the charts' values, from the program's own checks.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const systems = readdirSync(join(root, "stacks")).filter((name) =>
  existsSync(join(root, "stacks", name, "json-schemas.ts")),
);
for (const system of systems) {
  const bundle = join(root, "node_modules/.cache/plue", `json-schemas-${system}.cjs`);
  buildSync({
    entryPoints: [join(root, "stacks", system, "json-schemas.ts")],
    outfile: bundle,
    bundle: true,
    platform: "node",
    packages: "external",
  });
  const { chartSchemas = () => ({}), jsonSchemas } = createRequire(import.meta.url)(bundle);
  for (const [file, schema] of Object.entries({ ...jsonSchemas(), ...chartSchemas() }))
    writeFileSync(join(root, file), `${JSON.stringify(schema, null, 2)}\n`);
}
