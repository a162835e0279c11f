import { isDeepStrictEqual } from "node:util";
import type { Arguments } from "../terraform-json";

/**
 * Which changes of a resource its provider answers by destroying it and making another. A type stands here once all of its
 * arguments of that kind are known: every other one is changed in place.
 */
interface Replacement {
  /** Arguments that the schema marks so (ForceNew, RequiresReplace), with what is in them: `settings.disk_type`. */
  readonly by: readonly string[] | "all";
  /** Arguments with which it depends on their values, or on the provider's version. @default none */
  readonly perhapsBy?: readonly string[];
}

/** A grant is what it says: another one is another grant. */
const GRANT: Replacement = { by: "all" };
const clusterWide = (...by: string[]): Replacement => ({
  by: ["metadata.name", "metadata.generate_name", ...by],
});
const namespaced = (...by: string[]): Replacement => clusterWide("metadata.namespace", ...by);
const ADDRESS = ["address", "address_type", "description", "ip_version", "name", "network", "prefix_length"];

const NODE_CONFIG = [
  "advanced_machine_features",
  "boot_disk_kms_key",
  "confidential_nodes",
  "enable_confidential_storage",
  "ephemeral_storage_local_ssd_config",
  "gcfs_config",
  "guest_accelerator",
  "gvnic",
  "host_maintenance_policy",
  "local_nvme_ssd_block_config",
  "local_ssd_count",
  "metadata",
  "min_cpu_platform",
  "node_group",
  "oauth_scopes",
  "preemptible",
  "reservation_affinity",
  "sandbox_config",
  "secondary_boot_disks",
  "service_account",
  "shielded_instance_config",
  "sole_tenant_config",
  "spot",
].map((argument) => `node_config.${argument}`);

/**
 * By type of resource, from the sources of the providers (google 6, kubernetes 2, helm 3, cloudflare 5): the schemas that
 * Terraform prints do not say it.
 */
export const REPLACEMENT: Readonly<Record<string, Replacement>> = {
  cloudflare_dns_record: { by: ["zone_id"] },
  cloudflare_ruleset: { by: ["account_id", "zone_id"], perhapsBy: ["kind", "phase"] },
  cloudflare_zone_setting: { by: ["setting_id", "zone_id"] },
  google_artifact_registry_repository: {
    by: ["format", "kms_key_name", "location", "maven_config", "mode", "project", "repository_id"],
    perhapsBy: ["remote_repository_config"],
  },
  google_artifact_registry_repository_iam_member: GRANT,
  google_billing_account_iam_member: GRANT,
  google_billing_budget: { by: ["billing_account"] },
  google_binary_authorization_policy: { by: ["project"] },
  google_certificate_manager_certificate: {
    by: ["managed", "name", "project", "scope"],
    perhapsBy: ["location", "self_managed"],
  },
  google_certificate_manager_certificate_map: { by: ["name", "project"] },
  google_certificate_manager_certificate_map_entry: { by: ["hostname", "map", "matcher", "name", "project"] },
  google_certificate_manager_dns_authorization: { by: ["domain", "location", "name", "project", "type"] },
  google_compute_address: {
    by: [...ADDRESS, "ipv6_endpoint_type", "network_tier", "project", "purpose", "region", "subnetwork"],
  },
  google_compute_firewall: { by: ["direction", "name", "network", "project"] },
  google_compute_global_address: { by: [...ADDRESS, "project", "purpose"] },
  google_compute_network: {
    by: [
      "auto_create_subnetworks",
      "description",
      "internal_ipv6_range",
      "name",
      "network_profile",
      "params",
      "project",
    ],
    perhapsBy: ["enable_ula_internal_ipv6", "mtu"],
  },
  google_compute_router: { by: ["encrypted_interconnect_router", "name", "network", "project", "region"] },
  google_compute_router_nat: {
    by: ["endpoint_types", "name", "project", "region", "router", "type"],
  },
  google_compute_security_policy: { by: ["name", "project", "type"] },
  google_compute_ssl_policy: { by: ["description", "name", "project"] },
  google_compute_subnetwork: {
    by: [
      "description",
      "external_ipv6_prefix",
      "name",
      "network",
      "project",
      "purpose",
      "region",
      "reserved_internal_range",
    ],
    // A range may become larger.
    perhapsBy: ["ip_cidr_range", "ipv6_access_type", "secondary_ip_range", "stack_type"],
  },
  google_container_cluster: {
    by: [
      "cluster_autoscaling.auto_provisioning_defaults.boot_disk_kms_key",
      "cluster_ipv4_cidr",
      "confidential_nodes",
      "datapath_provider",
      "default_max_pods_per_node",
      "description",
      "enable_autopilot",
      "enable_kubernetes_alpha",
      "enable_tpu",
      "initial_node_count",
      "ip_allocation_policy.cluster_ipv4_cidr_block",
      "ip_allocation_policy.cluster_secondary_range_name",
      "ip_allocation_policy.pod_cidr_overprovision_config",
      "ip_allocation_policy.services_ipv4_cidr_block",
      "ip_allocation_policy.services_secondary_range_name",
      "location",
      "master_auth.client_certificate_config",
      "name",
      "network",
      "networking_mode",
      "node_pool",
      "private_cluster_config.enable_private_nodes",
      "private_cluster_config.master_ipv4_cidr_block",
      "private_cluster_config.private_endpoint_subnetwork",
      "project",
      "subnetwork",
      "user_managed_keys_config.aggregation_ca",
      "user_managed_keys_config.cluster_ca",
      "user_managed_keys_config.etcd_api_ca",
      "user_managed_keys_config.etcd_peer_ca",
      ...NODE_CONFIG,
    ],
    // The first two where they are turned off.
    perhapsBy: [
      "enable_fqdn_network_policy",
      "enable_l4_ilb_subsetting",
      "dns_config",
      "enable_multi_networking",
      "ip_allocation_policy.stack_type",
    ],
  },
  google_container_node_pool: {
    by: [
      "cluster",
      "initial_node_count",
      "location",
      "max_pods_per_node",
      "name",
      "name_prefix",
      "network_config.additional_node_network_configs",
      "network_config.additional_pod_network_configs",
      "network_config.create_pod_range",
      "network_config.pod_cidr_overprovision_config",
      "network_config.pod_ipv4_cidr_block",
      "network_config.pod_range",
      "network_config.subnetwork",
      "placement_policy",
      "project",
      "queued_provisioning",
      ...NODE_CONFIG,
    ],
  },
  google_filestore_instance: {
    by: ["kms_key_name", "location", "name", "networks", "project", "protocol", "tier", "zone"],
    perhapsBy: ["file_shares.name", "file_shares.source_backup"],
  },
  google_iam_workload_identity_pool: { by: ["project", "workload_identity_pool_id"] },
  google_iam_workload_identity_pool_provider: {
    by: ["project", "workload_identity_pool_id", "workload_identity_pool_provider_id"],
  },
  google_kms_crypto_key: {
    by: [
      "crypto_key_backend",
      "destroy_scheduled_duration",
      "import_only",
      "key_ring",
      "name",
      "purpose",
      "version_template.protection_level",
    ],
    perhapsBy: ["skip_initial_version_creation"],
  },
  google_kms_crypto_key_iam_member: GRANT,
  google_kms_key_ring: { by: ["location", "name", "project"] },
  google_logging_metric: {
    by: ["metric_descriptor.labels.key", "metric_descriptor.labels.value_type", "project"],
  },
  google_logging_project_sink: { by: ["name", "project"] },
  google_monitoring_alert_policy: { by: ["project"] },
  google_monitoring_custom_service: { by: ["project", "service_id"] },
  google_monitoring_dashboard: { by: ["project"] },
  google_monitoring_notification_channel: { by: ["project"] },
  google_monitoring_slo: { by: ["project", "service", "slo_id"] },
  google_monitoring_uptime_check_config: {
    by: ["http_check.request_method", "monitored_resource", "project", "resource_group", "synthetic_monitor"],
    perhapsBy: ["checker_type", "http_check.auth_info.password_wo_version"],
  },
  google_project_iam_audit_config: { by: ["project", "service"] },
  google_project_iam_binding: { by: ["condition", "project", "role"] },
  google_project_iam_custom_role: { by: ["project", "role_id"] },
  google_project_iam_member: GRANT,
  google_project_service: { by: ["project", "service"] },
  google_project_service_identity: { by: ["project", "service"] },
  google_pubsub_subscription: { by: ["enable_message_ordering", "filter", "name", "project", "topic"] },
  google_pubsub_topic: { by: ["name", "project"] },
  google_pubsub_topic_iam_member: GRANT,
  google_redis_instance: {
    by: [
      "alternative_location_id",
      "authorized_network",
      "connect_mode",
      "customer_managed_key",
      "location_id",
      "name",
      "project",
      "region",
      "reserved_ip_range",
      "tier",
      "transit_encryption_mode",
    ],
    perhapsBy: ["read_replicas_mode", "redis_version", "secondary_ip_range"],
  },
  google_secret_manager_secret: {
    by: ["project", "replication.user_managed.replicas.location", "secret_id", "tags", "ttl"],
    perhapsBy: ["replication", "rotation.rotation_period"],
  },
  google_secret_manager_secret_iam_member: GRANT,
  google_secret_manager_secret_version: {
    by: ["is_secret_data_base64", "secret", "secret_data", "secret_data_wo_version"],
  },
  google_service_account: { by: ["account_id", "project"] },
  google_service_account_iam_member: GRANT,
  google_service_networking_connection: { by: ["network", "service"] },
  google_sql_database: { by: ["instance", "name", "project"] },
  google_sql_database_instance: {
    by: [
      "encryption_key_name",
      "name",
      "project",
      "region",
      "replica_configuration.ca_certificate",
      "replica_configuration.client_certificate",
      "replica_configuration.client_key",
      "replica_configuration.connect_retry_interval",
      "replica_configuration.dump_file_path",
      "replica_configuration.failover_target",
      "replica_configuration.master_heartbeat_period",
      "replica_configuration.password",
      "replica_configuration.ssl_cipher",
      "replica_configuration.username",
      "replica_configuration.verify_server_certificate",
      "settings.collation",
      "settings.disk_type",
    ],
    // A disk that gets smaller, a private network that is taken away, a replica that changes sides.
    perhapsBy: [
      "master_instance_name",
      "replica_configuration.cascadable_replica",
      "settings.disk_size",
      "settings.ip_configuration.private_network",
    ],
  },
  google_sql_user: { by: ["host", "instance", "name", "project", "type"] },
  google_storage_bucket: {
    by: [
      "custom_placement_config",
      "enable_object_retention",
      "hierarchical_namespace",
      "location",
      "name",
      "project",
    ],
    // A locked policy that is not locked any more.
    perhapsBy: ["retention_policy"],
  },
  google_storage_bucket_iam_binding: { by: ["bucket", "condition", "role"] },
  google_storage_bucket_iam_member: GRANT,
  google_storage_managed_folder: { by: ["bucket", "name"] },
  google_storage_managed_folder_iam_member: GRANT,
  helm_release: { by: ["name", "namespace"] },
  kubernetes_cluster_role_binding_v1: clusterWide("role_ref"),
  kubernetes_cluster_role_v1: clusterWide(),
  kubernetes_limit_range_v1: namespaced(),
  kubernetes_namespace_v1: clusterWide(),
  kubernetes_network_policy_v1: namespaced(),
  kubernetes_resource_quota_v1: namespaced("spec.scopes", "spec.scope_selector"),
  kubernetes_role_binding_v1: namespaced("role_ref"),
  kubernetes_role_v1: namespaced(),
  terraform_data: { by: ["triggers_replace"] },
};

/** What a change does to a resource as a whole. */
export interface Replaced {
  /** False where a plan alone can tell: an argument that may replace it, a value that Terraform computes, an unknown type. */
  readonly certain: boolean;
  /** The arguments; empty where nothing is known of the type. */
  readonly by: readonly string[];
}

/** Arguments of Terraform's own, which replace nothing. */
const META = new Set(["//", "connection", "count", "depends_on", "for_each", "lifecycle", "provisioner"]);

/**
 * Whether another resource takes the place of one whose arguments change; undefined where it is changed in place.
 *
 * @param type `google_sql_database_instance`
 */
export function replacedBy(type: string, before: Arguments, after: Arguments): Replaced | undefined {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !META.has(key) && !isDeepStrictEqual(before[key], after[key]))
    .sort();
  if (keys.length === 0) return undefined;
  const known = Object.hasOwn(REPLACEMENT, type) ? REPLACEMENT[type] : undefined;
  if (!known) return { certain: false, by: [] };
  const ignored = ignoredBy(after);
  const differ = (paths: readonly string[]) =>
    paths.filter(
      (path) => !ignored(path) && !isDeepStrictEqual(valuesAt(before, path), valuesAt(after, path)),
    );
  const by = differ(known.by === "all" ? keys : known.by);
  const perhaps = differ(known.perhapsBy ?? []);
  if (by.length + perhaps.length === 0) return undefined;
  const certain = by.some((path) => [before, after].every((args) => isSettled(valuesAt(args, path))));
  return { certain, by: [...new Set([...by, ...perhaps])] };
}

/** Arguments of a type by whose change it is replaced, or may be; undefined where they are not known. */
export function replacingArguments(type: string, args: Arguments): readonly string[] | undefined {
  const known = Object.hasOwn(REPLACEMENT, type) ? REPLACEMENT[type] : undefined;
  return known?.by === "all" ? Object.keys(args).filter((key) => !META.has(key)) : known?.by;
}

/** Whether Terraform looks away from changes of an argument: `lifecycle.ignore_changes`. */
function ignoredBy(args: Arguments): (path: string) => boolean {
  const [ignored] = valuesAt(args, "lifecycle.ignore_changes");
  if (ignored === "all") return () => true;
  const paths = (Array.isArray(ignored) ? ignored : []).map((each) => String(each).replace(/\[\d+\]/g, ""));
  return (path) => paths.some((each) => path === each || path.startsWith(`${each}.`));
}

/** Values at a path: one of each block, where blocks may occur more than once. */
export function valuesAt(args: unknown, path: string): unknown[] {
  return path.split(".").reduce<unknown[]>(
    (values, key) =>
      values.flat().flatMap((value) => {
        const inner = value !== null && typeof value === "object" ? (value as Arguments)[key] : undefined;
        return inner === undefined || inner === null ? [] : [inner];
      }),
    [args],
  );
}

/** Whether values are there, and none is one that Terraform computes. */
function isSettled(values: readonly unknown[]): boolean {
  return values.length > 0 && !JSON.stringify(values).includes("${");
}
