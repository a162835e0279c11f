import { argument, type Block } from "../../lib/core/terraform-json";
import { allNodes, nodesOf, type Range } from "./nodes";
import {
  ARMOR_POLICY,
  BOOT_DISKS,
  CERTIFICATE,
  CLOUDFLARE_PRO_MONTHLY,
  CLOUDFLARE_PRO_YEARLY,
  CLUSTER_FEE,
  DATABASE_DISKS,
  DATABASES,
  FORWARDING_RULES,
  KEY_VERSION,
  MACHINES,
  NAT_MACHINE,
  NAT_MACHINES_AT_MOST,
  type Price,
  SECRET_VERSION,
} from "./prices";

/** What a line belongs to, to be compared with other estimates. */
export type Group =
  | "cluster fee"
  | "nodes"
  | "sandbox nodes"
  | "database"
  | "network"
  | "edge"
  | "secrets and keys";

/** One thing that costs. Without a price it is something that the price list does not have. */
export interface Position {
  readonly group: Group;
  /** What it is: "e2-medium", "boot disk, pd-ssd". */
  readonly what: string;
  readonly quantity: Range;
  readonly price: Price | undefined;
  /** The most that a unit costs, where that differs. */
  readonly priceAtMost?: Price;
}

/** How a type of resource is billed: not at all where it has neither. */
export interface Billing {
  /** What a resource costs. @param all every resource of its stack */
  readonly positions?: (block: Block, all: readonly Block[]) => readonly Position[];
  /** What it costs beyond that, and why that is not counted. */
  readonly notCounted?: string;
}

const FREE: Billing = {};
const one: Range = { low: 1, high: 1 };
const times = ({ low, high }: Range, factor: number): Range => ({ low: low * factor, high: high * factor });
const text = (block: Block, ...path: string[]) => String(argument(block.args, ...path) ?? "");

const nodePool: Billing = {
  positions: (block) => {
    const group: Group = argument(block.args, "node_config", "sandbox_config") ? "sandbox nodes" : "nodes";
    const nodes = nodesOf(block);
    const spot = argument(block.args, "node_config", "spot") === true;
    const machine = text(block, "node_config", "machine_type") || "e2-medium";
    const disk = text(block, "node_config", "disk_type") || "pd-balanced";
    const gigabytes = Number(argument(block.args, "node_config", "disk_size_gb") ?? 100);
    return [
      {
        group,
        what: spot ? `${machine}, spot` : machine,
        quantity: nodes,
        price: spot ? undefined : MACHINES[machine],
      },
      {
        group,
        what: `boot disk, ${disk}, ${gigabytes} GB a node`,
        quantity: times(nodes, gigabytes),
        price: BOOT_DISKS[disk],
      },
    ];
  },
  notCounted: "nodes that an upgrade adds for a while, volumes that pods claim, traffic between zones",
};

const databaseInstance: Billing = {
  positions: (block) => {
    const availability = text(block, "settings", "availability_type") === "REGIONAL" ? "REGIONAL" : "ZONAL";
    const shown = availability.toLowerCase();
    const tier = text(block, "settings", "tier");
    const disk = text(block, "settings", "disk_type") || "PD_SSD";
    const gigabytes = Number(argument(block.args, "settings", "disk_size") ?? 10);
    return [
      { group: "database", what: `${tier}, ${shown}`, quantity: one, price: DATABASES[tier]?.[availability] },
      {
        group: "database",
        what: `disk, ${disk}, ${shown}`,
        quantity: times(one, gigabytes),
        price: DATABASE_DISKS[disk]?.[availability],
      },
    ];
  },
  notCounted: "backups and logs for point-in-time recovery, what the disk grows by itself",
};

const address: Billing = {
  positions: ({ args }) =>
    (args["address_type"] ?? "EXTERNAL") === "EXTERNAL"
      ? [
          {
            group: "network",
            what: "forwarding rules of the Gateway, up to five",
            quantity: one,
            price: FORWARDING_RULES,
          },
        ]
      : [],
  notCounted: "what the load balancer passes on, by the GB; an address that nothing uses",
};

const nat: Billing = {
  positions: (_, all) => {
    const nodes = allNodes(all);
    const counted = (number: number) => Math.min(number, NAT_MACHINES_AT_MOST);
    return [
      {
        group: "network",
        what: "NAT of nodes without an address of their own",
        quantity: { low: counted(nodes.low), high: counted(nodes.high) },
        price: NAT_MACHINE,
      },
    ];
  },
  notCounted: "what passes through it: 0.045 a GB",
};

const secret: Billing = {
  positions: (block) => {
    const replicas = argument(block.args, "replication", "user_managed", "replicas");
    const places = Array.isArray(replicas) ? replicas.length : 1;
    return [
      {
        group: "secrets and keys",
        what: places > 1 ? `one version in ${places} places` : "one version",
        quantity: times(one, places),
        price: SECRET_VERSION,
      },
    ];
  },
  notCounted: "older versions that are not destroyed, reads: 0.03 for 10,000",
};

/** At most: the versions that rotation has made after a year. */
const key: Billing = {
  positions: (block) => {
    const level = text(block, "version_template", "protection_level") || "SOFTWARE";
    const seconds = Number.parseInt(text(block, "rotation_period"), 10);
    const rotations = Number.isNaN(seconds) ? 0 : Math.floor((365 * 86_400) / seconds);
    return [
      {
        group: "secrets and keys",
        what: level === "SOFTWARE" ? "key versions, up to a year's" : `key versions, ${level}`,
        quantity: { low: 1, high: 1 + rotations },
        price: level === "SOFTWARE" ? KEY_VERSION : undefined,
      },
    ];
  },
  notCounted: "versions beyond a year's rotations, use: 0.03 for 10,000",
};

const ruleset: Billing = {
  positions: ({ args }) =>
    // Only paid plans run managed rules; the plan itself is not a resource here.
    args["phase"] === "http_request_firewall_managed"
      ? [
          {
            group: "edge",
            what: "Cloudflare Pro, billed yearly to monthly",
            quantity: one,
            price: CLOUDFLARE_PRO_YEARLY,
            priceAtMost: CLOUDFLARE_PRO_MONTHLY,
          },
        ]
      : [],
};

/**
 * How each type of resource is billed. A type that is not here is reported as not classified.
 */
const BILLING: Readonly<Record<string, Billing>> = {
  google_container_cluster: {
    positions: () => [
      { group: "cluster fee", what: "GKE, regional control plane", quantity: one, price: CLUSTER_FEE },
    ],
    notCounted: "logs and metrics of the cluster, by volume",
  },
  google_container_node_pool: nodePool,
  google_sql_database_instance: databaseInstance,
  google_compute_global_address: address,
  google_compute_address: address,
  google_compute_router_nat: nat,
  google_secret_manager_secret: secret,
  google_kms_crypto_key: key,
  google_certificate_manager_certificate: {
    positions: () => [
      {
        group: "network",
        what: "certificate, first hundred of a project",
        quantity: one,
        price: CERTIFICATE,
      },
    ],
  },
  cloudflare_ruleset: ruleset,

  google_artifact_registry_repository: { notCounted: "images, by the GB: 0.10 from the first half GB on" },
  google_compute_security_policy: {
    positions: () => [{ group: "network", what: "Cloud Armor policy", quantity: one, price: ARMOR_POLICY }],
    notCounted: "Cloud Armor's rules, 1 each, and requests: 0.75 a million",
  },
  google_compute_subnetwork: { notCounted: "flow logs, by volume" },
  google_logging_project_sink: { notCounted: "what the destination keeps" },
  google_monitoring_alert_policy: { notCounted: "conditions and the series they read, once Google charges" },
  google_monitoring_uptime_check_config: { notCounted: "checks beyond a million a month" },
  google_project_iam_audit_config: { notCounted: "data access logs, by volume" },
  google_pubsub_subscription: { notCounted: "messages, by volume" },
  google_pubsub_topic: { notCounted: "messages, by volume" },
  google_storage_bucket: { notCounted: "what it holds, by the GB: 0.02" },
  /** Its pods run on nodes that are counted. */
  helm_release: {
    notCounted:
      "volumes that its pods claim: an engineer's repositories 5 GiB, about 0.50; production's a Filestore share of 1 TiB, several hundred",
  },

  cloudflare_dns_record: FREE,
  cloudflare_zone_setting: FREE,
  google_artifact_registry_repository_iam_member: FREE,
  google_billing_account_iam_member: FREE,
  google_billing_budget: FREE,
  google_binary_authorization_policy: FREE,
  google_certificate_manager_certificate_map: FREE,
  google_certificate_manager_certificate_map_entry: FREE,
  google_certificate_manager_dns_authorization: FREE,
  google_compute_firewall: FREE,
  google_compute_network: FREE,
  google_compute_router: FREE,
  google_compute_ssl_policy: FREE,
  google_iam_workload_identity_pool: FREE,
  google_iam_workload_identity_pool_provider: FREE,
  google_kms_crypto_key_iam_member: FREE,
  google_kms_key_ring: FREE,
  google_monitoring_notification_channel: FREE,
  google_project_iam_binding: FREE,
  google_project_iam_custom_role: FREE,
  google_project_iam_member: FREE,
  google_project_service: FREE,
  google_project_service_identity: FREE,
  google_pubsub_topic_iam_member: FREE,
  google_secret_manager_secret_iam_member: FREE,
  /** Counted with its secret. */
  google_secret_manager_secret_version: FREE,
  google_service_account: FREE,
  google_service_account_iam_member: FREE,
  google_service_networking_connection: FREE,
  google_sql_database: FREE,
  google_sql_user: FREE,
  google_storage_bucket_iam_binding: FREE,
  google_storage_bucket_iam_member: FREE,
  google_storage_managed_folder: FREE,
  google_storage_managed_folder_iam_member: FREE,
  kubernetes_limit_range_v1: FREE,
  kubernetes_namespace_v1: FREE,
  kubernetes_network_policy_v1: FREE,
  kubernetes_resource_quota_v1: FREE,
  kubernetes_role_binding_v1: FREE,
  kubernetes_role_v1: FREE,
};

/** How a type of resource is billed; undefined for one that nobody has classified yet. */
export function billingOf(type: string): Billing | undefined {
  return Object.hasOwn(BILLING, type) ? BILLING[type] : undefined;
}
