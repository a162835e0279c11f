import { GkeCluster, type GkeClusterProps } from "../../../lib/google/gke-cluster";
import type { ModuleDefinition, Props } from "../definition";

const SUBNET = "cluster";

export const gkeCluster: ModuleDefinition = {
  name: "gke-cluster",
  description:
    "A regional GKE cluster with its node pools and the service account of its nodes: private nodes, Dataplane V2, Workload Identity, Gateway API, shielded nodes.",
  file: "lib/google/gke-cluster/index.ts",
  construct: "GkeCluster",
  props: "GkeClusterProps",
  isInstance: (construct) => construct instanceof GkeCluster,
  declare: (scope, id, props) => new GkeCluster(scope, id, props),
  main: "cluster",
  fixed: {},
  omitted: ["googleBeta"],
  notes: [
    "Sandboxed pools come from the provider google-beta, in the configuration that the module inherits.",
  ],
  replaced: {
    network: { name: "network_id", description: "Id of the VPC. Changing it recreates the cluster." },
    subnet: {
      name: "subnet_id",
      description: "Id of the subnet, in the cluster's region. Changing it recreates the cluster.",
    },
    databaseEncryptionKey: {
      name: "database_encryption_key_id",
      description:
        "Cloud KMS key that encrypts Kubernetes secrets in etcd, above Google's own encryption of the disk. GKE cannot undo it: without the key the cluster is lost. The call must depend on the grants of the key.",
    },
  },
  build: ({ network, subnet, databaseEncryptionKey, ...props }: Props) => ({
    ...props,
    network: {
      networkId: network,
      subnets: { [SUBNET]: { id: subnet, region: props.region, secondaryRanges: {} } },
    },
    subnet: SUBNET,
    databaseEncryptionKey: databaseEncryptionKey && { id: databaseEncryptionKey, grants: [] },
  }),
  read: ({ network, subnet, databaseEncryptionKey, ...props }: GkeClusterProps) => ({
    ...props,
    network: network.networkId,
    subnet: network.subnets[subnet]?.id,
    databaseEncryptionKey: databaseEncryptionKey?.id,
  }),
  kinds: {
    node_pools: [
      { name: "pool", by: "sandbox", has: false },
      { name: "sandbox_pool", by: "sandbox", has: true },
    ],
  },
  computed: Object.fromEntries(
    ["pool", "sandbox_pool"].map((name) => [
      `google_container_node_pool.${name}`,
      {
        initial_node_count:
          "${min(ceil(each.value.min_nodes / try(length(each.value.node_locations), 3)), floor(each.value.max_nodes / try(length(each.value.node_locations), 3)))}",
        "autoscaling.location_policy":
          '${coalesce(each.value.location_policy, each.value.spot ? "ANY" : "BALANCED")}',
      },
    ]),
  ),
  defaults: { "node_pools.*.location_policy": null },
  outputs: [
    { member: "clusterName" },
    { member: "location" },
    { member: "endpoint", sensitive: true },
    { member: "caCertificate", sensitive: true },
    { member: "dnsEndpoint" },
    { member: "workloadPool" },
    { member: "nodeServiceAccountEmail" },
    { member: "nodeServiceAccountMember" },
  ],
  descriptions: {
    binary_authorization:
      "Admits only images that the project's Binary Authorization policy allows. Google's own policy, where none is declared, allows all. Needs binaryauthorization.googleapis.com.",
    deletion_protection:
      "Refuses to destroy the cluster in the provider. Terraform's own `prevent_destroy` takes no variable: to destroy, remove it from main.tf, apply this as false, and then destroy.",
    "control_plane.dns_endpoint":
      "By its DNS name: from anywhere, for whoever IAM permits `container.clusters.connect`.",
  },
  rules: [
    {
      path: "name",
      condition: 'can(regex("^[a-z]([a-z0-9-]{0,22}[a-z0-9])?$", it))',
      message: "name has to be at most 24 lower-case letters, digits and -, first a letter, last no -.",
    },
    {
      path: "pods_range",
      condition: "it != var.services_range",
      message: "pods_range and services_range have to be two ranges.",
    },
    {
      path: "node_pools.*",
      condition:
        "0 <= it.min_nodes && it.min_nodes <= it.max_nodes && 1 <= it.max_nodes && floor(it.min_nodes) == it.min_nodes && floor(it.max_nodes) == it.max_nodes",
      message: "node_pools[*]: 0 <= min_nodes <= max_nodes and 1 <= max_nodes, in whole numbers.",
    },
    {
      path: "node_pools",
      condition: "anytrue([for pool in it : pool.sandbox == null && pool.min_nodes > 0])",
      message: "node_pools: one without sandbox has to have min_nodes of 1 or more, for GKE's own pods.",
    },
    {
      path: "node_pools",
      condition: 'alltrue([for key in keys(it) : can(regex("^[a-z][a-z0-9-]{0,34}$", key))])',
      message:
        "node_pools: keys have to be at most 35 lower-case letters, digits and -, first a letter: `<key>-pool` is the name.",
    },
    {
      path: "node_pools.*.gpus",
      condition: "it.count >= 1 && floor(it.count) == it.count",
      message: "node_pools[*].gpus.count has to be a whole number from 1.",
    },
    {
      path: "node_pools.*.upgrade",
      condition: "it.max_surge + it.max_unavailable >= 1",
      message: "node_pools[*].upgrade: with max_surge and max_unavailable both 0 no upgrade could start.",
    },
    {
      path: "node_pools.*.node_locations",
      condition: "length(it) > 0",
      message: "node_pools[*].node_locations has to name a zone; leave it out for those that Google chooses.",
    },
    {
      path: "node_pools.*.disk_size_gb",
      condition: "it >= 10 && floor(it) == it",
      message: "node_pools[*].disk_size_gb has to be a whole number from 10.",
    },
    {
      path: "node_pools.*",
      condition:
        '!anytrue([for name in concat(keys(it.labels), it.taints[*].key) : startswith(name, "sandbox.gke.io/")]) && !contains(keys(it.labels), "pool")',
      message:
        "node_pools[*]: labels and taints of sandbox.gke.io/ are GKE's to set (use sandbox), and the label pool is set to the pool's key.",
    },
    {
      path: "node_pools.*",
      condition: 'it.sandbox == null || it.image_type == "COS_CONTAINERD"',
      message: "node_pools[*]: gVisor needs image type COS_CONTAINERD.",
    },
    {
      path: "node_pools.*.node_locations.*",
      condition: 'startswith(it, "${var.region}-")',
      message: "node_pools[*].node_locations have to be zones of the cluster's region.",
    },
    {
      path: "control_plane",
      condition: "it.dns_endpoint || it.authorized_networks != null",
      message: "control_plane: with neither dns_endpoint nor authorized_networks nobody reaches the cluster.",
    },
    {
      path: "control_plane.authorized_networks",
      condition: "length(it) > 0",
      message:
        "control_plane.authorized_networks names no range: leave it out for a cluster without IP endpoint.",
    },
    {
      path: "control_plane.authorized_networks.*",
      condition:
        'it != "0.0.0.0/0" && try(cidrnetmask(it) != "" && cidrhost(it, 0) == split("/", it)[0], false)',
      message:
        "control_plane.authorized_networks[*] has to be an IPv4 range that begins with its first address, and not all of the internet.",
    },
    {
      path: "maintenance_window.recurrence",
      condition:
        'can(regex("^FREQ=(DAILY|WEEKLY;BYDAY=(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*)$", it))',
      message:
        "maintenance_window.recurrence has to be FREQ=DAILY or FREQ=WEEKLY;BYDAY= with days such as SA,SU.",
    },
    {
      path: "maintenance_window",
      // What any 32 days leave at worst has to be 48 hours; of two days 8 or 9 windows.
      condition:
        'try(timecmp(it.end, timeadd(it.start, it.recurrence == "FREQ=DAILY" ? "4h" : lookup({ 1 = "12h", 2 = "320m" }, length(split(",", it.recurrence)), "4h"))) >= 0 && timecmp(it.end, timeadd(it.start, "24h")) <= 0, false)',
      message:
        "maintenance_window: start and end have to be times in UTC (2024-01-01T02:00:00Z), 4 to 24 hours apart; at least 12 with one day of the week, and 6 with two.",
    },
    {
      path: "maintenance_window.exclusions.*",
      condition: "try(timecmp(it.end, it.start) > 0, false)",
      message:
        "maintenance_window.exclusions[*]: start and end have to be times in UTC (2024-01-01T02:00:00Z), the end later.",
    },
    {
      path: "maintenance_window.exclusions",
      condition: 'length([for exclusion in it : exclusion if exclusion.scope == "NO_UPGRADES"]) <= 3',
      message: "maintenance_window.exclusions: GKE takes 3 of all upgrades.",
    },
  ],
  example: `module "cluster" {
  source = "./modules/gke-cluster"

  project_id     = "my-project"
  region         = "us-central1"
  name           = "main"
  network_id     = module.network.network_id
  subnet_id      = module.network.subnet_ids["cluster"]
  pods_range     = "pods"
  services_range = "services"
  node_pools = {
    default = { machine_type = "e2-standard-4", min_nodes = 1, max_nodes = 5, disk_size_gb = 100 }
    sandbox = { machine_type = "e2-standard-4", min_nodes = 0, max_nodes = 5, disk_size_gb = 100, sandbox = "gvisor" }
  }
  release_channel     = "STABLE"
  deletion_protection = true
}`,
};
