import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import type { HclStack } from "../../../lib/hcl/hcl-stack";
import { readConfig } from "../../../stacks/plue/config";
import { ProductionStack } from "../../../stacks/plue/production";
import { nestingOfStack } from "../../support/bindings-nesting";
import { meaningOfHcl, meaningOfJson, type NestingOf, OVERRIDDEN } from "../../support/hcl-meaning";
import { declareProgram } from "../../support/program";
import { synthesizeOne } from "../../support/synth";
import { fmtDiff, testWithTerraform } from "../../support/terraform";

const outdir = mkdtempSync(join(tmpdir(), "plue-hcl-"));
const app = declareProgram({}, outdir);
app.synth();
afterAll(() => rmSync(outdir, { recursive: true, force: true }));
const stacks = app.node.children.filter(TerraformStack.isStack) as HclStack[];

describe("text", () => {
  test("of the configuration is no template", () => {
    const config = readConfig("cdktf.json");
    const { json } = synthesizeOne("production", (app) => {
      const production = {
        ...config.production,
        pagerDutyChannel: "On-call %{prod}",
        slackChannel: "#${x} $${y}",
      };
      new ProductionStack(app, { ...config, production });
    });
    const channels = Object.values<{ display_name: string }>(
      json["data"].google_monitoring_notification_channel,
    );
    expect(channels.map(({ display_name }) => display_name)).toEqual(["On-call %%{prod}", "#$${x} $$${y}"]);
  });

  // What was meant as an expression, and is no token, would come out escaped.
  test.each(stacks.map((stack) => [stack.node.id, stack] as const))("of %s has no ${ or %%{", (_, stack) => {
    expect(JSON.stringify(stack.toTerraform()).match(/.{0,80}(?:\$\$|%%)\{.{0,80}/g)).toBeNull();
  });
});

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
      const known = nestingOfStack(stack);
      const nesting: NestingOf = (kind, type, name) => ({ ...known(kind, type, name), ...OVERRIDDEN[type] });
      expect(await meaningOfHcl(hcl)).toEqual(meaningOfJson(stack.toTerraform(), nesting));
    },
  );
});
