/** What Terraform needs for one type of resource. */
export interface TypePermissions {
  /** To refresh it in a plan: no more than reading settings and IAM, never a secret's value or a database's rows. */
  readonly plan: readonly string[];
  /** To make, change and destroy it: a predefined role, or permissions where every predefined role would hold too much. */
  readonly apply: string | readonly string[];
}

const PROJECT_IAM = {
  plan: ["resourcemanager.projects.get", "resourcemanager.projects.getIamPolicy"],
  apply: "roles/resourcemanager.projectIamAdmin",
};
const SERVICE_ACCOUNTS = {
  plan: ["iam.serviceAccounts.get", "iam.serviceAccounts.getIamPolicy"],
  apply: "roles/iam.serviceAccountAdmin",
};
const NETWORK = "roles/compute.networkAdmin";
const CERTIFICATES = "roles/certificatemanager.owner";
const SQL = "roles/cloudsql.admin";
const MONITORING = "roles/monitoring.editor";
const CLUSTERS = "roles/container.admin";
const KEYS = "roles/cloudkms.admin";
/** Without secretmanager.versions.access: write-only values are added and never read. */
const SECRETS = [
  "secretmanager.secrets.create",
  "secretmanager.secrets.delete",
  "secretmanager.secrets.get",
  "secretmanager.secrets.getIamPolicy",
  "secretmanager.secrets.setIamPolicy",
  "secretmanager.secrets.update",
  "secretmanager.versions.add",
  "secretmanager.versions.destroy",
  "secretmanager.versions.disable",
  "secretmanager.versions.enable",
  "secretmanager.versions.get",
];
/** Without any of storage.objects: buckets are made, their objects are not looked at. */
const BUCKETS = {
  plan: ["storage.buckets.get", "storage.buckets.getIamPolicy"],
  apply: [
    "storage.buckets.create",
    "storage.buckets.delete",
    "storage.buckets.get",
    "storage.buckets.getIamPolicy",
    "storage.buckets.setIamPolicy",
    "storage.buckets.update",
  ],
};

/**
 * Every type of Google resource and data source that a stack declares. Kubernetes objects and Helm releases (which live
 * in ConfigMaps) are read with GKE's IAM permissions, among which those on Secrets are missing on purpose.
 *
 * Managed folders are missing: they are granted on the state bucket.
 *
 * @see https://cloud.google.com/iam/docs/roles-permissions
 */
export const TERRAFORM_PERMISSIONS: Readonly<Record<string, TypePermissions>> = {
  google_artifact_registry_repository: {
    plan: ["artifactregistry.repositories.get"],
    apply: "roles/artifactregistry.admin",
  },
  google_artifact_registry_repository_iam_member: {
    plan: ["artifactregistry.repositories.getIamPolicy"],
    apply: "roles/artifactregistry.admin",
  },
  "data.google_artifact_registry_docker_image": {
    plan: [
      "artifactregistry.dockerimages.get",
      "artifactregistry.dockerimages.list",
      "artifactregistry.repositories.get",
      "artifactregistry.tags.list",
    ],
    apply: "roles/artifactregistry.admin",
  },
  google_binary_authorization_policy: {
    plan: ["binaryauthorization.policy.get"],
    apply: "roles/binaryauthorization.policyEditor",
  },
  google_certificate_manager_certificate: { plan: ["certificatemanager.certs.get"], apply: CERTIFICATES },
  google_certificate_manager_certificate_map: {
    plan: ["certificatemanager.certmaps.get"],
    apply: CERTIFICATES,
  },
  google_certificate_manager_certificate_map_entry: {
    plan: ["certificatemanager.certmapentries.get"],
    apply: CERTIFICATES,
  },
  google_certificate_manager_dns_authorization: {
    plan: ["certificatemanager.dnsauthorizations.get"],
    apply: CERTIFICATES,
  },
  google_compute_firewall: { plan: ["compute.firewalls.get"], apply: "roles/compute.securityAdmin" },
  google_compute_global_address: { plan: ["compute.globalAddresses.get"], apply: NETWORK },
  google_compute_network: { plan: ["compute.networks.get"], apply: NETWORK },
  google_compute_router: { plan: ["compute.routers.get"], apply: NETWORK },
  google_compute_router_nat: { plan: ["compute.routers.get"], apply: NETWORK },
  google_compute_security_policy: {
    plan: ["compute.securityPolicies.get"],
    apply: "roles/compute.securityAdmin",
  },
  google_compute_ssl_policy: { plan: ["compute.sslPolicies.get"], apply: "roles/compute.securityAdmin" },
  google_compute_subnetwork: { plan: ["compute.subnetworks.get"], apply: NETWORK },
  google_container_cluster: {
    plan: ["container.clusters.get", "container.operations.get"],
    apply: CLUSTERS,
  },
  google_container_node_pool: {
    plan: ["compute.instanceGroupManagers.get", "container.clusters.get"],
    apply: CLUSTERS,
  },
  google_iam_workload_identity_pool: {
    plan: ["iam.workloadIdentityPools.get"],
    apply: "roles/iam.workloadIdentityPoolAdmin",
  },
  google_iam_workload_identity_pool_provider: {
    plan: ["iam.workloadIdentityPoolProviders.get"],
    apply: "roles/iam.workloadIdentityPoolAdmin",
  },
  google_kms_crypto_key: {
    plan: ["cloudkms.cryptoKeyVersions.get", "cloudkms.cryptoKeyVersions.list", "cloudkms.cryptoKeys.get"],
    apply: KEYS,
  },
  google_kms_crypto_key_iam_member: { plan: ["cloudkms.cryptoKeys.getIamPolicy"], apply: KEYS },
  google_kms_key_ring: { plan: ["cloudkms.keyRings.get"], apply: KEYS },
  google_logging_project_sink: { plan: ["logging.sinks.get"], apply: "roles/logging.configWriter" },
  google_monitoring_alert_policy: { plan: ["monitoring.alertPolicies.get"], apply: MONITORING },
  google_monitoring_notification_channel: {
    plan: ["monitoring.notificationChannels.get"],
    apply: MONITORING,
  },
  "data.google_monitoring_notification_channel": {
    plan: ["monitoring.notificationChannels.list"],
    apply: MONITORING,
  },
  google_monitoring_uptime_check_config: { plan: ["monitoring.uptimeCheckConfigs.get"], apply: MONITORING },
  "data.google_project": { plan: ["resourcemanager.projects.get"], apply: "roles/browser" },
  google_project_iam_audit_config: PROJECT_IAM,
  google_project_iam_binding: PROJECT_IAM,
  google_project_iam_custom_role: { plan: ["iam.roles.get"], apply: "roles/iam.roleAdmin" },
  google_project_iam_member: PROJECT_IAM,
  google_project_service: {
    plan: ["serviceusage.services.get", "serviceusage.services.list"],
    apply: "roles/serviceusage.serviceUsageAdmin",
  },
  google_project_service_identity: {
    plan: ["serviceusage.services.get"],
    apply: "roles/serviceusage.serviceUsageAdmin",
  },
  google_pubsub_subscription: { plan: ["pubsub.subscriptions.get"], apply: "roles/pubsub.admin" },
  google_pubsub_topic: { plan: ["pubsub.topics.get"], apply: "roles/pubsub.admin" },
  google_pubsub_topic_iam_member: { plan: ["pubsub.topics.getIamPolicy"], apply: "roles/pubsub.admin" },
  google_secret_manager_secret: { plan: ["secretmanager.secrets.get"], apply: SECRETS },
  google_secret_manager_secret_iam_member: { plan: ["secretmanager.secrets.getIamPolicy"], apply: SECRETS },
  // Its value is written and never read: the provider asks for it only where secret_data is set.
  google_secret_manager_secret_version: { plan: ["secretmanager.versions.get"], apply: SECRETS },
  google_service_account: SERVICE_ACCOUNTS,
  google_service_account_iam_member: SERVICE_ACCOUNTS,
  google_service_networking_connection: {
    plan: ["compute.networks.get", "servicenetworking.services.get"],
    apply: "roles/servicenetworking.networksAdmin",
  },
  google_sql_database: { plan: ["cloudsql.databases.get", "cloudsql.instances.get"], apply: SQL },
  google_sql_database_instance: { plan: ["cloudsql.instances.get", "cloudsql.users.list"], apply: SQL },
  google_sql_user: {
    plan: ["cloudsql.instances.get", "cloudsql.users.get", "cloudsql.users.list"],
    apply: SQL,
  },
  google_storage_bucket: BUCKETS,
  google_storage_bucket_iam_binding: BUCKETS,
  google_storage_bucket_iam_member: BUCKETS,
  "data.google_storage_project_service_account": {
    plan: ["resourcemanager.projects.get"],
    apply: "roles/browser",
  },
  helm_release: {
    plan: ["container.clusters.connect", "container.configMaps.get", "container.configMaps.list"],
    apply: CLUSTERS,
  },
  kubernetes_limit_range_v1: { plan: ["container.limitRanges.get"], apply: CLUSTERS },
  kubernetes_namespace_v1: { plan: ["container.namespaces.get"], apply: CLUSTERS },
  kubernetes_network_policy_v1: { plan: ["container.networkPolicies.get"], apply: CLUSTERS },
  kubernetes_resource_quota_v1: { plan: ["container.resourceQuotas.get"], apply: CLUSTERS },
  kubernetes_role_binding_v1: { plan: ["container.roleBindings.get"], apply: CLUSTERS },
  kubernetes_role_v1: { plan: ["container.roles.get"], apply: CLUSTERS },
};

/** Everything that a plan of any stack reads in a project, each once, sorted. */
export function planPermissions(): string[] {
  return unique(Object.values(TERRAFORM_PERMISSIONS).flatMap(({ plan }) => plan));
}

/** The permissions, besides predefined roles, of who applies; each once, sorted. */
export function applyPermissions(): string[] {
  return unique(
    Object.values(TERRAFORM_PERMISSIONS).flatMap(({ apply }) => (typeof apply === "string" ? [] : apply)),
  );
}

function unique(permissions: readonly string[]): string[] {
  return [...new Set(permissions)].sort();
}
