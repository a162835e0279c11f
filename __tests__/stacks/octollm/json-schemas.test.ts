import { readFileSync } from "node:fs";
import { chartSchemas, jsonSchemas } from "../../../stacks/octollm/json-schemas";
import { FOLDER } from "./synthesize";

const schemas = { ...jsonSchemas(), ...chartSchemas() };

test.each(Object.keys(schemas))("%s is what the program checks with: `npm run schemas` writes it", (file) => {
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(schemas[file]);
});

test("cdktf.json points editors at it", () => {
  expect(JSON.parse(readFileSync(`${FOLDER}/cdktf.json`, "utf8")).$schema).toBe("./cdktf.schema.json");
});
