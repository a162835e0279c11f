import type { RunCpu } from "../../lib/google/cloud-run/props";
import type { CloudSqlProps } from "../../lib/google/cloud-sql";
import type { RedisProps } from "../../lib/google/redis";
import type { ScalingStep } from "../../lib/google/schedule/scaling-schedule";
import type { EnvironmentName } from "./config";

/** In what staging and production differ. */
export interface Sizes {
  /** Addresses of Cloud Run's instances, and of Google's services with a private address. */
  readonly ranges: { readonly run: string; readonly privateServices: string };
  readonly database: Pick<CloudSqlProps, "tier" | "highAvailability" | "diskSizeGb" | "backup"> & {
    readonly maxConnections: number;
    /** Machine type of the read replica. @default there is none */
    readonly replicaTier?: string;
  };
  readonly redis: Pick<RedisProps, "tier" | "memorySizeGb" | "replicaCount" | "readReplicas">;
  readonly api: {
    readonly cpu: RunCpu;
    readonly memory: string;
    readonly cpuIdle: boolean;
    readonly maxInstances: number;
    readonly logLevel: "DEBUG" | "INFO";
    /** Least number of instances by the clock. @default always none */
    readonly schedule?: Readonly<Record<"down" | "up", ScalingStep>>;
  };
  /** Refuse deletion twice, in the API and in Terraform, and encrypt with keys of our own. */
  readonly protect: boolean;
}

/** As the Copy-That document, sections "Database Configuration", "Redis Configuration" and "GCP Cloud Run Configuration". */
export const SIZES: Readonly<Record<EnvironmentName, Sizes>> = {
  staging: {
    ranges: { run: "10.10.0.0/22", privateServices: "10.11.0.0/16" },
    database: {
      tier: "db-f1-micro",
      highAvailability: false,
      diskSizeGb: 10,
      backup: { retained: 7, pointInTimeRecovery: false },
      maxConnections: 50,
    },
    redis: { tier: "BASIC", memorySizeGb: 1 },
    api: { cpu: 1, memory: "512Mi", cpuIdle: true, maxInstances: 10, logLevel: "DEBUG" },
    protect: false,
  },
  production: {
    ranges: { run: "10.20.0.0/22", privateServices: "10.21.0.0/16" },
    database: {
      tier: "db-custom-2-7680",
      highAvailability: true,
      diskSizeGb: 100,
      backup: { retained: 30, pointInTimeRecovery: true },
      maxConnections: 200,
      replicaTier: "db-custom-2-7680",
    },
    redis: { tier: "STANDARD_HA", memorySizeGb: 5, replicaCount: 1, readReplicas: true },
    api: {
      cpu: 2,
      memory: "1Gi",
      cpuIdle: false,
      maxInstances: 100,
      logLevel: "INFO",
      schedule: {
        down: { cron: "0 22 * * *", instances: 0 },
        up: { cron: "0 6 * * 1-5", instances: 1 },
      },
    },
    protect: true,
  },
};
