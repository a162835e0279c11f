import { readFileSync } from "node:fs";
import { InvalidInputError } from "../../../lib/input/problems";
import { type PlueConfig, parseConfig } from "../../../stacks/plue/config";
import { synthesizeProgram } from "../../support/program";
import type { Synthesized } from "../../support/synth";

const NETWORK = {
  nodes: "10.128.0.0/20",
  pods: "172.16.0.0/14",
  services: "192.168.16.0/20",
  privateServices: "10.192.0.0/20",
};

/** The committed configuration, each environment with these fields on top. */
function configWith(fields: object): PlueConfig {
  const file = JSON.parse(readFileSync("cdktf.json", "utf8"));
  for (const environment of ["staging", "production"]) Object.assign(file.context.plue[environment], fields);
  return parseConfig(JSON.stringify(file), "cdktf.json");
}

describe("another region, with other ranges, by configuration alone", () => {
  const elsewhere = { region: "europe-west4", zones: ["europe-west4-a", "europe-west4-b"], network: NETWORK };
  const stacks = synthesizeProgram({ config: configWith(elsewhere) });
  const get = (name: string) => stacks.get(name) as Synthesized;

  test("nothing is left of the committed ones, in any stack", () => {
    expect([...stacks.keys()]).toHaveLength(9);
    // 10.0.0.0/8 is every private address of that kind, wherever the network is.
    const left = [...stacks].flatMap(([name, { json }]) =>
      (JSON.stringify(json).match(/us-central1[\w-]*|\b10\.[0-3]\.\d+\.\d+\/(?!8\b)\d+/g) ?? []).map(
        (text) => [name, text],
      ),
    );
    expect(left).toEqual([]);
  });

  test.each(["staging-base", "production"])("%s has network, cluster and database there", (name) => {
    const stack = get(name);
    expect(stack.resource("google_compute_subnetwork", "network_subnet_cluster")).toMatchObject({
      region: "europe-west4",
      ip_cidr_range: NETWORK.nodes,
      secondary_ip_range: [
        { range_name: "pods", ip_cidr_range: NETWORK.pods },
        { range_name: "services", ip_cidr_range: NETWORK.services },
      ],
    });
    expect(stack.resource("google_compute_global_address", "network_private_services_range")).toMatchObject({
      address: "10.192.0.0",
      prefix_length: 20,
    });
    expect(stack.resource("google_container_cluster", "cluster")["location"]).toBe("europe-west4");
    expect(stack.resource("google_container_node_pool", "cluster_default")["node_locations"]).toEqual(
      elsewhere.zones,
    );
    expect(stack.resource("google_sql_database_instance", "sql")["region"]).toBe("europe-west4");
  });

  test.each([
    ["staging-alice", "staging_release_values"],
    ["production-app", "release_values"],
  ])("%s lets pods reach the control plane where it is now", (name, values) => {
    expect(get(name).json["locals"][values].networkPolicy).toEqual({ controlPlaneRanges: [NETWORK.nodes] });
  });
});

test("pods without room for as many nodes as the pools may grow to are an error that names the range", () => {
  const config = configWith({ network: { pods: "10.64.0.0/20" } });
  const synthesize = () => synthesizeProgram({ config });
  expect(synthesize).toThrow(InvalidInputError);
  expect(synthesize).toThrow(
    'cdktf.json: context.plue.production.network.pods: "10.64.0.0/20" is too small for 30 nodes, which the node pools may grow to, with a /24 each: at least a /19',
  );
});

test("the chart knows the default range of the nodes, where the control plane's address is", () => {
  const { staging } = configWith({});
  expect(readFileSync("helm/plue/values.yaml", "utf8")).toContain(
    `controlPlaneRanges: [${staging.network.nodes}]`,
  );
});
