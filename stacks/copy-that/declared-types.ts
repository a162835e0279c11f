import type { ApplyRoles } from "../../lib/environments/bootstrap-stack";
import type { EnvironmentName } from "./config";

/**
 * Every type of Google's that a stack declares: what the identities that plan and apply have permissions for. Written down, and
 * not found by looking at the stacks, so that the bootstrap does not have to declare them; a test compares.
 */
export const DECLARED_TYPES: readonly string[] = [
  "data.google_dns_keys",
  "data.google_monitoring_notification_channel",
  "data.google_project",
  "data.google_storage_project_service_account",
  "google_artifact_registry_repository",
  "google_artifact_registry_repository_iam_member",
  "google_billing_account_iam_member",
  "google_billing_budget",
  "google_certificate_manager_certificate",
  "google_certificate_manager_certificate_map",
  "google_certificate_manager_certificate_map_entry",
  "google_certificate_manager_dns_authorization",
  "google_cloud_run_v2_job",
  "google_cloud_run_v2_service",
  "google_cloud_run_v2_service_iam_member",
  "google_cloud_scheduler_job",
  "google_cloudfunctions2_function",
  "google_compute_backend_service",
  "google_compute_firewall",
  "google_compute_global_address",
  "google_compute_global_forwarding_rule",
  "google_compute_network",
  "google_compute_region_network_endpoint_group",
  "google_compute_security_policy",
  "google_compute_ssl_policy",
  "google_compute_subnetwork",
  "google_compute_target_http_proxy",
  "google_compute_target_https_proxy",
  "google_compute_url_map",
  "google_dns_managed_zone",
  "google_dns_record_set",
  "google_iam_workload_identity_pool",
  "google_iam_workload_identity_pool_provider",
  "google_iap_web_backend_service_iam_member",
  "google_iap_web_cloud_run_service_iam_member",
  "google_kms_crypto_key",
  "google_kms_crypto_key_iam_member",
  "google_kms_key_ring",
  "google_monitoring_alert_policy",
  "google_monitoring_custom_service",
  "google_monitoring_dashboard",
  "google_monitoring_notification_channel",
  "google_monitoring_slo",
  "google_monitoring_uptime_check_config",
  "google_project_iam_audit_config",
  "google_project_iam_custom_role",
  "google_project_iam_member",
  "google_project_service",
  "google_project_service_identity",
  "google_pubsub_subscription",
  "google_pubsub_subscription_iam_member",
  "google_pubsub_topic",
  "google_pubsub_topic_iam_member",
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
  "google_storage_bucket_iam_binding",
  "google_storage_bucket_iam_member",
  "google_storage_bucket_object",
  "google_storage_managed_folder",
  "google_storage_managed_folder_iam_member",
];

const COMMON = [
  "roles/artifactregistry.admin",
  "roles/browser",
  "roles/cloudfunctions.developer",
  "roles/cloudsql.admin",
  "roles/compute.networkAdmin",
  "roles/compute.securityAdmin",
  "roles/iam.serviceAccountAdmin",
  "roles/iam.serviceAccountUser",
  "roles/iap.admin",
  "roles/monitoring.editor",
  "roles/pubsub.admin",
  "roles/redis.admin",
  "roles/run.admin",
  "roles/servicenetworking.networksAdmin",
  "roles/serviceusage.serviceUsageAdmin",
];

/** Project roles that the stacks grant, and hence all that a workflow may grant or take there. */
const GRANTS = ["roles/cloudsql.client", "roles/logging.logWriter", "roles/storage.objectViewer"];

/**
 * Predefined roles of the service account that applies an environment's stacks, one for each type of resource in them, beside
 * its custom role; and the project roles that it may grant. A test compares both with the synthesized stacks.
 */
export const APPLY_ROLES: Readonly<Record<EnvironmentName, ApplyRoles>> = {
  staging: { predefined: COMMON, grants: GRANTS },
  production: {
    predefined: [
      ...COMMON,
      "roles/certificatemanager.owner",
      "roles/cloudkms.admin",
      "roles/cloudscheduler.admin",
      "roles/compute.loadBalancerAdmin",
      "roles/dns.admin",
    ],
    grants: GRANTS,
  },
};
