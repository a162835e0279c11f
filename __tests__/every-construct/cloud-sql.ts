import type { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import type { Stack } from "../../lib/core/stack";
import { AuditLogging } from "../../lib/google/audit-logging";
import { CloudSql } from "../../lib/google/cloud-sql";
import { KmsKeys } from "../../lib/google/kms";
import { Networking } from "../../lib/google/networking";

export function declare(stack: Stack): void {
  const googleBeta = stack.node.findChild("google-beta") as GoogleBetaProvider;
  const common = {
    projectId: "acme-prod",
    labels: { environment: "production", managed_by: "terraform" },
  };
  const network = new Networking(stack, "network", {
    ...common,
    region: "us-central1",
    name: "acme-vpc",
    subnets: {},
    privateServices: { cidr: "10.3.0.0/16" },
  });
  const key = (location: string) =>
    new KmsKeys(stack, `keys-${location}`, {
      ...common,
      location,
      name: "acme",
      keys: { sql: { serviceAgents: ["secretmanager.googleapis.com", "sqladmin.googleapis.com"] } },
      googleBeta,
    }).key("sql");
  const here = key("us-central1");
  const sql = new CloudSql(stack, "sql", {
    ...common,
    region: "us-central1",
    name: "acme-prod",
    network,
    databaseVersion: "POSTGRES_15",
    tier: "db-custom-4-16384",
    highAvailability: true,
    diskSizeGb: 200,
    diskAutoresize: true,
    diskAutoresizeLimitGb: 400,
    backup: {
      retained: 30,
      startTime: "03:00",
      pointInTimeRecovery: true,
      transactionLogRetentionDays: 7,
      retainedAfterDelete: true,
    },
    queryInsights: { queryStringLength: 4500, plansPerMinute: 5, recordApplicationTags: true },
    maintenanceWindow: { day: 7, hour: 3, updateTrack: "stable" },
    databaseFlags: { log_min_duration_statement: "1000", max_connections: "200" },
    extensions: ["vector", "pg_cron", "pglogical"],
    sslMode: "ENCRYPTED_ONLY",
    databases: ["shop"],
    replicas: {
      reports: { zone: "us-central1-b", tier: "db-custom-2-7680" },
      "us-east1": {
        name: "acme-prod-replica-us-east1",
        region: "us-east1",
        highAvailability: true,
        encryptionKey: key("us-east1"),
      },
    },
    admin: {
      name: "admin",
      secretId: "acme-prod-admin",
      secretEncryptionKey: here,
      passwordVersion: 1,
    },
    encryptionKey: here,
    deletionProtection: true,
  });
  stack.output("sql_connection_name", { value: sql.connectionName });
  new AuditLogging(stack, "audit", {
    projectId: "acme-prod",
    services: { "secretmanager.googleapis.com": { DATA_READ: {} } },
  });
}
