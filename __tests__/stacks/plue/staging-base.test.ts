import { countResources, inventory } from "../../support/inventory";
import { synthesizeStack } from "../../support/program";
import { reviewable } from "../../support/snapshot";

const stack = synthesizeStack("staging-base");

test("staging-base in whole", () => {
  expect(reviewable(stack)).toMatchSnapshot();
});

test("what is in it", () => {
  expect(countResources(stack)).toBe(68);
  expect(inventory(stack)).toEqual({
    cloudflare_dns_record: ["certificate_staging_plue_dev_record", "*.staging.plue.dev"],
    google_artifact_registry_repository: ["plue"],
    google_artifact_registry_repository_iam_member: [
      "roles/artifactregistry.reader to serviceAccount:google_service_account.cluster_node_account.email",
    ],
    google_billing_budget: ["staging-base"],
    google_binary_authorization_policy: ["images"],
    google_certificate_manager_certificate: ["plue-staging-wildcard-staging-plue-dev"],
    google_certificate_manager_certificate_map: ["plue-staging"],
    google_certificate_manager_certificate_map_entry: ["plue-staging-wildcard-staging-plue-dev"],
    google_certificate_manager_dns_authorization: ["plue-staging-staging-plue-dev"],
    google_compute_firewall: ["plue-staging-vpc-default-deny-ingress"],
    google_compute_global_address: ["plue-staging-ingress", "plue-staging-vpc-private-services"],
    google_compute_network: ["plue-staging-vpc"],
    google_compute_router: ["plue-staging-vpc-router"],
    google_compute_router_nat: ["plue-staging-vpc-nat"],
    google_compute_ssl_policy: ["plue-staging"],
    google_compute_subnetwork: ["plue-staging-subnet"],
    google_container_cluster: ["plue-staging"],
    google_container_node_pool: ["default-pool", "sandbox-pool"],
    google_monitoring_alert_policy: [
      "Staging: database connections run out",
      "plue-staging: the databases' rights are not as they should be",
      "plue-staging: a secret is due for rotation",
    ],
    google_monitoring_notification_channel: ["platform@plue.dev"],
    google_project_iam_audit_config: [
      "artifactregistry.googleapis.com",
      "cloudkms.googleapis.com",
      "cloudsql.googleapis.com",
      "container.googleapis.com",
      "iam.googleapis.com",
      "secretmanager.googleapis.com",
      "storage.googleapis.com",
      "sts.googleapis.com",
    ],
    google_project_iam_member: [
      "roles/container.defaultNodeServiceAccount to google_service_account.cluster_node_account.member",
      "roles/cloudsql.client to google_service_account.database_grants.member",
    ],
    google_project_service: [
      "artifactregistry.googleapis.com",
      "billingbudgets.googleapis.com",
      "binaryauthorization.googleapis.com",
      "certificatemanager.googleapis.com",
      "cloudkms.googleapis.com",
      "cloudresourcemanager.googleapis.com",
      "compute.googleapis.com",
      "container.googleapis.com",
      "iam.googleapis.com",
      "iamcredentials.googleapis.com",
      "logging.googleapis.com",
      "monitoring.googleapis.com",
      "pubsub.googleapis.com",
      "secretmanager.googleapis.com",
      "servicenetworking.googleapis.com",
      "sqladmin.googleapis.com",
      "storage.googleapis.com",
    ],
    google_project_service_identity: ["secretmanager.googleapis.com"],
    google_pubsub_subscription: ["plue-staging-secret-rotation"],
    google_pubsub_topic: ["plue-staging-secret-rotation"],
    google_pubsub_topic_iam_member: [
      "roles/pubsub.publisher to google_project_service_identity.secrets_rotation_reminders_agent.member",
    ],
    google_secret_manager_secret: [
      "anthropic-api-key",
      "cloudflare-api-token",
      "github-app-private-key",
      "plue-staging-db-password",
    ],
    google_secret_manager_secret_iam_member: [
      "roles/secretmanager.secretAccessor to google_service_account.database_grants.member",
    ],
    google_secret_manager_secret_version: ["sql_admin_secret_version"],
    google_service_account: ["plue-staging-nodes", "database-grants"],
    google_service_account_iam_member: [
      "roles/iam.workloadIdentityUser to serviceAccount:google_container_cluster.cluster.workload_identity_config[0].workload_pool[database-grants/database-grants]",
    ],
    google_service_networking_connection: ["servicenetworking.googleapis.com"],
    google_sql_database_instance: ["plue-staging"],
    google_sql_user: ["plue"],
    "data.google_project": ["budget_project"],
    "ephemeral.random_password": ["sql_admin_password"],
  });
});

test("one record leads every engineer's host to the Gateway, and not through Cloudflare, which has no certificate for it", () => {
  expect(stack.resource("cloudflare_dns_record", "dns_engineers")).toMatchObject({
    name: "*.staging.plue.dev",
    type: "A",
    content: "${google_compute_global_address.network_ingress.address}",
    proxied: false,
    ttl: 1,
  });
  expect(
    stack.resource("google_certificate_manager_certificate", "certificate_wildcard_staging_plue_dev")[
      "managed"
    ].domains,
  ).toEqual(["*.staging.plue.dev"]);
});

test("engineers make their own databases", () => {
  expect(stack.resources("google_sql_database")).toEqual({});
});

test("people are told at 80 % of the 25 connections that db-f1-micro allows", () => {
  const alert = stack.resource("google_monitoring_alert_policy", "monitoring_alerts_database_connections");
  expect(alert["conditions"][0].condition_threshold.threshold_value).toBe(20);
});

test("outputs what all GCP stacks do, and nothing else", () => {
  expect(Object.keys(stack.outputs)).toEqual([
    "certificate_map_name",
    "cluster_ca_certificate",
    "cluster_dns_endpoint",
    "cluster_endpoint",
    "cluster_location",
    "cluster_name",
    "database_grants_service_account",
    "ingress_address_name",
    "ingress_ip",
    "network_name",
    "node_service_account",
    "project_id",
    "region",
    "registry_repository_id",
    "registry_url",
    "sql_admin_secret_id",
    "sql_admin_user",
    "sql_connection_name",
    "sql_instance_name",
    "sql_private_ip",
    "ssl_policy_name",
    "workload_pool",
  ]);
});
