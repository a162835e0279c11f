import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../../lib/hcl/body";
import { renderModule } from "../../../lib/hcl/module";
import { meaningOfHcl, meaningOfJson } from "../../support/hcl-meaning";
import { pretendNesting, pretendSchemas } from "../../support/pretend-schemas";
import { fmtDiff, testWithTerraform } from "../../support/terraform";

// Each case is a pair of files: x.tf.json and what it is in HCL, x.tf. UPDATE_CORPUS=1 writes the latter anew.
const folder = join(__dirname, "corpus");
const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".tf.json"))
  .map((name) => name.slice(0, -".tf.json".length));

/** Spelled otherwise than in the JSON (no comments, no heredocs inside): that it is the same only Terraform can tell. */
const REWRITTEN = "rewritten-expressions";

function rendered(name: string): { config: JsonObject; hcl: string } {
  const config = JSON.parse(readFileSync(join(folder, `${name}.tf.json`), "utf8")) as JsonObject;
  const files = renderModule(config, { schemas: pretendSchemas });
  return { config, hcl: Object.values(files).filter(Boolean).join("\n") };
}

describe("Terraform JSON as HCL", () => {
  test.each(cases)("%s", async (name) => {
    const { config, hcl } = rendered(name);
    const expected = join(folder, `${name}.tf`);
    if (process.env["UPDATE_CORPUS"]) writeFileSync(expected, hcl);
    expect(hcl).toBe(readFileSync(expected, "utf8"));
    if (name !== REWRITTEN) expect(await meaningOfHcl(hcl)).toEqual(meaningOfJson(config, pretendNesting));
  });

  test("every expectation has its JSON", () => {
    const expectations = readdirSync(folder).filter((name) => name.endsWith(".tf"));
    expect(expectations.filter((name) => !existsSync(join(folder, `${name}.json`)))).toEqual([]);
  });

  testWithTerraform("terraform fmt changes nothing in any case", () => {
    expect(fmtDiff(Object.fromEntries(cases.map((name) => [`${name}.tf`, rendered(name).hcl])))).toBe("");
  });
});
