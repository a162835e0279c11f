import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { argument } from "../../lib/core/terraform-json";
import { estimateStack } from "../../tools/cost/estimate";
import { checkRules } from "../../tools/policy/rules";
import { nestingOfStack } from "../support/bindings-nesting";
import { meaningOfHcl, meaningOfJson, OVERRIDDEN } from "../support/hcl-meaning";
import { SYSTEMS, synthesizeSystem } from "../support/systems";
import { fmtDiff, testWithTerraform } from "../support/terraform";

/** What the price list is known to lack, which every estimate says: other regions than its own. */
const OTHER_REGION = /^prices of [a-z0-9-]+ are not known/;

describe.each(SYSTEMS)("%s", (folder) => {
  const { project, stacks, sources } = synthesizeSystem(folder);

  // For whoever checks it against the providers' schemas.
  const written = process.env["EVERY_SYSTEM"];
  if (written)
    for (const { name, text } of sources) {
      const file = join(written, basename(folder), "stacks", name, "cdk.tf.json");
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }

  test("declares the stacks that it says, in the order of a first deployment", () => {
    expect(stacks.map(({ node }) => node.id)).toEqual(project.declared.map(({ stack }) => stack));
  });

  test("policy's own rules find nothing", () => {
    const found = checkRules({
      project,
      stacks: new Map(sources.map(({ name, json }) => [name, json])),
      releases: [],
    });
    expect(
      found.map(({ rule, stack, address, message }) => `${rule}: ${stack} ${address} ${message}`),
    ).toEqual([]);
  });

  test("no environment's stacks name another's project, nor where its states are", () => {
    const wrong = sources.flatMap(({ name, text }) => {
      const own = project.declared.find(({ stack }) => stack === name)?.environment ?? "";
      return Object.entries(project.environments).flatMap(([environment, { projectId, stateBucket }]) =>
        [projectId, stateBucket]
          .filter((value) => environment !== own && !isOf(value, project.environments[own]))
          .filter((value) => new RegExp(`(?<![\\w-])${value}(?![\\w-])`).test(text))
          .map((value) => `${name} names ${value}, of ${environment}`),
      );
    });
    expect(wrong).toEqual([]);
  });

  test("each environment has one budget, of the amount that is configured, which mails its team", () => {
    const budgets = sources.flatMap(({ name, json }) => {
      const environment = project.declared.find(({ stack }) => stack === name)?.environment ?? "";
      const declared = Object.values(json.resource?.["google_billing_budget"] ?? {});
      return declared.map((budget) => ({ environment, budget }));
    });
    expect(budgets.map(({ environment }) => environment).sort()).toEqual(
      Object.keys(project.environments).sort(),
    );
    for (const { environment, budget } of budgets)
      expect(budget).toMatchObject({
        amount: {
          specified_amount: { units: String(project.environments[environment]?.monthlyBudget.amount) },
        },
        all_updates_rule: {
          monitoring_notification_channels: [
            expect.stringMatching(/^\$\{google_monitoring_notification_channel\./),
          ],
        },
      });
  });

  test("each stack's state is in its environment's bucket, under its own name", () => {
    for (const { name, json } of sources) {
      const { environment = "" } = project.declared.find(({ stack }) => stack === name) ?? {};
      expect(argument(json.terraform, "backend")).toMatchObject({
        gcs: { bucket: project.environments[environment]?.stateBucket, prefix: name },
      });
    }
  });

  testWithTerraform("the HCL is as terraform fmt leaves it", () => {
    const files = sources.flatMap(({ name, hcl }) =>
      Object.entries(hcl).map(([file, text]) => [`${name}/${file}`, text]),
    );
    expect(fmtDiff(Object.fromEntries(files))).toBe("");
  });

  test.each(stacks.map((stack) => [stack.node.id, stack] as const))(
    "%s means in HCL what it means in JSON",
    async (_, stack) => {
      const known = nestingOfStack(stack);
      const meaning = meaningOfJson(stack.toTerraform(), (kind, type, name) => ({
        ...known(kind, type, name),
        ...OVERRIDDEN[type],
      }));
      expect(await meaningOfHcl(stack.toHclTerraform().hcl)).toEqual(meaning);
    },
  );

  test("every type has a row, and every price is known or said not to be", () => {
    for (const { json } of sources) {
      const { notClassified, ...estimate } = estimateStack(json);
      const withoutPrice = estimate.withoutPrice.filter((gap) => !OTHER_REGION.test(gap));
      expect({ notClassified, withoutPrice }).toEqual({ notClassified: [], withoutPrice: [] });
    }
  });
});

/** Whether a value is an environment's own too: two may share a project or a bucket. */
function isOf(
  value: string,
  own: { readonly projectId: string; readonly stateBucket: string } | undefined,
): boolean {
  return value === own?.projectId || value === own?.stateBucket;
}
