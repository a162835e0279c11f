import { hasArgument, labelsPath } from "../../../../tools/policy/rules/bindings";

test.each([
  ["google_pubsub_topic", ["labels"]],
  ["google_container_cluster", ["resource_labels"]],
  ["google_monitoring_alert_policy", ["user_labels"]],
  // Whose `labels` are the address it writes to.
  ["google_monitoring_notification_channel", ["user_labels"]],
  // Whose `labels` are the nodes' in Kubernetes.
  ["google_container_node_pool", ["node_config", "resource_labels"]],
  ["google_sql_database_instance", ["settings", "user_labels"]],
])("%s takes the labels of the bill as %j", (type, path) => {
  expect(labelsPath(type)).toEqual(path);
});

test.each(["google_compute_firewall", "google_sql_user", "google_nothing", "helm_release", "terraform_data"])(
  "%s takes none",
  (type) => expect(labelsPath(type)).toBeUndefined(),
);

test("knows which arguments a type has", () => {
  expect(hasArgument("google_secret_manager_secret", "deletion_protection")).toBe(true);
  expect(hasArgument("google_kms_crypto_key", "deletion_protection")).toBe(false);
  // Of a block inside.
  expect(hasArgument("google_sql_database_instance", "user_labels")).toBe(false);
});
