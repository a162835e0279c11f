import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { grantRole, type RoleGrant } from "../../../lib/google/role-grants";
import { synthesize } from "../../support/synth";

test.each<[string, string, RoleGrant["on"], Record<string, string>]>([
  ["a bucket", "storage_bucket", { bucket: "b" }, { bucket: "b" }],
  [
    "a repository",
    "artifact_registry_repository",
    { repository: "r", location: "l" },
    { project: "p1", repository: "r", location: "l" },
  ],
  [
    "a repository of another project",
    "artifact_registry_repository",
    { repository: "r", location: "l", projectId: "p2" },
    { project: "p2", repository: "r", location: "l" },
  ],
  [
    "a service",
    "cloud_run_v2_service",
    { service: "s", location: "l" },
    { project: "p1", name: "s", location: "l" },
  ],
  ["a job", "cloud_run_v2_job", { job: "j", location: "l" }, { project: "p1", name: "j", location: "l" }],
  [
    "a worker pool",
    "cloud_run_v2_worker_pool",
    { workerPool: "w", location: "l" },
    { project: "p1", name: "w", location: "l" },
  ],
  ["a dataset", "bigquery_dataset", { dataset: "d" }, { project: "p1", dataset_id: "d" }],
  ["a topic", "pubsub_topic", { topic: "t" }, { project: "p1", topic: "t" }],
  ["a subscription", "pubsub_subscription", { subscription: "s" }, { project: "p1", subscription: "s" }],
  ["a secret", "secret_manager_secret", { secret: "s" }, { project: "p1", secret_id: "s" }],
  ["a key", "kms_crypto_key", { key: "k" }, { crypto_key_id: "k" }],
  ["an account", "service_account", { serviceAccount: "a" }, { service_account_id: "a" }],
  ["the project", "project", undefined, { project: "p1" }],
])("a role is granted on %s", (_, type, on, where) => {
  const condition = { title: "t", expression: 'resource.name != "x"' };
  const granted = synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    grantRole(stack, "granted", "p1", "group:team@example.com", { role: "roles/x", on, condition });
  });
  // One grant, and nothing else.
  expect(granted.addresses).toEqual([`google_${type}_iam_member.granted`]);
  expect(granted.resource(`google_${type}_iam_member`, "granted")).toEqual({
    ...where,
    role: "roles/x",
    member: "group:team@example.com",
    condition,
  });
});
