import type { CloudSqlProps, CloudSqlReplicaProps } from "../../lib/google/cloud-sql";
import type { GkeClusterProps, NodePoolProps } from "../../lib/google/gke-cluster";
import type { Level } from "../../lib/google/monitoring";
import type { RedisProps } from "../../lib/google/redis";
import type { EnvironmentName } from "./config";

/** IPv4 ranges of an environment: a /12 each, so that no two overlap. */
export interface Ranges {
  readonly nodes: string;
  readonly pods: string;
  readonly services: string;
  readonly database: string;
  readonly privateServices: string;
}

/** What the three environments differ in, beside what the configuration says. */
export interface EnvironmentSizes {
  readonly ranges: Ranges;
  readonly releaseChannel: GkeClusterProps["releaseChannel"];
  readonly nodes: NodePoolProps;
  readonly database: Pick<CloudSqlProps, "tier" | "highAvailability" | "diskSizeGb" | "backup">;
  /** Connections to the database that each of PgBouncer's two pods opens at most. */
  readonly poolSize: number;
  /** Read replicas. One in another region has a key there. */
  readonly replicas: Readonly<Record<string, CloudSqlReplicaProps>>;
  /** Redis instances, one unless the application shards. */
  readonly redis: Pick<RedisProps, "tier" | "memorySizeGb" | "replicaCount" | "readReplicas"> & {
    readonly instances: number;
  };
  /** The bucket of backups: its location, and after how many days an object goes. */
  readonly backups: { readonly location?: string; readonly days: number };
  /** Name of the zone below the domain. @default the domain itself */
  readonly zone?: string;
  /** Cloud Armor in front of the Gateway. */
  readonly armor: boolean;
  /** Prometheus, Grafana, Loki and Jaeger in the cluster. */
  readonly observability: boolean;
  /** What is watched: as much as tells that it works, or all that people get up for. */
  readonly monitoring: Level;
  /** Refuse deletion twice, in the API and in Terraform. */
  readonly protect: boolean;
}

export const SIZES: Readonly<Record<EnvironmentName, EnvironmentSizes>> = {
  dev: {
    ranges: {
      nodes: "10.0.0.0/20",
      pods: "10.4.0.0/14",
      services: "10.8.0.0/20",
      database: "10.1.0.0/24",
      privateServices: "10.2.0.0/16",
    },
    releaseChannel: "REGULAR",
    nodes: { machineType: "e2-standard-2", minNodes: 1, maxNodes: 3, diskSizeGb: 50, spot: true },
    database: {
      tier: "db-f1-micro",
      highAvailability: false,
      diskSizeGb: 20,
      backup: { retained: 7, pointInTimeRecovery: false },
    },
    poolSize: 5,
    replicas: {},
    redis: { instances: 1, tier: "BASIC", memorySizeGb: 2 },
    backups: { days: 90 },
    zone: "dev",
    armor: false,
    observability: false,
    monitoring: "basic",
    protect: false,
  },
  staging: {
    ranges: {
      nodes: "10.16.0.0/20",
      pods: "10.20.0.0/14",
      services: "10.24.0.0/20",
      database: "10.17.0.0/24",
      privateServices: "10.18.0.0/16",
    },
    releaseChannel: "REGULAR",
    nodes: { machineType: "e2-standard-4", minNodes: 4, maxNodes: 8, diskSizeGb: 50 },
    database: {
      tier: "db-custom-2-8192",
      highAvailability: true,
      diskSizeGb: 100,
      // Google wants it where there is a standby.
      backup: { retained: 14, pointInTimeRecovery: true },
    },
    poolSize: 50,
    replicas: {},
    redis: { instances: 1, tier: "STANDARD_HA", memorySizeGb: 3, replicaCount: 1 },
    backups: { days: 180 },
    zone: "staging",
    armor: false,
    observability: false,
    monitoring: "basic",
    protect: false,
  },
  prod: {
    ranges: {
      nodes: "10.32.0.0/20",
      pods: "10.36.0.0/14",
      services: "10.40.0.0/20",
      database: "10.33.0.0/24",
      privateServices: "10.34.0.0/16",
    },
    releaseChannel: "STABLE",
    nodes: { machineType: "n2-standard-8", minNodes: 5, maxNodes: 15, diskSizeGb: 100 },
    database: {
      tier: "db-custom-4-16384",
      highAvailability: true,
      diskSizeGb: 200,
      backup: { retained: 30, pointInTimeRecovery: true, transactionLogRetentionDays: 7 },
    },
    poolSize: 100,
    replicas: { "replica-1": {}, "replica-2": {}, "replica-us-east1": { region: "us-east1" } },
    redis: { instances: 3, tier: "STANDARD_HA", memorySizeGb: 6, replicaCount: 2, readReplicas: true },
    backups: { location: "US", days: 365 },
    armor: true,
    observability: true,
    monitoring: "full",
    protect: true,
  },
};

/** What prod has committed to buy for a year: about what eight of its machines have, of which it runs five at least. */
export const COMMITTED = { type: "GENERAL_PURPOSE_N2", months: 12, vcpus: 60, memoryGb: 240 } as const;
