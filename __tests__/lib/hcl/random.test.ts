import fc from "fast-check";
import { renderModule } from "../../../lib/hcl/module";
import { anyModule } from "../../support/arbitrary-terraform";
import { meaningOfHcl, meaningOfJson } from "../../support/hcl-meaning";
import { pretendNesting, pretendSchemas } from "../../support/pretend-schemas";
import { fmtDiff, testWithTerraform } from "../../support/terraform";

function hclOf(config: object): string {
  return Object.values(renderModule({ ...config }, { schemas: pretendSchemas })).join("\n");
}

describe("random modules", () => {
  test("read back from HCL are what they were in JSON", async () => {
    await fc.assert(
      fc.asyncProperty(anyModule, async (config) => {
        expect(await meaningOfHcl(hclOf(config))).toEqual(meaningOfJson(config, pretendNesting));
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  testWithTerraform("stay as they are under terraform fmt", () => {
    const modules = fc.sample(anyModule, { numRuns: 150, seed: 1 });
    expect(
      fmtDiff(Object.fromEntries(modules.map((config, index) => [`${index}/main.tf`, hclOf(config)]))),
    ).toBe("");
  });
});
