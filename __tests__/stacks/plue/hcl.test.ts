import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import type { HclStack } from "../../../lib/hcl/hcl-stack";
import { nestingOfStack } from "../../support/bindings-nesting";
import { meaningOfHcl, meaningOfJson } from "../../support/hcl-meaning";
import { declareProgram } from "../../support/program";
import { fmtDiff, testWithTerraform } from "../../support/terraform";

const outdir = mkdtempSync(join(tmpdir(), "plue-hcl-"));
const app = declareProgram({}, outdir);
app.synth();
afterAll(() => rmSync(outdir, { recursive: true, force: true }));
const stacks = app.node.children.filter(TerraformStack.isStack) as HclStack[];

describe("every stack as HCL", () => {
  testWithTerraform("is as terraform fmt leaves it", () => {
    const files = stacks.flatMap((stack) =>
      Object.entries(stack.toHclTerraform().files).map(([name, text]) => [`${stack.node.id}/${name}`, text]),
    );
    expect(fmtDiff(Object.fromEntries(files))).toBe("");
  });

  test("carries none of cdktf's comments", () => {
    for (const stack of stacks) expect(stack.toHclTerraform().hcl).not.toMatch(/uniqueId|"\/\/"/);
  });

  test.each(stacks.map((stack) => [stack.node.id, stack] as const))(
    "%s means what its JSON means",
    async (_, stack) => {
      const { hcl } = stack.toHclTerraform();
      expect(await meaningOfHcl(hcl)).toEqual(meaningOfJson(stack.toTerraform(), nestingOfStack(stack)));
    },
  );
});
