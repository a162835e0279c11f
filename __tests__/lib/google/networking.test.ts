import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import type { ITerraformDependable } from "cdktf";
import type { Stack } from "../../../lib/core/stack";
import { Networking, type NetworkingProps } from "../../../lib/google/networking";
import { DataResource } from "../../support/data-resource";
import { synthesize } from "../../support/synth";

const BASE: NetworkingProps = {
  projectId: "shop-test",
  region: "europe-west1",
  name: "shop",
  subnets: {
    nodes: { cidr: "10.0.0.0/20", secondaryRanges: { pods: "10.4.0.0/14", services: "10.8.0.0/20" } },
  },
  labels: { team: "shop" },
};

function network(stack: Stack, props: Partial<NetworkingProps> = {}): Networking {
  new GoogleProvider(stack, "google");
  return new Networking(stack, "network", { ...BASE, ...props });
}

const synth = (props: Partial<NetworkingProps> = {}) => synthesize((stack) => void network(stack, props));

describe("Networking", () => {
  describe("network and subnets", () => {
    test("the network makes no subnets by itself", () => {
      expect(synth().resource("google_compute_network", "network")["auto_create_subnetworks"]).toBe(false);
    });

    test("a subnet has its ranges, private access to Google and sampled flow logs", () => {
      expect(synth().resource("google_compute_subnetwork", "network_subnet_nodes")).toMatchObject({
        name: "shop-nodes",
        ip_cidr_range: "10.0.0.0/20",
        secondary_ip_range: [
          { range_name: "pods", ip_cidr_range: "10.4.0.0/14" },
          { range_name: "services", ip_cidr_range: "10.8.0.0/20" },
        ],
        private_ip_google_access: true,
        log_config: {
          flow_sampling: 0.5,
          aggregation_interval: "INTERVAL_5_MIN",
          metadata: "INCLUDE_ALL_METADATA",
        },
      });
    });

    test("name, region, private access and flow logs of a subnet can be set", () => {
      const subnet = synth({
        subnets: {
          db: {
            cidr: "10.1.0.0/24",
            name: "shop-database",
            region: "us-east1",
            privateGoogleAccess: false,
            flowLogs: { sampling: 1, interval: "INTERVAL_5_SEC" },
          },
        },
      }).resource("google_compute_subnetwork", "network_subnet_db");
      expect(subnet).toMatchObject({
        name: "shop-database",
        region: "us-east1",
        private_ip_google_access: false,
        log_config: { flow_sampling: 1, aggregation_interval: "INTERVAL_5_SEC" },
      });
    });

    test("a subnet can do without secondary ranges and flow logs, and taking the last range away removes it", () => {
      const subnets = { db: { cidr: "10.1.0.0/24", flowLogs: false as const } };
      const subnet = synth({ subnets }).resource("google_compute_subnetwork", "network_subnet_db");
      expect(subnet).not.toHaveProperty("log_config");
      expect(subnet).not.toHaveProperty("secondary_ip_range");
      expect(subnet["send_secondary_ip_range_if_empty"]).toBe(true);
    });

    test("outputs refer to the network and say what each subnet is", () => {
      const { outputs } = synthesize((stack) => {
        const { networkId, networkName, networkSelfLink, subnets } = network(stack);
        for (const [name, value] of Object.entries({ networkId, networkName, networkSelfLink, subnets }))
          stack.output(name, { value });
      });
      expect(outputs).toEqual({
        networkId: { value: "${google_compute_network.network.id}" },
        networkName: { value: "${google_compute_network.network.name}" },
        networkSelfLink: { value: "${google_compute_network.network.self_link}" },
        subnets: {
          value: {
            nodes: {
              id: "${google_compute_subnetwork.network_subnet_nodes.id}",
              name: "${google_compute_subnetwork.network_subnet_nodes.name}",
              region: "europe-west1",
              cidr: "10.0.0.0/20",
              secondaryRanges: { pods: "10.4.0.0/14", services: "10.8.0.0/20" },
            },
          },
        },
      });
    });
  });

  describe("firewall", () => {
    test("what no rule allows is refused and logged, after GKE's own rules (priority 1000)", () => {
      expect(synth().resources("google_compute_firewall")).toMatchObject({
        network_firewall_default_deny_ingress: {
          project: "shop-test",
          network: "${google_compute_network.network.id}",
          name: "shop-default-deny-ingress",
          direction: "INGRESS",
          priority: 65534,
          source_ranges: ["0.0.0.0/0"],
          deny: [{ protocol: "all" }],
          log_config: { metadata: "INCLUDE_ALL_METADATA" },
        },
      });
    });

    test("the default denial can be left out", () => {
      expect(synth({ defaultDenyIngress: false }).resources("google_compute_firewall")).toEqual({});
    });

    test("a rule for incoming traffic takes its ranges as sources", () => {
      const rule = synth({
        firewallRules: {
          "allow-ssh": {
            ranges: ["203.0.113.7/32"],
            targetTags: ["bastion"],
            allow: [{ protocol: "tcp", ports: ["22", "8000-8100"] }],
          },
        },
      }).resource("google_compute_firewall", "network_firewall_allow_ssh");
      expect(rule).toMatchObject({
        name: "shop-allow-ssh",
        direction: "INGRESS",
        priority: 1000,
        source_ranges: ["203.0.113.7/32"],
        target_tags: ["bastion"],
        allow: [{ protocol: "tcp", ports: ["22", "8000-8100"] }],
      });
    });

    test.each([
      ["tags", { sourceTags: ["web"], targetTags: ["db"] }, { source_tags: ["web"], target_tags: ["db"] }],
      [
        "service accounts",
        { sourceServiceAccounts: ["web@shop-test"], targetServiceAccounts: ["db@shop-test"] },
        { source_service_accounts: ["web@shop-test"], target_service_accounts: ["db@shop-test"] },
      ],
    ])("a rule lets in machines by their %s, and nobody else", (_, by, expected) => {
      const rule = synth({ firewallRules: { db: { ...by, allow: [{ protocol: "tcp", ports: ["5432"] }] } } });
      const firewall = rule.resource("google_compute_firewall", "network_firewall_db");
      expect(firewall).toMatchObject(expected);
      // Google reads no source at all as the internet.
      expect(firewall).not.toHaveProperty("source_ranges");
    });

    test("a rule for outgoing traffic takes its ranges as destinations", () => {
      const rule = synth({
        firewallRules: {
          "no-smtp": {
            direction: "EGRESS",
            priority: 900,
            ranges: ["0.0.0.0/0"],
            targetServiceAccounts: ["nodes@shop-test.iam.gserviceaccount.com"],
            deny: [{ protocol: "tcp", ports: ["25"] }],
            logging: true,
          },
        },
      }).resource("google_compute_firewall", "network_firewall_no_smtp");
      expect(rule).toMatchObject({
        direction: "EGRESS",
        priority: 900,
        destination_ranges: ["0.0.0.0/0"],
        target_service_accounts: ["nodes@shop-test.iam.gserviceaccount.com"],
        deny: [{ protocol: "tcp", ports: ["25"] }],
        log_config: { metadata: "INCLUDE_ALL_METADATA" },
      });
      expect(rule["source_ranges"]).toBeUndefined();
    });
  });

  describe("NAT", () => {
    test("private machines reach the internet by Google's choice of addresses, ports on demand, errors logged", () => {
      const stack = synth();
      expect(stack.resource("google_compute_router_nat", "network_nat")).toMatchObject({
        router: "${google_compute_router.network_router.name}",
        nat_ip_allocate_option: "AUTO_ONLY",
        enable_dynamic_port_allocation: true,
        min_ports_per_vm: 64,
        max_ports_per_vm: 65536,
        log_config: { enable: true, filter: "ERRORS_ONLY" },
      });
    });

    test("reserved addresses are the only ones used, and an output", () => {
      const stack = synthesize((stack) => {
        stack.output("nat_ips", { value: network(stack, { nat: { staticAddresses: 2 } }).natIps });
      });
      expect(stack.resource("google_compute_address", "network_nat_1")).toEqual({
        project: "shop-test",
        region: "europe-west1",
        name: "shop-nat-1",
        labels: { team: "shop" },
      });
      expect(stack.resource("google_compute_router_nat", "network_nat")).toMatchObject({
        nat_ip_allocate_option: "MANUAL_ONLY",
        nat_ips: [
          "${google_compute_address.network_nat_1.self_link}",
          "${google_compute_address.network_nat_2.self_link}",
        ],
      });
      expect(stack.outputs["nat_ips"]?.["value"]).toEqual([
        "${google_compute_address.network_nat_1.address}",
        "${google_compute_address.network_nat_2.address}",
      ]);
    });

    test("each region that has subnets gets a gateway", () => {
      const stack = synth({
        subnets: { ...BASE.subnets, far: { cidr: "10.1.0.0/24", region: "us-east1" } },
      });
      expect(stack.resource("google_compute_router_nat", "network_nat")["region"]).toBe("europe-west1");
      expect(stack.resource("google_compute_router_nat", "network_nat_us_east1")).toMatchObject({
        region: "us-east1",
        router: "${google_compute_router.network_router_us_east1.name}",
      });
      expect(stack.resource("google_compute_router", "network_router_us_east1")["region"]).toBe("us-east1");
    });

    test("ports and logging can be set", () => {
      expect(
        synth({ nat: { minPortsPerVm: 128, maxPortsPerVm: 4096, log: "ALL" } }).resource(
          "google_compute_router_nat",
          "network_nat",
        ),
      ).toMatchObject({ min_ports_per_vm: 128, max_ports_per_vm: 4096, log_config: { filter: "ALL" } });
    });

    test("NAT can be left out", () => {
      const stack = synth({ nat: false });
      expect(stack.resources("google_compute_router")).toEqual({});
      expect(stack.resources("google_compute_router_nat")).toEqual({});
    });
  });

  describe("private services", () => {
    test("there are none unless asked for", () => {
      const stack = synthesize((stack) => {
        expect(network(stack).privateServicesConnection).toBeUndefined();
      });
      expect(stack.resources("google_service_networking_connection")).toEqual({});
      expect(stack.resources("google_compute_global_address")).toEqual({});
    });

    test("a given range is reserved, and the connection is let go on teardown", () => {
      const stack = synthesize((stack) => {
        const { privateServicesConnection } = network(stack, { privateServices: { cidr: "10.3.0.0/16" } });
        new DataResource(stack, "database", {
          dependsOn: [privateServicesConnection as ITerraformDependable],
        });
      });
      expect(stack.resource("terraform_data", "database")["depends_on"]).toEqual([
        "google_service_networking_connection.network_private_services",
      ]);
      expect(stack.resource("google_compute_global_address", "network_private_services_range")).toEqual({
        project: "shop-test",
        network: "${google_compute_network.network.id}",
        name: "shop-private-services",
        purpose: "VPC_PEERING",
        address_type: "INTERNAL",
        address: "10.3.0.0",
        prefix_length: 16,
        labels: { team: "shop" },
      });
      expect(stack.resource("google_service_networking_connection", "network_private_services")).toEqual({
        network: "${google_compute_network.network.id}",
        service: "servicenetworking.googleapis.com",
        reserved_peering_ranges: ["${google_compute_global_address.network_private_services_range.name}"],
        deletion_policy: "ABANDON",
        update_on_creation_fail: true,
      });
    });

    test.each([
      [{}, 16],
      [{ prefixLength: 20 }, 20],
    ])("Google chooses a range of the size asked for: %j", (privateServices, size) => {
      const range = synth({ privateServices }).resource(
        "google_compute_global_address",
        "network_private_services_range",
      );
      expect(range["prefix_length"]).toBe(size);
      expect(range["address"]).toBeUndefined();
    });
  });

  describe("ingress address", () => {
    test("a global one, by name and address", () => {
      const stack = synthesize((stack) => {
        const { ingressIp, ingressAddressName } = network(stack, { ingressAddress: { scope: "global" } });
        stack.output("ip", { value: ingressIp });
        stack.output("name", { value: ingressAddressName });
      });
      expect(stack.resource("google_compute_global_address", "network_ingress")).toEqual({
        project: "shop-test",
        name: "shop-ingress",
        address_type: "EXTERNAL",
        ip_version: "IPV4",
        labels: { team: "shop" },
      });
      expect(stack.outputs).toEqual({
        ip: { value: "${google_compute_global_address.network_ingress.address}" },
        name: { value: "${google_compute_global_address.network_ingress.name}" },
      });
    });

    test("a regional one, under a name of its own", () => {
      const stack = synth({ ingressAddress: { scope: "regional", name: "shop-front" } });
      expect(stack.resource("google_compute_address", "network_ingress")).toEqual({
        project: "shop-test",
        region: "europe-west1",
        name: "shop-front",
        address_type: "EXTERNAL",
        labels: { team: "shop" },
      });
    });
  });

  test("accepts the widest of everything", () => {
    const rule = { ranges: ["0.0.0.0/0"], allow: [{ protocol: "6", ports: ["0-65535"] }], priority: 0 };
    expect(() =>
      synth({
        name: "n".repeat(46),
        subnets: { a: { cidr: "10.0.0.0/9", flowLogs: { sampling: 1 } }, b: { cidr: "10.128.0.0/9" } },
        privateServices: { cidr: "172.16.0.0/24" },
        firewallRules: { rule },
        nat: { minPortsPerVm: 32, maxPortsPerVm: 65536 },
      }),
    ).not.toThrow();
  });
});
