import { maxConnections } from "../lib/cloud-sql-tiers";
import type { StagingCapacityProps } from "../lib/staging-capacity";
import { STAGING_SIZES } from "./staging-base";

/**
 * What staging has room for, and what one environment keeps of it when idle: one API pod with its database proxy, two
 * standby runners, and the connections of the API's pool and a migration. Allocatable amounts are those GKE leaves of
 * the machine types; the system's are estimates, to be corrected by `kubectl describe nodes`.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes
 */
export function stagingCapacity(engineers: number): StagingCapacityProps {
  const { database, nodePools } = STAGING_SIZES;
  return {
    engineers,
    database: {
      maxConnections: maxConnections(database.tier),
      reservedConnections: 7,
      connectionsPerEngineer: 6,
    },
    nodePools: {
      default: {
        maxNodes: nodePools.default.maxNodes,
        allocatable: { cpu: "940m", memory: "2810Mi" },
        systemPerNode: { cpu: "400m", memory: "600Mi" },
        shared: { cpu: "600m", memory: "600Mi" },
        podsPerEngineer: 1,
        pod: { cpu: "300m", memory: "320Mi" },
      },
      sandbox: {
        maxNodes: nodePools.sandbox.maxNodes,
        allocatable: { cpu: "3920m", memory: "13182Mi" },
        systemPerNode: { cpu: "400m", memory: "700Mi" },
        podsPerEngineer: 2,
        pod: { cpu: "250m", memory: "512Mi" },
      },
    },
  };
}
