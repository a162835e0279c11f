import { readFileSync } from "node:fs";
import { jsonSchemas } from "../../../stacks/copy-that/json-schemas";

const schemas = jsonSchemas();

test.each(Object.keys(schemas))("%s is what the program checks with: `npm run schemas` writes it", (file) => {
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(schemas[file]);
});

test.each(["cdktf", "releases"])("%s.json points editors at it", (name) => {
  const { $schema } = JSON.parse(readFileSync(`stacks/copy-that/${name}.json`, "utf8"));
  expect($schema).toBe(`./${name}.schema.json`);
});
