import type { StagingCapacityProps } from "../../lib/environments/capacity";
import type { CloudSqlProps } from "../../lib/google/cloud-sql";
import { maxConnections } from "../../lib/google/cloud-sql/tiers";
import type { NodePoolProps } from "../../lib/google/gke-cluster/node-pool";
import { STAGING_SIZES } from "./staging-base";

/** The sizes that decide how many engineers there is room for: the pools by which of an environment's pods run in them. */
interface StagingSizes {
  readonly cluster: { readonly nodePools: Readonly<Record<"default" | "sandbox", NodePoolProps>> };
  readonly database: Pick<CloudSqlProps, "tier" | "databaseFlags">;
}

/** What one environment keeps in the default pool: API with database proxy, and UI. A test adds up what the chart says. */
const ENVIRONMENT = { cpu: "290m", memory: "416Mi" };
/** What runs in the default pool for all: cluster DNS and metrics, external-secrets. */
export const STAGING_PLATFORM = { cpu: "600m", memory: "600Mi" };

/**
 * What staging has room for, and what one environment keeps of it when idle: one API pod with its database proxy and one
 * of the UI, two standby runners, and the connections of the API's pool and a migration. What the system's pods take of a
 * node is an estimate, to be corrected by `kubectl describe nodes`.
 *
 * The room of one environment stays free, for the migration of whoever deploys: without it, environments run that cannot be
 * upgraded. `npm run test:cluster` fills a simulated cluster of these sizes and counts.
 */
export function stagingCapacity(
  engineers: number,
  { database, cluster: { nodePools } }: StagingSizes = STAGING_SIZES,
): StagingCapacityProps {
  return {
    engineers,
    database: {
      maxConnections: maxConnections(database.tier, database.databaseFlags),
      reservedConnections: 7,
      connectionsPerEngineer: 6,
    },
    nodePools: {
      default: {
        machineType: nodePools.default.machineType,
        maxNodes: nodePools.default.maxNodes,
        systemPerNode: { cpu: "400m", memory: "600Mi" },
        // The platform's, and the room for a migration.
        shared: { cpu: "890m", memory: "1016Mi" },
        podsPerEngineer: 1,
        pod: ENVIRONMENT,
      },
      sandbox: {
        machineType: nodePools.sandbox.machineType,
        maxNodes: nodePools.sandbox.maxNodes,
        systemPerNode: { cpu: "400m", memory: "700Mi" },
        podsPerEngineer: 2,
        pod: { cpu: "250m", memory: "512Mi" },
      },
    },
  };
}
