import { renderModule } from "../../../lib/hcl/module";
import { constantValue } from "../../support/arbitrary-terraform";
import fc from "../../support/properties";
import { fmtDiff, plannedOutputs, testWithTerraform } from "../../support/terraform";

const schemas = () => () => "template" as const;

describe("what Terraform itself makes of the HCL", () => {
  testWithTerraform("random values come out as they do from the JSON, and fmt changes nothing", () => {
    const values = fc.sample(constantValue, { numRuns: 400 });
    const config = { output: Object.fromEntries(values.map((value, i) => [`o${i}`, { value }])) };
    const files = renderModule(config, { schemas });
    expect(fmtDiff(files)).toBe("");
    expect(plannedOutputs(files)).toEqual(
      plannedOutputs({ "main.tf.json": JSON.stringify(config, null, 1) }),
    );
  });
});
