import "../../support/shared-modules";

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { Stack } from "../../../lib/core/stack";
import type { JsonObject } from "../../../lib/hcl/body";
import { renderModule } from "../../../lib/hcl/module";
import { environmentOf } from "../../../tools/eject/environment";
import { moduleFiles, moduleUses } from "../../../tools/modules/files";
import { declareProviders } from "../../../tools/modules/synthesize";
import { type Plan, planTakeover } from "../../support/carried-state";
import { type ParsedModule, parseModule } from "../../support/offline-terraform";
import { charts } from "../../support/program";
import { testWithTerraform } from "../../support/terraform";
import {
  type Declare,
  declareClusters,
  declareDatabases,
  declareEnvironments,
  declareNetworks,
  declareRecords,
} from "./cases";

const folder = mkdtempSync(join(tmpdir(), "plue-modules-"));
charts.stage(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The constructs by themselves, and as calls of their modules. */
function declared(declare: Declare) {
  const stack = new Stack(new App({ outdir: folder, stackTraces: false }), "base", { stateBucket: "state" });
  declare(stack, declareProviders(stack));
  stack.prepareStack();
  const uses = moduleUses(stack);
  return { stack, uses, environment: environmentOf(stack, uses) };
}

/** What Terraform would do to the constructs' state when it is taken over by the modules. */
async function takeover(declare: Declare, values = ""): Promise<Plan> {
  const { stack, uses, environment } = declared(declare);
  const { schemas } = stack.hclOptions(stack.toTerraform() as JsonObject);
  const rendered = (config: JsonObject) => parseModule(renderModule(config, { schemas }));
  // Ephemeral resources and data sources are no part of a state, but here they are compared all the same.
  const moves = uses.flatMap(({ construct, addresses }) =>
    [...addresses]
      .filter(([from]) => !from.startsWith("local."))
      .map(([from, to]) => [from, `module.${construct.node.id.replaceAll("-", "_")}.${to}`] as const),
  );
  return planTakeover(join(folder, "work"), {
    before: await rendered(stack.toTerraform() as JsonObject),
    after: await rendered(environment.config),
    modules: await parsedModules(new Set(uses.map(({ module }) => module))),
    values,
    moves: new Map(moves),
    charts: folder,
  });
}

async function parsedModules(names: ReadonlySet<string>): Promise<Map<string, ParsedModule>> {
  const parsed = new Map<string, ParsedModule>();
  for (const name of names) {
    const own = Object.entries(moduleFiles()).filter(([path]) => path.startsWith(`${name}/`));
    parsed.set(name, await parseModule(Object.fromEntries(own)));
  }
  return parsed;
}

const changed = (list: Plan["resources"]) =>
  list.filter(({ actions }) => actions !== "no-op").map(({ address, actions }) => `${actions} ${address}`);

describe("a module with the values of a construct's props has the same resources and arguments", () => {
  const cases: readonly [string, Declare][] = [
    ["networking", declareNetworks],
    ["gke-cluster", declareClusters],
    ["cloud-sql", declareDatabases],
    ["dns", declareRecords],
    ...declareEnvironments.map((declare, index): [string, Declare] => [
      `staging-namespace, ${index}`,
      declare,
    ]),
  ];

  testWithTerraform.each(cases)("%s", async (_, declare) => {
    const { uses } = declared(declare);
    const { resources } = await takeover(declare);
    expect(changed(resources)).toEqual([]);
    const elements = uses.flatMap(({ addresses }) =>
      [...addresses.keys()].filter((address) => !address.startsWith("local.")),
    );
    expect(resources).toHaveLength(elements.length);
  });
});
