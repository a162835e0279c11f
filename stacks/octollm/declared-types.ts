import type { ApplyRoles } from "../../lib/environments/bootstrap-stack";

/**
 * Every type of Google's or Kubernetes' that the stacks of workflows declare: what the identities that plan and apply have
 * permissions for. Written down, and not found by looking at the stacks, so that a right is a line of a change; a test
 * compares it with what is synthesized.
 */
export const APPLIED_TYPES: readonly string[] = [
  "data.google_bigquery_default_service_account",
  "data.google_dns_keys",
  "data.google_kms_crypto_key_version",
  "data.google_monitoring_notification_channel",
  "data.google_project",
  "data.google_storage_project_service_account",
  "google_artifact_registry_repository",
  "google_artifact_registry_repository_iam_member",
  "google_bigquery_dataset",
  "google_bigquery_dataset_iam_member",
  "google_billing_budget",
  "google_binary_authorization_attestor",
  "google_binary_authorization_attestor_iam_member",
  "google_binary_authorization_policy",
  "google_certificate_manager_certificate",
  "google_certificate_manager_certificate_map",
  "google_certificate_manager_certificate_map_entry",
  "google_certificate_manager_dns_authorization",
  "google_compute_firewall",
  "google_compute_global_address",
  "google_compute_network",
  "google_compute_router",
  "google_compute_router_nat",
  "google_compute_security_policy",
  "google_compute_ssl_policy",
  "google_compute_subnetwork",
  "google_container_analysis_note",
  "google_container_analysis_note_iam_member",
  "google_container_cluster",
  "google_container_node_pool",
  "google_dns_managed_zone",
  "google_dns_record_set",
  "google_kms_crypto_key",
  "google_kms_crypto_key_iam_member",
  "google_kms_key_ring",
  "google_logging_project_sink",
  "google_monitoring_alert_policy",
  "google_monitoring_dashboard",
  "google_monitoring_notification_channel",
  "google_monitoring_uptime_check_config",
  "google_project_iam_audit_config",
  "google_project_iam_member",
  "google_project_service",
  "google_project_service_identity",
  "google_redis_instance",
  "google_secret_manager_secret",
  "google_secret_manager_secret_iam_member",
  "google_secret_manager_secret_version",
  "google_service_account",
  "google_service_account_iam_member",
  "google_service_networking_connection",
  "google_sql_database",
  "google_sql_database_instance",
  "google_sql_user",
  "google_storage_bucket",
  "google_storage_bucket_iam_member",
  "helm_release",
  "kubernetes_namespace_v1",
  "kubernetes_network_policy_v1",
];

/** What else people's stacks declare, which workflows only plan: projects, who workflows are, and what is bought. */
export const PEOPLES_TYPES: readonly string[] = [
  "google_billing_account_iam_member",
  "google_compute_region_commitment",
  "google_iam_workload_identity_pool",
  "google_iam_workload_identity_pool_provider",
  "google_project",
  "google_project_iam_custom_role",
  "google_storage_bucket_iam_binding",
  "google_storage_managed_folder",
  "google_storage_managed_folder_iam_member",
];

/**
 * Predefined roles of the service account that applies an environment's stacks, beside its custom role, and the project
 * roles that it may grant: those that the stacks grant. A test compares both with the synthesized stacks.
 */
export const APPLY_ROLES: ApplyRoles = {
  predefined: [
    "roles/artifactregistry.admin",
    "roles/bigquery.dataOwner",
    "roles/binaryauthorization.attestorsAdmin",
    "roles/binaryauthorization.policyEditor",
    "roles/browser",
    "roles/certificatemanager.owner",
    "roles/cloudkms.admin",
    "roles/cloudkms.publicKeyViewer",
    "roles/cloudsql.admin",
    "roles/compute.networkAdmin",
    "roles/compute.securityAdmin",
    "roles/container.admin",
    "roles/containeranalysis.admin",
    "roles/containeranalysis.notes.editor",
    "roles/dns.admin",
    "roles/iam.serviceAccountAdmin",
    // To let nodes run as their service account.
    "roles/iam.serviceAccountUser",
    "roles/logging.configWriter",
    "roles/monitoring.editor",
    "roles/redis.admin",
    "roles/servicenetworking.networksAdmin",
    "roles/serviceusage.serviceUsageAdmin",
  ],
  grants: [
    "roles/cloudsql.client",
    "roles/cloudsql.instanceUser",
    "roles/container.defaultNodeServiceAccount",
    "roles/containeranalysis.occurrences.editor",
  ],
};
