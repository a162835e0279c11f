import type { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import type { Stack } from "../../lib/core/stack";
import { Bucket } from "../../lib/google/bucket";
import { KmsKeys } from "../../lib/google/kms";
import { Networking } from "../../lib/google/networking";
import { Redis } from "../../lib/google/redis";

export function declare(stack: Stack): void {
  const common = {
    projectId: "acme-prod",
    region: "us-central1",
    labels: { environment: "production", managed_by: "terraform" },
  };
  const network = new Networking(stack, "network", {
    ...common,
    name: "acme-vpc",
    subnets: {},
    privateServices: { cidr: "10.3.0.0/16" },
  });
  const keys = new KmsKeys(stack, "keys", {
    ...common,
    location: "us-central1",
    name: "acme",
    keys: {
      redis: { serviceAgents: ["redis.googleapis.com"] },
      exports: { serviceAgents: ["storage.googleapis.com"] },
    },
    googleBeta: stack.node.findChild("google-beta") as GoogleBetaProvider,
  });
  new Redis(stack, "sessions", {
    ...common,
    name: "sessions",
    tier: "STANDARD_HA",
    memorySizeGb: 5,
    version: "REDIS_7_0",
    network,
    reservedIpRange: "acme-vpc-private-services",
    zone: "us-central1-a",
    alternativeZone: "us-central1-b",
    replicaCount: 1,
    transitEncryptionMode: "SERVER_AUTHENTICATION",
    configs: { "maxmemory-policy": "allkeys-lru", "notify-keyspace-events": "Ex", activedefrag: "yes" },
    persistence: { snapshotPeriod: "TWENTY_FOUR_HOURS", startTime: "2026-01-01T03:00:00Z" },
    maintenanceWindow: { day: 7, hour: 3 },
    encryptionKey: keys.key("redis"),
    deletionProtection: true,
  });
  const reading = new Redis(stack, "catalogue", {
    ...common,
    name: "catalogue",
    tier: "STANDARD_HA",
    memorySizeGb: 6,
    network,
    connectMode: "DIRECT_PEERING",
    reservedIpRange: "10.9.0.0/28",
    replicaCount: 3,
    readReplicas: true,
    encryptionKey: keys.key("redis"),
    deletionProtection: true,
  });
  stack.output("read_endpoint", { value: reading.readEndpoint });
  new Bucket(stack, "exports", {
    projectId: "acme-prod",
    name: "acme-prod-exports",
    location: "us-central1",
    lifecycleRules: [{ action: "DELETE", ageDays: 90 }],
    encryptionKey: { ...keys.key("exports"), location: "us-central1" },
    writers: { catalogue: reading.exportMember },
    deletionProtection: true,
    labels: common.labels,
  });
}
