import "../../support/shared-modules";

import { TerraformStack } from "cdktf";
import { unwrittenApp } from "../../../lib/core/app";
import { Stack } from "../../../lib/core/stack";
import { blocksOf, type TerraformJson } from "../../../lib/core/terraform-json";
import { Networking, type NetworkingProps } from "../../../lib/google/networking";
import { moduleJson, moduleUses } from "../../../tools/modules/files";
import { declareProgram } from "../../support/program";

const stacks = new Map(
  declareProgram()
    .node.children.filter(TerraformStack.isStack)
    .map((stack) => [stack.node.id, stack]),
);
const usesOf = (name: string) => moduleUses(stacks.get(name) as TerraformStack);

/** Uses of a network with these props. */
function networkUse(props: Partial<NetworkingProps>) {
  const stack = new Stack(unwrittenApp(), "test", { stateBucket: "s" });
  new Networking(stack, "net", {
    projectId: "p",
    region: "us-central1",
    name: "vpc",
    subnets: { a: { cidr: "10.0.0.0/16" } },
    ...props,
  });
  return () => moduleUses(stack);
}

describe("the uses of modules", () => {
  test("are what each stack declares of the five constructs", () => {
    const modules = (name: string) =>
      usesOf(name).map(({ construct, module }) => `${construct.node.id}: ${module}`);
    const gcp = ["network: networking", "cluster: gke-cluster", "sql: cloud-sql", "dns: dns"];
    expect(modules("staging-base")).toEqual(gcp);
    expect(modules("production")).toEqual(gcp);
    expect(modules("staging-alice")).toEqual(["staging: staging-namespace"]);
    expect(modules("staging-access")).toEqual([]);
  });

  test("have an address for every element, none twice", () => {
    for (const name of ["staging-base", "production", "staging-alice"]) {
      const blocks = blocksOf((stacks.get(name) as TerraformStack).toTerraform() as TerraformJson, [
        "resource",
        "data",
        "ephemeral",
      ]);
      for (const { construct, addresses } of usesOf(name)) {
        const inside = blocks
          .filter(({ path }) => path[0] === construct.node.id)
          .map(({ address }) => address);
        expect([...addresses.keys()]).toEqual(expect.arrayContaining(inside));
        expect(new Set(addresses.values()).size).toBe(addresses.size);
      }
    }
  });

  test("put entries of collections under their keys, and tell them from what has a name of its own", () => {
    const [network] = networkUse({
      firewallRules: { "let-in": { ranges: ["10.0.0.0/8"], allow: [{ protocol: "tcp" }] } },
    })();
    expect(network?.addresses.get("google_compute_subnetwork.net_subnet_a")).toBe(
      'google_compute_subnetwork.subnet["a"]',
    );
    expect(network?.addresses.get("google_compute_firewall.net_firewall_let_in")).toBe(
      'google_compute_firewall.firewall["let-in"]',
    );
    expect(network?.addresses.get("google_compute_firewall.net_firewall_default_deny_ingress")).toBe(
      "google_compute_firewall.firewall_default_deny_ingress[0]",
    );
  });

  test("tell the kinds of node pools apart", () => {
    const cluster = usesOf("staging-base").find(({ module }) => module === "gke-cluster");
    expect(cluster?.addresses.get("google_container_node_pool.cluster_default")).toBe(
      'google_container_node_pool.pool["default"]',
    );
    expect(cluster?.addresses.get("google_container_node_pool.cluster_sandbox")).toBe(
      'google_container_node_pool.sandbox_pool["sandbox"]',
    );
  });

  test("lead from an element's attribute to the output that has it", () => {
    const [network, cluster, sql] = usesOf("production");
    expect(network?.output("google_compute_network.network", ".id")).toBe("network_id");
    expect(network?.output("google_compute_subnetwork.network_subnet_cluster", ".id")).toBe(
      'subnet_ids["cluster"]',
    );
    expect(network?.output("google_compute_global_address.network_ingress", ".address")).toBe("ingress_ip");
    expect(
      cluster?.output("google_container_cluster.cluster", ".master_auth[0].cluster_ca_certificate"),
    ).toBe("ca_certificate");
    expect(sql?.output("google_sql_database.sql_databases_plue", ".name")).toBe('databases["plue"]');
    expect(sql?.output("google_sql_database_instance.sql", ".first_ip_address")).toBeUndefined();
    expect(sql?.output("google_sql_database_instance.other", ".name")).toBeUndefined();
  });

  test("give the variables the props' values: names in Terraform's spelling, keys as they are, off as enabled = false", () => {
    const [network] = networkUse({
      subnets: {
        "my-key": { cidr: "10.0.0.0/16", flowLogs: false, secondaryRanges: { "pod-range": "10.1.0.0/16" } },
      },
      nat: false,
      labels: { keepCase: "Value" },
      privateServices: {},
    })();
    expect(network?.arguments).toEqual({
      project_id: "p",
      region: "us-central1",
      name: "vpc",
      subnets: {
        "my-key": {
          cidr: "10.0.0.0/16",
          flow_logs: { enabled: false },
          secondary_ranges: { "pod-range": "10.1.0.0/16" },
        },
      },
      nat: { enabled: false },
      labels: { keepCase: "Value" },
      private_services: {},
    });
  });

  test("refer to what the construct refers to, and hand the stack's variables on", () => {
    const sql = usesOf("production").find(({ module }) => module === "cloud-sql");
    expect(sql?.arguments).toMatchObject({
      network_id: "${google_compute_network.network.id}",
      encryption_key_id: "${google_kms_crypto_key.keys_sql.id}",
    });
    const [alice] = usesOf("staging-alice");
    expect(alice?.arguments).toMatchObject({
      image_tag: "${var.image_tag}",
      image_digests: "${var.image_digests}",
    });
  });

  test.each(["production", "staging-base"])(
    "guard in %s what the modules guard always, and nothing less",
    (name) => {
      const blocks = blocksOf((stacks.get(name) as TerraformStack).toTerraform() as TerraformJson);
      const guarded = (args: object | undefined) =>
        JSON.stringify((args as Record<string, unknown> | undefined)?.["lifecycle"] ?? {}).includes(
          '"prevent_destroy":true',
        );
      const [outside, inside]: [string[], string[]] = [[], []];
      for (const { module, addresses } of usesOf(name))
        for (const { address, args } of blocks) {
          const [, type = "", id = ""] = /^(\w+)\.(\w+)/.exec(addresses.get(address) ?? "") ?? [];
          const resources = moduleJson()[module]?.["resource"] as Record<string, Record<string, object>>;
          if (guarded(resources[type]?.[id])) inside.push(address);
          if (type && guarded(args)) outside.push(address);
        }
      // The one difference: staging's are guarded as well, since Terraform takes no variable there.
      expect(outside).toEqual(name === "production" ? inside : []);
      expect(inside).toEqual(
        expect.arrayContaining([
          "google_container_cluster.cluster",
          "google_sql_database_instance.sql",
          "google_secret_manager_secret.sql_admin_secret",
        ]),
      );
    },
  );

  test("are none where a prop says what the module has fixed otherwise", () => {
    const subnets = (region?: string) => ({
      subnets: { a: { cidr: "10.0.0.0/16", region } },
      nat: { staticAddresses: 0 },
    });
    expect(networkUse(subnets())().map(({ module }) => module)).toEqual(["networking"]);
    expect(networkUse(subnets("europe-west1"))()).toEqual([]);
  });
});
