import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { TerraformStack } from "cdktf";
import { createApp } from "../../lib/core/app";
import { argument } from "../../lib/core/terraform-json";
import type { System } from "../../lib/environments/system";
import type { HclStack } from "../../lib/hcl/hcl-stack";
import { estimateStack } from "../../tools/cost/estimate";
import { checkRules } from "../../tools/policy/rules";
import { stackSource } from "../../tools/policy/stack-source";
import { nestingOfStack } from "../support/bindings-nesting";
import { meaningOfHcl, meaningOfJson, OVERRIDDEN } from "../support/hcl-meaning";
import { fmtDiff, testWithTerraform } from "../support/terraform";

/** Every system but Plue, which has tests of its own, and the tests' own, so that there is one. */
const FOLDERS = [
  ...readdirSync("stacks")
    .map((name) => join("stacks", name))
    .filter((folder) => existsSync(join(folder, "main.ts"))),
];

/** What the price list is known to lack, which every estimate says: other regions than its own. */
const OTHER_REGION = /^prices of [a-z0-9-]+ are not known/;

/** A system's stacks, as its program synthesizes them. */
function synthesizeSystem(folder: string) {
  const { system } = require(resolve(folder, "main.ts")) as { readonly system: System };
  const project = system.readProject(folder);
  const outdir = mkdtempSync(join(tmpdir(), "plue-system-"));
  try {
    const app = createApp(outdir);
    project.declare(app);
    app.synth();
    const stacks = app.node.children.filter(TerraformStack.isStack) as HclStack[];
    const sources = stacks.map((stack) =>
      stackSource(stack, readFileSync(join(outdir, "stacks", stack.node.id, "cdk.tf.json"), "utf8")),
    );
    return { project, stacks, sources };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

describe.each(FOLDERS)("%s", (folder) => {
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
