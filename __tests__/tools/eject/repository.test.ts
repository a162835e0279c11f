import "../../support/shared-modules";

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import type { HclStack } from "../../../lib/hcl/hcl-stack";
import { type PlueConfig, readConfig } from "../../../stacks/plue/config";
import { environmentOf } from "../../../tools/eject/environment";
import { ejectedRepository } from "../../../tools/eject/repository";
import { moduleUses } from "../../../tools/modules/files";
import { planTakeover } from "../../support/carried-state";
import { elementsOf, type ParsedModule, parseModule, sourceOf } from "../../support/offline-terraform";
import { ALICE, BOB, declareProgram, projectOf, readFiles } from "../../support/program";
import { terraform, testWithTerraform } from "../../support/terraform";

// One engineer with all that an entry may say, and one who leaves.
const engineers = [
  { ...ALICE, imageTag: "feature", quota: { cpu: "6", pods: 30 }, readers: ["carol@plue.dev"] },
  { ...BOB, state: "offboarding" },
];
const committed = readConfig("cdktf.json");
const zones = ["a", "b"].map((letter) => `${committed.staging.region}-${letter}`);
const config: PlueConfig = { ...committed, staging: { ...committed.staging, zones } };

const outdir = mkdtempSync(join(tmpdir(), "plue-eject-"));
const ejected = join(outdir, "ejected");
mkdirSync(ejected);
ejectedRepository(projectOf({ engineers, config })).write(ejected);
const files = readFiles(ejected);
const app = declareProgram({ engineers, config }, join(outdir, "cdktf.out"));
app.synth();
const stacks = app.node.children.filter(TerraformStack.isStack) as HclStack[];
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** Files of a folder of the repository, by name. */
function filesIn(folder: string): Record<string, string> {
  const inside = [...files].filter(([path]) => path.startsWith(`${folder}/`));
  return Object.fromEntries(inside.map(([path, text]) => [path.slice(folder.length + 1), text]));
}

const modules = new Map<string, ParsedModule>();
beforeAll(async () => {
  const names = [...files.keys()].flatMap((path) => /^modules\/([^/]+)\/main\.tf$/.exec(path)?.[1] ?? []);
  for (const name of names) modules.set(name, await parseModule(filesIn(`modules/${name}`)));
});

/** New addresses by old ones, as the environment says. */
function movesOf(environment: ParsedModule): Map<string, string> {
  const moved = (environment["moved"] ?? []) as readonly { from: string; to: string }[];
  return new Map(moved.map(({ from, to }) => [sourceOf(from), sourceOf(to)]));
}

describe("an ejected repository", () => {
  testWithTerraform("is as terraform fmt leaves it", () => {
    expect(terraform(ejected, "fmt", "-check", "-recursive").stdout).toBe("");
  });

  test("has a module for each construct of the document's tree, and an environment for each stack", () => {
    expect([...modules.keys()].sort()).toEqual([
      "cloud-sql",
      "dns",
      "gke-cluster",
      "networking",
      "staging-namespace",
    ]);
    const folders = [...files.keys()].flatMap(
      (path) => /^environments\/(.+)\/main\.tf$/.exec(path)?.[1] ?? [],
    );
    expect(folders.sort()).toEqual(stacks.map(({ node }) => node.id).sort());
  });

  test("shows no marker of how its variables were found, and calls for no cdktf", () => {
    for (const [path, text] of files)
      if (/\.tf(vars)?$/.test(path))
        expect([path, text]).toEqual([
          path,
          expect.not.stringMatching(/zq[qx]{3}|ec[cd]{4}|npx cdktf|cdktf\.json/),
        ]);
  });
});

describe.each(stacks.map((stack) => [stack.node.id, stack] as const))("%s", (name, stack) => {
  const environment = filesIn(`environments/${name}`);
  const { places } = environmentOf(stack, moduleUses(stack));
  let before: ParsedModule;
  let after: ParsedModule;
  beforeAll(async () => {
    before = await parseModule(stack.toHclTerraform().files);
    after = await parseModule(environment);
  });

  /** The element that has this address before: its module call and its block. */
  function now(address: string): { call?: string; address: string; body: ParsedModule } {
    const [, call, inside = address] =
      /^module\.([\w-]+)\.(.*?)(?:\[.*\])?$/.exec(places.get(address) ?? "") ?? [];
    const source = call && (after["module"][call][0].source as string).replace("../../modules/", "");
    const found = elementsOf(source ? (modules.get(source) as ParsedModule) : after).find(
      (element) => element.address === inside,
    );
    if (!found) throw new Error(`${address} is nowhere`);
    return { ...found, ...(call && { call }) };
  }

  test("has each resource once, under its address or moved to another", () => {
    const resources = (module: ParsedModule) =>
      elementsOf(module).flatMap(({ address }) => (/^(data|ephemeral)\./.test(address) ? [] : [address]));
    const moves = movesOf(after);
    expect([...resources(after), ...moves.keys()].sort()).toEqual(resources(before).sort());
    expect(new Set(moves.values()).size).toBe(moves.size);
  });

  test("keeps backend, required version and providers", () => {
    const terraformOf = (module: ParsedModule): object => Object.assign({}, ...module["terraform"]);
    expect(terraformOf(after)).toEqual(terraformOf(before));
  });

  test("guards what was guarded against a destroy", () => {
    for (const { address, body } of elementsOf(before))
      if (body.lifecycle?.[0].prevent_destroy)
        expect([address, now(address).body["lifecycle"]]).toEqual([
          address,
          [expect.objectContaining({ prevent_destroy: true })],
        ]);
  });

  test("makes nothing wait for less than before", () => {
    const dependsOn = (body: ParsedModule): string[] => (body?.["depends_on"] ?? []).map(sourceOf);
    for (const { address, body } of elementsOf(before))
      for (const target of dependsOn(body)) {
        const [element, other] = [now(address), now(target)];
        const inOneCall = element.call !== undefined && element.call === other.call;
        const waits = [...dependsOn(element.body), ...dependsOn(after["module"]?.[element.call ?? ""]?.[0])];
        const named = other.call && !inOneCall ? `module.${other.call}` : other.address;
        // A reference is as good.
        const refers = inOneCall && JSON.stringify(element.body).includes(`${other.address}.`);
        expect([address, target, refers || waits.includes(named)]).toEqual([address, target, true]);
      }
  });

  testWithTerraform("carries its state over: nothing is added, changed or destroyed", () => {
    // What no state knows has no moved blocks, and is one thing in both all the same.
    const stateless = [...places].filter(([from]) => /^(data|ephemeral)\./.test(from));
    const plan = planTakeover(join(outdir, name), {
      before,
      after,
      modules,
      values: environment["terraform.tfvars"] ?? "",
      moves: new Map([...movesOf(after), ...stateless]),
      charts: ejected,
    });
    expect([...plan.resources, ...plan.outputs].filter(({ actions }) => actions !== "no-op")).toEqual([]);
    expect(plan.resources).toHaveLength(elementsOf(before).length);
  });
});
