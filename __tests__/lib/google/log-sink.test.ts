import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import type { Stack } from "../../../lib/core/stack";
import { KmsKeys } from "../../../lib/google/kms";
import { type LogArchive, type LogDataset, LogSink, type LogSinkProps } from "../../../lib/google/log-sink";
import { synthesize } from "../../support/synth";

const ARCHIVE: LogArchive = {
  bucketName: "project-audit-logs",
  location: "us-central1",
  retentionDays: 400,
  deletionProtection: false,
};

function sink(
  destination: LogSinkProps["destination"] | ((stack: Stack) => LogSinkProps["destination"]),
  props: Partial<LogSinkProps> = {},
) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google");
    const made = new LogSink(stack, "audit", {
      projectId: "project",
      name: "audit-logs",
      filter: 'logName:"cloudaudit.googleapis.com"',
      destination: typeof destination === "function" ? destination(stack) : destination,
      labels: { environment: "test" },
      ...props,
    });
    stack.output("writer", { value: made.writerIdentity });
    stack.output("bucket", { value: made.bucketName ?? "none" });
    stack.output("dataset", { value: made.datasetId ?? "none" });
  });
}

describe("LogSink", () => {
  test("keeps a protected archive from Terraform too", () => {
    const bucket = sink({ ...ARCHIVE, deletionProtection: true }).resource(
      "google_storage_bucket",
      "audit_archive",
    );
    expect(bucket["lifecycle"]).toEqual({ prevent_destroy: true });
  });

  test("writes with an identity of its own to a bucket that nobody can change or see", () => {
    const stack = sink(ARCHIVE, { description: "Who did what" });
    expect(stack.resource("google_logging_project_sink", "audit")).toEqual({
      project: "project",
      name: "audit-logs",
      description: "Who did what",
      filter: 'logName:"cloudaudit.googleapis.com"',
      destination: "storage.googleapis.com/${google_storage_bucket.audit_archive.name}",
      unique_writer_identity: true,
    });
    expect(stack.resource("google_storage_bucket", "audit_archive")).toEqual({
      project: "project",
      name: "project-audit-logs",
      location: "us-central1",
      storage_class: "STANDARD",
      uniform_bucket_level_access: true,
      public_access_prevention: "enforced",
      force_destroy: false,
      retention_policy: { retention_period: 34_560_000, is_locked: false },
      lifecycle_rule: [{ action: { type: "Delete" }, condition: { age: 400 } }],
      labels: { environment: "test" },
    });
    expect(stack.resource("google_storage_bucket_iam_member", "audit_writer")).toEqual({
      bucket: "${google_storage_bucket.audit_archive.name}",
      role: "roles/storage.objectCreator",
      member: "${google_logging_project_sink.audit.writer_identity}",
    });
    expect(stack.outputs).toEqual({
      writer: { value: "${google_logging_project_sink.audit.writer_identity}" },
      bucket: { value: "${google_storage_bucket.audit_archive.name}" },
      dataset: { value: "none" },
    });
  });

  test("class, lock and key are as given, and the bucket waits for the right to use the key", () => {
    const stack = sink((scope) => {
      const keys = new KmsKeys(scope, "keys", {
        projectId: "project",
        location: "us-central1",
        name: "logs",
        keys: { archive: { serviceAgents: ["storage.googleapis.com"] } },
      });
      return { ...ARCHIVE, storageClass: "COLDLINE", lock: true, encryptionKey: keys.key("archive") };
    });
    expect(stack.resource("google_storage_bucket", "audit_archive")).toMatchObject({
      storage_class: "COLDLINE",
      retention_policy: { is_locked: true },
      encryption: { default_kms_key_name: "${google_kms_crypto_key.keys_archive.id}" },
      depends_on: ["google_kms_crypto_key_iam_member.keys_archive_storage"],
    });
  });

  test("to what exists it makes and grants nothing", () => {
    const dataset = "bigquery.googleapis.com/projects/project/datasets/audit_logs";
    const stack = sink(dataset);
    expect(stack.resource("google_logging_project_sink", "audit")).toMatchObject({
      destination: dataset,
      bigquery_options: { use_partitioned_tables: true },
    });
    expect(Object.keys(stack.json["resource"])).toEqual(["google_logging_project_sink"]);
    const topic = "pubsub.googleapis.com/projects/project/topics/logs";
    expect(sink(topic).resource("google_logging_project_sink", "audit")).not.toHaveProperty(
      "bigquery_options",
    );
  });

  const DATASET: LogDataset = {
    datasetId: "audit_logs",
    location: "us-central1",
    retentionDays: 365,
    deletionProtection: false,
  };

  test("makes a dataset with partitioned tables whose days expire, and lets its own identity alone write there", () => {
    const stack = sink(DATASET, { description: "Who did what" });
    expect(stack.resource("google_bigquery_dataset", "audit_dataset")).toEqual({
      project: "project",
      dataset_id: "audit_logs",
      description: "Who did what",
      location: "us-central1",
      default_partition_expiration_ms: 31_536_000_000,
      delete_contents_on_destroy: false,
      labels: { environment: "test" },
    });
    expect(stack.resource("google_logging_project_sink", "audit")).toMatchObject({
      destination: "bigquery.googleapis.com/${google_bigquery_dataset.audit_dataset.id}",
      unique_writer_identity: true,
      bigquery_options: { use_partitioned_tables: true },
    });
    expect(stack.resource("google_bigquery_dataset_iam_member", "audit_writer")).toEqual({
      project: "project",
      dataset_id: "${google_bigquery_dataset.audit_dataset.dataset_id}",
      role: "roles/bigquery.dataEditor",
      member: "${google_logging_project_sink.audit.writer_identity}",
    });
    expect(stack.outputs).toMatchObject({
      bucket: { value: "none" },
      dataset: { value: "${google_bigquery_dataset.audit_dataset.dataset_id}" },
    });
  });

  test("a dataset has no access blocks, which would overwrite the writer's grant", () => {
    expect(sink(DATASET).resource("google_bigquery_dataset", "audit_dataset")).not.toHaveProperty("access");
  });

  test("a dataset is protected and encrypted as told, once BigQuery may use the key", () => {
    const stack = sink((scope) => ({
      ...DATASET,
      location: "EU",
      deletionProtection: true,
      encryptionKey: new KmsKeys(scope, "keys", {
        projectId: "project",
        location: "EU",
        name: "logs",
        keys: { audit: { serviceAgents: ["bigquery.googleapis.com"] } },
      }).key("audit"),
    }));
    expect(stack.resource("google_bigquery_dataset", "audit_dataset")).toMatchObject({
      location: "EU",
      default_encryption_configuration: { kms_key_name: "${google_kms_crypto_key.keys_audit.id}" },
      depends_on: ["google_kms_crypto_key_iam_member.keys_audit_bigquery"],
      lifecycle: { prevent_destroy: true },
    });
    expect(stack.resource("google_kms_key_ring", "keys").location).toBe("europe");
  });
});
