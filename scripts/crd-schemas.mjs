// Writes the schemas in folders of CustomResourceDefinitions as JSON Schemas, <out>/<group>/<kind>_<version>.json, with
// unknown fields refused, as the API server does under strict validation.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

const [out, ...folders] = process.argv.slice(2);
if (folders.length === 0) throw new Error("usage: crd-schemas.mjs <out> <folder>…");

for (const folder of folders)
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".yaml")))
    for (const document of parseAllDocuments(readFileSync(join(folder, file), "utf8"))) {
      const definition = document.toJS();
      if (definition?.kind !== "CustomResourceDefinition") continue;
      const { group, names, versions } = definition.spec;
      mkdirSync(join(out, group), { recursive: true });
      for (const { name, schema } of versions) {
        const root = strict(schema.openAPIV3Schema);
        // Of the server's own kind, which definitions leave open.
        root.properties.metadata = { type: "object" };
        writeFileSync(join(out, group, `${names.kind.toLowerCase()}_${name}.json`), JSON.stringify(root));
      }
    }

function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== "object" || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  if (copy.type === "object" && copy.properties && !("additionalProperties" in copy))
    copy.additionalProperties = copy["x-kubernetes-preserve-unknown-fields"] === true;
  return copy;
}
