import type {
  CloudRunJobProps,
  CloudRunServiceProps,
  CloudRunWorkerPoolProps,
} from "../../lib/google/cloud-run/props";
import type { CloudSqlProps } from "../../lib/google/cloud-sql";
import type { RedisProps } from "../../lib/google/redis";

/** How much there is of everything. The server's are the document's; the README says why the others are as they are. */
export const SIZES = {
  /** Addresses of Cloud Run's instances, and of Google's services with a private address. */
  ranges: { run: "10.10.0.0/24", privateServices: "10.11.0.0/16" },
  server: {
    cpu: 1,
    memory: "512Mi",
    minInstances: 1,
    maxInstances: 10,
    concurrency: 250,
    timeoutSeconds: 300,
  } satisfies Partial<CloudRunServiceProps>,
  engine: {
    cpu: 1,
    memory: "1Gi",
    minInstances: 1,
    maxInstances: 5,
    concurrency: 80,
    timeoutSeconds: 300,
  } satisfies Partial<CloudRunServiceProps>,
  worker: { cpu: 1, memory: "512Mi", instances: 1 } satisfies Partial<CloudRunWorkerPoolProps>,
  migrate: { cpu: 1, memory: "512Mi", timeoutSeconds: 1800 } satisfies Partial<CloudRunJobProps>,
  database: {
    tier: "db-custom-2-7680",
    highAvailability: true,
    diskSizeGb: 50,
    backup: { retained: 30, pointInTimeRecovery: true },
  } satisfies Partial<CloudSqlProps>,
  redis: { tier: "STANDARD_HA", memorySizeGb: 1 } satisfies Partial<RedisProps>,
  /** Requests that one address may make in a minute. */
  requestsPerMinute: 1000,
  /** Machine of a build, as E2_HIGHCPU_8 of Google's own pool. */
  build: { machineType: "e2-highcpu-8", timeoutSeconds: 3600 },
  /** Days after which a secret is due for rotation. */
  rotationDays: 90,
} as const;
