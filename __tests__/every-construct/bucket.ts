import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import type { Stack } from "../../lib/core/stack";
import { Bucket } from "../../lib/google/bucket";
import { KmsKeys } from "../../lib/google/kms";

const PROJECT = "acme-prod";
const LABELS = { environment: "production", managed_by: "terraform" };

export function declare(stack: Stack): void {
  const keys = new KmsKeys(stack, "keys", {
    projectId: PROJECT,
    location: "US",
    name: "acme-buckets",
    keys: { objects: { serviceAgents: ["storage.googleapis.com"] } },
    labels: LABELS,
  });
  const encryptionKey = { ...keys.key("objects"), location: "US" };
  const { member } = new ServiceAccount(stack, "job", { project: PROJECT, accountId: "acme-job" });
  const logs = new Bucket(stack, "usage", {
    projectId: PROJECT,
    name: "acme-prod-usage",
    location: "US",
    lifecycleRules: [{ action: "DELETE", ageDays: 90 }],
    encryptionKey,
    creators: { "cloud-storage": "group:cloud-storage-analytics@google.com" },
    deletionProtection: true,
    labels: LABELS,
  });
  new Bucket(stack, "archive", {
    projectId: PROJECT,
    name: "acme-prod-archive",
    location: "US",
    storageClass: "STANDARD",
    versioning: { days: 30, keep: 3 },
    lifecycleRules: [
      { action: "NEARLINE", ageDays: 30, classes: ["STANDARD"] },
      { action: "ARCHIVE", ageDays: 365, prefixes: ["reports/"], suffixes: [".csv"] },
      { action: "DELETE", newerVersions: 10 },
      { action: "ABORT_UPLOADS", ageDays: 7 },
    ],
    softDeleteDays: 30,
    retentionDays: 7,
    retentionLocked: true,
    encryptionKey,
    cors: [
      {
        origins: ["https://app.acme.example"],
        methods: ["GET", "PUT"],
        headers: ["Content-Type"],
        maxAgeSeconds: 600,
      },
    ],
    readers: { job: member },
    writers: { job: member },
    creators: { job: member },
    managedFolders: {
      "reports/daily": { readers: { job: member }, writers: { job: member }, creators: { job: member } },
    },
    accessLogs: { bucket: logs, prefix: "archive" },
    deletionProtection: true,
    labels: LABELS,
  });
  new Bucket(stack, "website", {
    projectId: PROJECT,
    name: "acme-prod-website",
    location: "us-central1",
    softDeleteDays: 0,
    publicRead: true,
    website: { mainPage: "index.html", notFoundPage: "404.html" },
    deletionProtection: true,
    labels: LABELS,
  });
}
