import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { Bucket, type BucketProps } from "../../../lib/google/bucket";
import { KmsKeys, keyRingLocation } from "../../../lib/google/kms";
import { synthesize } from "../../support/synth";

function bucket(props: Partial<BucketProps> = {}) {
  const stack = synthesize((scope) => {
    new GoogleProvider(scope, "google");
    new Bucket(scope, "data", {
      projectId: "shop",
      name: "shop-data",
      location: "us-central1",
      deletionProtection: true,
      ...props,
    });
  });
  return { stack, data: stack.resource("google_storage_bucket", "data") };
}

describe("Bucket", () => {
  test("is private, by IAM alone, restorable for a week, and kept, with the least that it takes", () => {
    const { stack, data } = bucket();
    expect(data).toEqual({
      project: "shop",
      name: "shop-data",
      location: "us-central1",
      storage_class: "STANDARD",
      uniform_bucket_level_access: true,
      public_access_prevention: "enforced",
      force_destroy: false,
      versioning: { enabled: false },
      soft_delete_policy: { retention_duration_seconds: 604_800 },
      lifecycle: { prevent_destroy: true },
    });
    expect(stack.addresses).toEqual(["google_storage_bucket.data"]);
  });

  test("unprotected it may be destroyed by Terraform, and its objects by nobody on the way", () => {
    const { data } = bucket({ deletionProtection: false });
    expect(data["lifecycle"]).toBeUndefined();
    expect(data["force_destroy"]).toBe(false);
  });

  test("soft delete is written also where it is off", () => {
    expect(bucket({ softDeleteDays: 0 }).data["soft_delete_policy"]).toEqual({
      retention_duration_seconds: 0,
    });
    expect(bucket({ softDeleteDays: 90 }).data["soft_delete_policy"]).toEqual({
      retention_duration_seconds: 7_776_000,
    });
  });

  test("old versions go: after days, beyond a number, or when both hold", () => {
    const conditionOf = (versioning: BucketProps["versioning"]) => {
      const { data } = bucket({ versioning });
      expect(data["versioning"]).toEqual({ enabled: true });
      expect(data["lifecycle_rule"]).toMatchObject([{ action: { type: "Delete" } }]);
      return data["lifecycle_rule"][0].condition;
    };
    expect(conditionOf({ days: 30 })).toEqual({ days_since_noncurrent_time: 30, with_state: "ARCHIVED" });
    expect(conditionOf({ keep: 3 })).toEqual({ num_newer_versions: 3, with_state: "ARCHIVED" });
    expect(conditionOf({ days: 30, keep: 3 })).toEqual({
      days_since_noncurrent_time: 30,
      num_newer_versions: 3,
      with_state: "ARCHIVED",
    });
  });

  test("lifecycle rules delete, abort or move by age, name and class", () => {
    const { data } = bucket({
      lifecycleRules: [
        { action: "NEARLINE", ageDays: 30, classes: ["STANDARD"] },
        { action: "DELETE", ageDays: 365, prefixes: ["logs/"], suffixes: [".gz"] },
        { action: "ABORT_UPLOADS", ageDays: 7 },
      ],
    });
    expect(data["lifecycle_rule"]).toEqual([
      {
        action: { type: "SetStorageClass", storage_class: "NEARLINE" },
        condition: { age: 30, matches_storage_class: ["STANDARD"], with_state: "ANY" },
      },
      {
        action: { type: "Delete" },
        condition: { age: 365, matches_prefix: ["logs/"], matches_suffix: [".gz"], with_state: "ANY" },
      },
      { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7, with_state: "ANY" } },
    ]);
  });

  test("retention can be shortened unless it is locked", () => {
    expect(bucket({ retentionDays: 30 }).data["retention_policy"]).toEqual({
      retention_period: 2_592_000,
      is_locked: false,
    });
    expect(bucket({ retentionDays: 1, retentionLocked: true }).data["retention_policy"]).toEqual({
      retention_period: 86_400,
      is_locked: true,
    });
  });

  test("a key's location follows from the bucket's, and the bucket waits until Cloud Storage may use the key", () => {
    expect(["US", "EU", "ASIA", "NAM4", "EUR4", "us-central1"].map(keyRingLocation)).toEqual([
      "us",
      "europe",
      "asia",
      "nam4",
      "eur4",
      "us-central1",
    ]);
    const stack = synthesize((scope) => {
      new GoogleProvider(scope, "google");
      const keys = new KmsKeys(scope, "keys", {
        projectId: "shop",
        location: keyRingLocation("EU"),
        name: "ring",
        keys: { data: { serviceAgents: ["storage.googleapis.com"] } },
      });
      new Bucket(scope, "data", {
        projectId: "shop",
        name: "shop-data",
        location: "EU",
        encryptionKey: keys.key("data"),
        deletionProtection: true,
      });
    });
    expect(stack.resource("google_storage_bucket", "data")).toMatchObject({
      encryption: { default_kms_key_name: "${google_kms_crypto_key.keys_data.id}" },
      depends_on: ["google_kms_crypto_key_iam_member.keys_data_storage"],
    });
  });

  test("a public one says so in a label, and shows what one knows the name of without listing anything", () => {
    const { stack, data } = bucket({
      publicRead: true,
      website: { mainPage: "index.html", notFoundPage: "404.html" },
      labels: { environment: "test" },
    });
    expect(data).toMatchObject({
      public_access_prevention: "inherited",
      website: { main_page_suffix: "index.html", not_found_page: "404.html" },
      labels: { environment: "test", access: "public" },
    });
    expect(stack.resource("google_storage_bucket_iam_member", "data_public")).toEqual({
      bucket: "${google_storage_bucket.data.name}",
      role: "roles/storage.legacyObjectReader",
      member: "allUsers",
    });
  });

  test("members read, write or only add, in the bucket or a folder of it", () => {
    const access = {
      readers: { r: "user:reader@example.com" },
      writers: { w: "user:writer@example.com" },
      creators: { c: "user:creator@example.com" },
    };
    const { stack } = bucket({ ...access, managedFolders: { "reports/daily": access } });
    const rolesOf = (type: string) =>
      Object.fromEntries(
        Object.entries(stack.resources(type)).map(([id, { role, member }]) => [id, [role, member]]),
      );
    expect(rolesOf("google_storage_bucket_iam_member")).toEqual({
      data_readers_r: ["roles/storage.objectViewer", "user:reader@example.com"],
      data_writers_w: ["roles/storage.objectUser", "user:writer@example.com"],
      data_creators_c: ["roles/storage.objectCreator", "user:creator@example.com"],
    });
    expect(rolesOf("google_storage_managed_folder_iam_member")).toEqual({
      data_reports_daily_readers_r: ["roles/storage.objectViewer", "user:reader@example.com"],
      data_reports_daily_writers_w: ["roles/storage.objectUser", "user:writer@example.com"],
      data_reports_daily_creators_c: ["roles/storage.objectCreator", "user:creator@example.com"],
    });
    expect(stack.resource("google_storage_managed_folder", "data_reports_daily")).toEqual({
      bucket: "${google_storage_bucket.data.name}",
      name: "reports/daily/",
    });
    expect(
      stack.resource("google_storage_managed_folder_iam_member", "data_reports_daily_readers_r"),
    ).toMatchObject({ managed_folder: "${google_storage_managed_folder.data_reports_daily.name}" });
  });

  test("scripts of other origins and usage logs come as they are asked for", () => {
    const { data } = bucket({
      cors: [{ origins: ["https://app.example.com"], methods: ["GET"], headers: ["Content-Type"] }],
      accessLogs: { bucket: { bucketName: "shop-logs" } },
    });
    expect(data["cors"]).toEqual([
      {
        origin: ["https://app.example.com"],
        method: ["GET"],
        response_header: ["Content-Type"],
        max_age_seconds: 3600,
      },
    ]);
    expect(data["logging"]).toEqual({ log_bucket: "shop-logs", log_object_prefix: "shop-data" });
  });

  test("outputs name it", () => {
    const { outputs } = synthesize((scope) => {
      new GoogleProvider(scope, "google");
      const made = new Bucket(scope, "data", {
        projectId: "shop",
        name: "shop-data",
        location: "US",
        deletionProtection: true,
      });
      for (const [name, value] of Object.entries({
        name: made.bucketName,
        url: made.url,
        location: made.location,
        public: made.isPublic,
      }))
        scope.output(name, { value });
    });
    expect(outputs).toEqual({
      name: { value: "${google_storage_bucket.data.name}" },
      url: { value: "gs://${google_storage_bucket.data.name}" },
      location: { value: "US" },
      public: { value: false },
    });
  });
});
