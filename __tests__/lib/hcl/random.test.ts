import { renderModule } from "../../../lib/hcl/module";
import { anyModule } from "../../support/arbitrary-terraform";
import { meaningOfHcl, meaningOfJson } from "../../support/hcl-meaning";
import { pretendNesting, pretendSchemas } from "../../support/pretend-schemas";
import fc from "../../support/properties";
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
  });

  // Found by the seed -873486399: what begins a line for a regular expression does not for HCL.
  test.each(["\u2028", "\u2029"])("a marker behind %j in a text ends no heredoc", async (space) => {
    const text = `\${var.x}${space}    EOT\n"\n`;
    const config = {
      resource: { framework_thing: { one: { a: { "": text } } } },
      output: { x: { value: 1 } },
    };
    expect(await meaningOfHcl(hclOf(config))).toEqual(meaningOfJson(config, pretendNesting));
  });

  testWithTerraform("stay as they are under terraform fmt", () => {
    const modules = fc.sample(anyModule, { numRuns: 150 });
    expect(
      fmtDiff(Object.fromEntries(modules.map((config, index) => [`${index}/main.tf`, hclOf(config)]))),
    ).toBe("");
  });
});
