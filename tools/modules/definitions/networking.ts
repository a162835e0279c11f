import { Networking } from "../../../lib/google/networking";
import type { ModuleDefinition, Props } from "../definition";

/** An IPv4 range that begins with its first address. */
const CIDR = 'try(cidrnetmask(it) != "" && cidrhost(it, 0) == split("/", it)[0], false)';
/** The name of a Compute Engine resource. */
const isName = (name: string) => `can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", ${name}))`;
const NAME = "at most 63 lower-case letters, digits and -, first a letter, last no -.";
const POWER_OF_TWO = "contains([for power in range(5, 17) : pow(2, power)], it)";

const PORTS = "nat.min_ports_per_vm and nat.max_ports_per_vm have to be powers of two from 32 to 65536.";

export const networking: ModuleDefinition = {
  name: "networking",
  description:
    "A VPC with its subnets, firewall, Cloud NAT, private services access and the address for what comes in.",
  file: "lib/google/networking/index.ts",
  construct: "Networking",
  props: "NetworkingProps",
  isInstance: (construct) => construct instanceof Networking,
  declare: (scope, id, props) => new Networking(scope, id, props),
  main: "network",
  fixed: {
    "subnets.*.region": "All subnets, and so the NAT gateway, are in the network's region.",
  },
  // One address stands for as many as there are.
  build: ({ nat, ...props }: Props) => ({
    ...props,
    nat: nat && { ...nat, staticAddresses: nat.staticAddresses && 1 },
  }),
  counted: { "nat-#": "nat" },
  entryNames: { firewall_rules: "firewall" },
  cases: {
    "firewall_rules.*.direction": ["INGRESS", "EGRESS"],
    "ingress_address.scope": ["global", "regional"],
  },
  computed: {
    "google_compute_address.nat": { name: "${var.name}-nat-${count.index + 1}" },
    "google_compute_router_nat.nat": {
      nat_ip_allocate_option: '${var.nat.static_addresses > 0 ? "MANUAL_ONLY" : "AUTO_ONLY"}',
      nat_ips: "${var.nat.static_addresses > 0 ? google_compute_address.nat[*].self_link : null}",
    },
    output: { nat_ips: "${google_compute_address.nat[*].address}" },
    "google_compute_global_address.private_services_range": {
      address: '${try(split("/", var.private_services.cidr)[0], null)}',
      prefix_length:
        '${try(tonumber(split("/", var.private_services.cidr)[1]), var.private_services.prefix_length)}',
    },
  },
  adjust: ({ resource }) => {
    resource.google_compute_address.nat.count = "${var.nat.enabled ? var.nat.static_addresses : 0}";
  },
  defaults: { "nat.static_addresses": 0 },
  outputs: [
    { member: "networkId" },
    { member: "networkName" },
    { member: "networkSelfLink" },
    {
      member: "subnets",
      name: "subnet_ids",
      part: "id",
      description: "Ids of the subnets, by the keys of `subnets`.",
    },
    { member: "natIps" },
    { member: "ingressIp", description: "The reserved public address. Null without `ingress_address`." },
    {
      member: "ingressAddressName",
      description:
        "The name by which a Gateway refers to the reserved address. Null without `ingress_address`.",
    },
  ],
  descriptions: {
    nat: "Cloud NAT, by which machines without a public address reach the internet: one gateway. Billed by the hour for each machine behind it, up to a number of them, and by the GB.",
    "nat.static_addresses":
      "Reserved outgoing addresses, for partners that filter by address; with 0 Google chooses. Fewer later cuts their connections.",
    "private_services.cidr": "The range, /24 or larger, apart from those of the subnets.",
  },
  rules: [
    {
      path: "name",
      condition: 'can(regex("^[a-z]([a-z0-9-]{0,44}[a-z0-9])?$", it))',
      message: "name has to be at most 46 lower-case letters, digits and -, first a letter, last no -.",
    },
    {
      path: "subnets",
      condition: `alltrue([for key, subnet in it : ${isName('coalesce(subnet.name, "${var.name}-${key}")')}])`,
      message: `subnets[*].name, or without it the network's and the key, has to be ${NAME}`,
    },
    {
      path: "subnets.*",
      condition: `alltrue([for range in keys(it.secondary_ranges) : ${isName("range")}])`,
      message: `subnets[*].secondary_ranges have to have names of ${NAME}`,
    },
    {
      path: "subnets.*.cidr",
      condition: CIDR,
      message: 'subnets[*].cidr has to be an IPv4 range that begins with its first address: "10.0.0.0/16".',
    },
    {
      path: "subnets.*.secondary_ranges.*",
      condition: CIDR,
      message: "subnets[*].secondary_ranges[*] has to be an IPv4 range that begins with its first address.",
    },
    {
      path: "subnets.*.flow_logs.sampling",
      condition: "it > 0 && it <= 1",
      message: "subnets[*].flow_logs.sampling has to be above 0 and up to 1.",
    },
    {
      path: "firewall_rules",
      condition: `alltrue([for key in keys(it) : ${isName('"${var.name}-${key}"')}])`,
      message: `firewall_rules: the network's name and the key have to be ${NAME}`,
    },
    {
      path: "firewall_rules.*.ranges.*",
      condition: CIDR,
      message: "firewall_rules[*].ranges[*] has to be an IPv4 range that begins with its first address.",
    },
    {
      path: "firewall_rules.*",
      condition:
        'alltrue([for traffic in concat(it.allow, it.deny) : alltrue([for port in coalesce(traffic.ports, []) : contains(["tcp", "udp", "sctp", "6", "17", "132"], traffic.protocol) && can(regex("^[0-9]{1,5}(-[0-9]{1,5})?$", port))])])',
      message:
        'firewall_rules[*]: ports are of tcp, udp and sctp only, each a port ("443") or a range ("8000-8100").',
    },
    {
      path: "firewall_rules.*",
      condition:
        '(it.source_tags == null && it.target_tags == null || it.source_service_accounts == null && it.target_service_accounts == null) && (it.direction != "EGRESS" || it.source_tags == null && it.source_service_accounts == null)',
      message:
        "firewall_rules[*] has either tags or service accounts, and for outgoing traffic neither as a source.",
    },
    {
      path: "firewall_rules.*",
      condition: "(length(it.allow) > 0) != (length(it.deny) > 0)",
      message: "firewall_rules[*] has to have either allow or deny.",
    },
    {
      path: "firewall_rules.*",
      // Google reads none as the whole internet.
      condition:
        'length(coalesce(it.ranges, [])) + (it.direction == "EGRESS" ? 0 : length(concat(coalesce(it.source_tags, []), coalesce(it.source_service_accounts, [])))) > 0',
      message:
        'firewall_rules[*] has to name sources or destinations; ranges = ["0.0.0.0/0"] stands for the whole internet.',
    },
    {
      path: "firewall_rules.*.priority",
      condition: "it >= 0 && it <= 65535 && floor(it) == it",
      message: "firewall_rules[*].priority has to be a whole number from 0 to 65535.",
    },
    {
      path: "nat.static_addresses",
      condition: "it >= 0 && floor(it) == it",
      message: "nat.static_addresses has to be a whole number; 0 for addresses that Google chooses.",
    },
    {
      path: "ingress_address.name",
      condition: isName("it"),
      message: `ingress_address.name has to be ${NAME}`,
    },
    { path: "nat.min_ports_per_vm", condition: POWER_OF_TWO, message: PORTS },
    { path: "nat.max_ports_per_vm", condition: POWER_OF_TWO, message: PORTS },
    {
      path: "nat",
      condition: "it.max_ports_per_vm > it.min_ports_per_vm",
      message: "nat.max_ports_per_vm has to be above nat.min_ports_per_vm.",
    },
    {
      path: "private_services.cidr",
      condition: CIDR,
      message: "private_services.cidr has to be an IPv4 range that begins with its first address.",
    },
    {
      path: "private_services",
      condition:
        'try(tonumber(split("/", it.cidr)[1]), it.prefix_length) >= 8 && try(tonumber(split("/", it.cidr)[1]), it.prefix_length) <= 24',
      message: "private_services has to be from /8 to /24, the smallest range that Google's services take.",
    },
  ],
  example: `module "network" {
  source = "./modules/networking"

  project_id = "my-project"
  region     = "us-central1"
  name       = "main"
  subnets = {
    cluster = {
      cidr             = "10.0.0.0/16"
      secondary_ranges = { pods = "10.1.0.0/16", services = "10.2.0.0/16" }
    }
  }
  private_services = { cidr = "10.3.0.0/16" }
  ingress_address  = { scope = "global" }
}`,
};
