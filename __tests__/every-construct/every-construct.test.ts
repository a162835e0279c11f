import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { createApp } from "../../lib/core/app";
import { Stack } from "../../lib/core/stack";
import type { Project } from "../../lib/environments/system";
import { googleBetaProvider, googleProvider } from "../../lib/google/providers";
import { estimateStack } from "../../tools/cost/estimate";
import { checkRules } from "../../tools/policy/rules";
import { stackSource } from "../../tools/policy/stack-source";
import { nestingOfStack } from "../support/bindings-nesting";
import { meaningOfHcl, meaningOfJson, OVERRIDDEN } from "../support/hcl-meaning";
import { fmtDiff, testWithTerraform } from "../support/terraform";

/** One file here each: a construct with every setting on, and what it needs, in a company called acme. */
const NAMES = readdirSync(__dirname)
  .filter((file) => !file.includes(".test."))
  .map((file) => basename(file, ".ts"));

/** What policy's rules know of acme: that its one project is production's. */
const PROJECT = {
  environments: { production: { projectId: "acme-prod", projectNumber: "123456789012" } },
  production: "production",
  declared: NAMES.map((stack) => ({ stack, environment: "production" })),
  members: ["group:sales@example.com"],
} as unknown as Project;

/** What the price list is known to lack, which every estimate says. */
const UNPRICED = /has no price for key versions, HSM$|^prices of us-east1 are not known/;

const outdir = mkdtempSync(join(tmpdir(), "plue-every-construct-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));
const app = createApp(outdir);
const stacks = NAMES.map((name) => {
  const stack = new Stack(app, name, { stateBucket: "acme-terraform-state" });
  const place = { projectId: "acme-prod", region: "us-central1" };
  googleProvider(stack, place);
  googleBetaProvider(stack, place);
  new CloudflareProvider(stack, "cloudflare");
  new HelmProvider(stack, "helm");
  new KubernetesProvider(stack, "kubernetes");
  new RandomProvider(stack, "random");
  require(resolve(__dirname, name)).declare(stack);
  return stack;
});
app.synth();
const sources = stacks.map((stack) =>
  stackSource(stack, readFileSync(join(outdir, "stacks", stack.node.id, "cdk.tf.json"), "utf8")),
);

// For whoever checks it against the providers' schemas.
const folder = process.env["EVERY_CONSTRUCT"];
if (folder)
  for (const { name, text } of sources) {
    const file = join(folder, "stacks", name, "cdk.tf.json");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

test("policy's own rules find nothing", () => {
  const found = checkRules({
    project: PROJECT,
    stacks: new Map(sources.map(({ name, json }) => [name, json])),
    releases: [],
  });
  expect(found.map(({ rule, stack, address, message }) => `${rule}: ${stack} ${address} ${message}`)).toEqual(
    [],
  );
});

testWithTerraform("the HCL is as terraform fmt leaves it", () => {
  const files = sources.flatMap(({ name, hcl }) =>
    Object.entries(hcl).map(([file, text]) => [`${name}/${file}`, text]),
  );
  expect(fmtDiff(Object.fromEntries(files))).toBe("");
});

describe.each(stacks.map((stack, index) => [stack.node.id, stack, index] as const))(
  "%s",
  (_, stack, index) => {
    test("declares something", () => {
      expect(Object.keys(sources[index]?.json.resource ?? {})).not.toEqual([]);
    });

    test("means in HCL what it means in JSON", async () => {
      const known = nestingOfStack(stack);
      const meaning = meaningOfJson(stack.toTerraform(), (kind, type, name) => ({
        ...known(kind, type, name),
        ...OVERRIDDEN[type],
      }));
      expect(await meaningOfHcl(stack.toHclTerraform().hcl)).toEqual(meaning);
    });

    test("is priced, from the least to the most", () => {
      const { low, high, notClassified, ...estimate } = estimateStack(sources[index]?.json ?? {});
      const withoutPrice = estimate.withoutPrice.filter((gap) => !UNPRICED.test(gap));
      expect({ notClassified, withoutPrice }).toEqual({ notClassified: [], withoutPrice: [] });
      expect(low).toBeLessThanOrEqual(high);
    });
  },
);
