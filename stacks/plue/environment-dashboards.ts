import type { Construct } from "constructs";
import type { CloudSql } from "../../lib/google/cloud-sql";
import { Dashboard } from "../../lib/google/dashboard";
import type { DashboardRow } from "../../lib/google/dashboard/props";
import {
  clusterRows,
  databaseRows,
  namespaceRows,
  overviewRows,
  poolRows,
} from "../../lib/google/dashboard/rows";
import type { GkeCluster } from "../../lib/google/gke-cluster";
import type { Watched } from "../../lib/google/monitoring";

/** What the dashboards show. */
export interface ShownEnvironment {
  readonly projectId: string;
  /** Name of cluster and database instance, with which the dashboards' names begin. */
  readonly name: string;
  readonly cluster: GkeCluster;
  readonly sql: CloudSql;
  readonly watched: Watched;
  /** Resource names of the objectives, by objective. */
  readonly objectives: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Dashboards of an environment: overview, cluster, database, the warm pool where there is one, and one of any namespace, which whoever looks
 * chooses.
 * @returns where the console shows each
 */
export function environmentDashboards(scope: Construct, shown: ShownEnvironment): Record<string, string> {
  const { projectId, name, cluster, sql, watched, objectives, labels } = shown;
  const dashboards: Record<string, { rows: readonly DashboardRow[]; filters?: readonly string[] }> = {
    overview: { rows: overviewRows(watched, objectives) },
    cluster: { rows: clusterRows(cluster) },
    database: { rows: databaseRows(projectId, sql) },
    ...(watched.warmPools && { "warm-pool": { rows: poolRows(watched.warmPools) } }),
    namespace: { rows: namespaceRows(cluster), filters: ["namespace_name"] },
  };
  return Object.fromEntries(
    Object.entries(dashboards).map(([key, dashboard]) => [
      key,
      new Dashboard(scope, `dashboard-${key}`, {
        projectId,
        displayName: `${name}: ${key.replaceAll("-", " ")}`,
        labels,
        ...dashboard,
      }).url,
    ]),
  );
}
