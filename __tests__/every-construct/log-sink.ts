import type { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import type { Stack } from "../../lib/core/stack";
import { AuditLogging } from "../../lib/google/audit-logging";
import { KmsKeys } from "../../lib/google/kms";
import { LogSink } from "../../lib/google/log-sink";

export function declare(stack: Stack): void {
  const common = {
    projectId: "acme-prod",
    labels: { environment: "production", managed_by: "terraform" },
  };
  const keys = new KmsKeys(stack, "keys", {
    ...common,
    location: "EU",
    name: "acme-logs",
    keys: {
      audit: { serviceAgents: ["bigquery.googleapis.com", "storage.googleapis.com"] },
    },
    googleBeta: stack.node.findChild("google-beta") as GoogleBetaProvider,
  });
  const encryptionKey = keys.key("audit");
  new LogSink(stack, "queries", {
    ...common,
    name: "audit-log-sink",
    description: "Who changed rights",
    filter: 'protoPayload.methodName:"google.iam"',
    destination: {
      datasetId: "audit_logs",
      location: "EU",
      retentionDays: 365,
      encryptionKey,
      deletionProtection: true,
    },
  });
  new LogSink(stack, "archive", {
    ...common,
    name: "audit-archive",
    description: "Who did what",
    filter: 'logName:"cloudaudit.googleapis.com"',
    destination: {
      bucketName: "acme-prod-audit-logs",
      location: "EU",
      retentionDays: 400,
      lock: true,
      storageClass: "COLDLINE",
      encryptionKey,
      deletionProtection: true,
    },
  });
  new AuditLogging(stack, "audit", {
    projectId: "acme-prod",
    services: {
      allServices: {
        ADMIN_READ: {},
        DATA_READ: { exemptedMembers: ["serviceAccount:prometheus@acme-prod.iam.gserviceaccount.com"] },
        DATA_WRITE: {},
      },
    },
  });
}
