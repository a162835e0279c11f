import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { ComputeSubnetwork } from "@cdktf/provider-google/lib/compute-subnetwork";
import { DataGoogleProject } from "@cdktf/provider-google/lib/data-google-project";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { SqlDatabase } from "@cdktf/provider-google/lib/sql-database";
import { App, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { Stack } from "../../../lib/core/stack";
import { variableValuesToHcl } from "../../../lib/hcl/body";
import { renderModule } from "../../../lib/hcl/module";
import { environmentOf } from "../../../tools/eject/environment";
import { ModuleGapError } from "../../../tools/modules/definition";
import type { ModuleUse } from "../../../tools/modules/files";
import { planTakeover, type Takeover } from "../../support/carried-state";
import { parseModule } from "../../support/offline-terraform";
import { testWithTerraform } from "../../support/terraform";

const folder = mkdtempSync(join(tmpdir(), "plue-environment-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A network with subnets, and a database beside it that refers to both. */
function declare(): { stack: Stack; network: Construct } {
  const stack = new Stack(new App({ outdir: folder, stackTraces: false }), "base", { stateBucket: "state" });
  new GoogleProvider(stack, "google", { project: "plue" });
  const project = new DataGoogleProject(stack, "project", {});
  const network = new Construct(stack, "the-net");
  const vpc = new ComputeNetwork(network, "Resource", { name: "vpc", project: project.number });
  vpc.dependsOn = ["google_project_service.compute"];
  const name = new TerraformLocal(network, "name", "net");
  const subnets = ["a", "b"].map(
    (key) =>
      new ComputeSubnetwork(network, `subnet-${key}`, {
        name: `${name.expression}-${key}`,
        ipCidrRange: "10.0.0.0/24",
        network: vpc.id,
        logConfig: key === "a" ? { flowSampling: 0.5 } : undefined,
        dependsOn: [vpc],
      }),
  );
  new SqlDatabase(stack, "database", { name: "db", instance: `on ${subnets[1]?.id}`, dependsOn: subnets });
  stack.output("network", { value: vpc.selfLink });
  return { stack, network };
}

const MODULE = `
variable "project" { type = string }
variable "subnets" {
  type = map(object({ flow_sampling = optional(number) }))
}
locals { name = "net" }
resource "google_compute_network" "network" {
  name    = "vpc"
  project = var.project
}
resource "google_compute_subnetwork" "subnets" {
  for_each      = var.subnets
  name          = "\${local.name}-\${each.key}"
  ip_cidr_range = "10.0.0.0/24"
  network       = google_compute_network.network.id
  dynamic "log_config" {
    for_each = each.value.flow_sampling == null ? [] : [each.value.flow_sampling]
    content {
      flow_sampling = log_config.value
    }
  }
  depends_on = [google_compute_network.network]
}
output "network_self_link" { value = google_compute_network.network.self_link }
output "subnet_ids" { value = { for key, subnet in google_compute_subnetwork.subnets : key => subnet.id } }
`;

function use(construct: Construct): ModuleUse {
  const outputs: Record<string, string> = {
    "google_compute_network.the_net.self_link": "network_self_link",
    "google_compute_subnetwork.the_net_subnet_b.id": 'subnet_ids["b"]',
  };
  return {
    construct,
    module: "networking",
    arguments: {
      project: "${data.google_project.project.number}",
      subnets: { a: { flow_sampling: 0.5 }, b: {} },
    },
    addresses: new Map([
      ["google_compute_network.the_net", "google_compute_network.network"],
      ["google_compute_subnetwork.the_net_subnet_a", 'google_compute_subnetwork.subnets["a"]'],
      ["google_compute_subnetwork.the_net_subnet_b", 'google_compute_subnetwork.subnets["b"]'],
      ["local.the_net_name", "local.name"],
    ]),
    output: (address, attribute) => outputs[address + attribute],
  };
}

test("a construct becomes a call; references go through outputs, and depends_on names the call", () => {
  const { stack, network } = declare();
  const { config, places } = environmentOf(stack, [use(network)]);
  expect(config).toMatchObject({
    module: {
      the_net: {
        source: "../../modules/networking",
        project: "${data.google_project.project.number}",
        depends_on: ["google_project_service.compute"],
      },
    },
    resource: {
      google_sql_database: {
        database: { instance: 'on ${module.the_net.subnet_ids["b"]}', depends_on: ["module.the_net"] },
      },
    },
    output: { network: { value: "${module.the_net.network_self_link}" } },
    locals: {},
  });
  expect(Object.keys(config["resource"] as object)).toEqual(["google_sql_database"]);
  expect([...places]).toEqual([
    ["google_compute_network.the_net", "module.the_net.google_compute_network.network"],
    ["google_compute_subnetwork.the_net_subnet_a", 'module.the_net.google_compute_subnetwork.subnets["a"]'],
    ["google_compute_subnetwork.the_net_subnet_b", 'module.the_net.google_compute_subnetwork.subnets["b"]'],
    ["local.the_net_name", "module.the_net.local.name"],
  ]);
});

test("a reference for which the module has no output is an error that names construct, module and reference", () => {
  const { stack, network } = declare();
  expect(() => environmentOf(stack, [{ ...use(network), output: () => undefined }])).toThrow(
    new ModuleGapError(
      "base/the-net: module networking has no output for google_compute_subnetwork.the_net_subnet_b.id, which base refers to",
    ),
  );
});

describe("the proof that state carries over", () => {
  async function takeover(change: (after: Takeover) => Partial<Takeover>) {
    const { stack, network } = declare();
    const { config, places } = environmentOf(stack, [use(network)]);
    const { schemas } = stack.hclOptions(config);
    // An edge to what is not declared here.
    const clean = JSON.parse(JSON.stringify(config).replaceAll('"google_project_service.compute"', ""));
    const before = JSON.parse(
      JSON.stringify(stack.toTerraform()).replaceAll('"google_project_service.compute"', ""),
    );
    const files = (json: object) => parseModule(renderModule(json as never, { schemas }));
    mkdirSync(join(folder, "charts"), { recursive: true });
    const same: Takeover = {
      before: await files(before),
      after: await files(clean),
      modules: new Map([["networking", await parseModule({ "main.tf": MODULE })]]),
      values: variableValuesToHcl({}),
      moves: new Map([...places].filter(([from]) => !from.startsWith("local."))),
      charts: folder,
    };
    return planTakeover(join(folder, "work"), { ...same, ...change(same) });
  }
  const changed = (list: readonly { actions: string; address: string }[]) =>
    list.filter(({ actions }) => actions !== "no-op").map(({ actions, address }) => `${actions} ${address}`);

  testWithTerraform("finds nothing to do where nothing differs", async () => {
    const { resources, outputs } = await takeover(() => ({}));
    expect([...changed(resources), ...changed(outputs)]).toEqual([]);
    expect(resources).toContainEqual({
      address: 'module.the_net.terraform_data.google_compute_subnetwork__subnets["b"]',
      previous: "terraform_data.google_compute_subnetwork__the_net_subnet_b",
      actions: "no-op",
    });
    expect(resources).toHaveLength(5);
  });

  testWithTerraform("sees an argument, a block and an output that differ", async () => {
    const { resources, outputs } = await takeover(({ modules }) => {
      const text = JSON.stringify(modules.get("networking"));
      const other = text
        .replace('"vpc"', '"vpc2"')
        .replace('"ip_cidr_range":"10.0.0.0/24"', '"ip_cidr_range":"10.0.0.0/24","purpose":"PRIVATE"')
        .replace("google_compute_network.network.self_link", "google_compute_network.network.id");
      return { modules: new Map([["networking", JSON.parse(other)]]) };
    });
    expect(changed(resources)).toEqual([
      "update module.the_net.terraform_data.google_compute_network__network",
      'update module.the_net.terraform_data.google_compute_subnetwork__subnets["a"]',
      'update module.the_net.terraform_data.google_compute_subnetwork__subnets["b"]',
    ]);
    expect(changed(outputs)).toEqual(["update network"]);
  });

  testWithTerraform("sees a resource that moves nowhere", async () => {
    const { resources } = await takeover(({ moves }) => ({ moves: new Map([...moves].slice(0, 2)) }));
    expect(changed(resources)).toEqual(
      expect.arrayContaining([
        'create module.the_net.terraform_data.google_compute_subnetwork__subnets["b"]',
        "delete terraform_data.google_compute_subnetwork__the_net_subnet_b",
      ]),
    );
  });
});
