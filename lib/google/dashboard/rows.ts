import type { CloudSql } from "../cloud-sql";
import type { GkeCluster } from "../gke-cluster";
import { databaseMetric, loadBalancerMetric } from "../monitoring/alerts";
import { cloudRunMetric } from "../monitoring/cloud-run-alerts";
import type { Deployment } from "../monitoring/cluster-alerts";
import type { Watched } from "../monitoring/levels";
import type { ChartWidget, DashboardRow, MetricQuery, Series, Widget } from "./props";

/** A share, as charts show it. */
const SHARE = "10^2.%";

const rate = (filter: string): MetricQuery => ({ filter, aligner: "ALIGN_RATE", reducer: "REDUCE_SUM" });
const p95 = (filter: string): MetricQuery => ({
  filter,
  aligner: "ALIGN_DELTA",
  reducer: "REDUCE_PERCENTILE_95",
});
const chart = (title: string, ...series: readonly Series[]): ChartWidget => ({ title, series });

/**
 * Overview of an environment: requests, the share of them that fails and the time of 95 in 100, of its load balancer and of each of its
 * Cloud Run services, and what is left of the error budgets.
 * @param objectives resource names of its objectives, by objective (`Monitoring.objectiveNames`)
 */
export function overviewRows(
  { loadBalancer, services = {} }: Pick<Watched, "loadBalancer" | "services">,
  objectives: Readonly<Record<string, string>>,
): DashboardRow[] {
  const rows = Object.entries(services).map(([key, { service }]) =>
    requestsRow(
      key,
      cloudRunMetric("request_count", service),
      'metric.labels.response_code_class = "5xx"',
      cloudRunMetric("request_latencies", service),
    ),
  );
  if (loadBalancer) {
    const { filter } = loadBalancer;
    rows.unshift(
      requestsRow(
        "Load balancer",
        loadBalancerMetric("request_count", "requests", { filter }),
        "metric.labels.response_code_class = 500",
        loadBalancerMetric("total_latencies", "latency", loadBalancer),
      ),
    );
  }
  const budgets = Object.entries(objectives).map(
    ([key, slo]): Widget => ({ title: `Error budget left: ${key}`, slo }),
  );
  return budgets.length > 0 ? [...rows, { widgets: budgets }] : rows;
}

function requestsRow(name: string, requests: string, failed: string, latencies: string): DashboardRow {
  return {
    widgets: [
      { ...chart(`${name}: requests`, { ...rate(requests), legend: "requests" }), axis: "per second" },
      {
        ...chart(`${name}: share that fails`, {
          ratio: { numerator: rate(`${requests} AND ${failed}`), denominator: rate(requests) },
          unit: SHARE,
        }),
        thresholds: [{ value: 0.01 }, { value: 0.05, label: "alert" }],
      },
      chart(`${name}: 95 of 100 are answered within`, { ...p95(latencies), unit: "ms" }),
    ],
  };
}

/** A GKE cluster: use of its nodes, and of containers by namespace. */
export function clusterRows(cluster: Pick<GkeCluster, "clusterName">): DashboardRow[] {
  const of = (kind: "node" | "container", metric: string) =>
    `metric.type = "kubernetes.io/${kind}/${metric}" AND resource.type = "k8s_${kind}" AND resource.labels.cluster_name = "${cluster.clusterName}"`;
  const byNamespace = { reducer: "REDUCE_SUM", groupBy: ["resource.labels.namespace_name"] };
  return [
    {
      widgets: [
        chart("CPU of nodes", { filter: of("node", "cpu/allocatable_utilization"), unit: SHARE }),
        chart("Memory of nodes", { filter: of("node", "memory/allocatable_utilization"), unit: SHARE }),
      ],
    },
    {
      widgets: [
        chart("CPU by namespace", {
          filter: of("container", "cpu/core_usage_time"),
          aligner: "ALIGN_RATE",
          ...byNamespace,
        }),
        chart("Memory by namespace", { filter: of("container", "memory/used_bytes"), ...byNamespace }),
        chart("Restarts by namespace", {
          filter: of("container", "restart_count"),
          aligner: "ALIGN_DELTA",
          ...byNamespace,
        }),
      ],
    },
  ];
}

/** A Cloud SQL instance: processors, memory and disk, connections against what it accepts, transactions. */
export function databaseRows(
  projectId: string,
  { instanceName, maxConnections }: Pick<CloudSql, "instanceName" | "maxConnections">,
): DashboardRow[] {
  const of = (metric: string) => databaseMetric(metric, projectId, instanceName);
  const share = (title: string, metric: string) => chart(title, { filter: of(metric), unit: SHARE });
  return [
    {
      widgets: [
        share("Processors", "cpu/utilization"),
        share("Memory", "memory/utilization"),
        share("Disk", "disk/utilization"),
      ],
    },
    {
      widgets: [
        {
          ...chart("Connections", {
            filter: of("postgresql/num_backends"),
            reducer: "REDUCE_SUM",
            groupBy: ["metric.labels.database"],
            plot: "STACKED_AREA",
          }),
          thresholds: [{ value: maxConnections, label: "all" }],
        },
        { ...chart("Transactions", rate(of("postgresql/transaction_count"))), axis: "per second" },
      ],
    },
  ];
}

/** Pools of pods that wait for work: how many do. */
export function poolRows(pools: Readonly<Record<string, Deployment>>): DashboardRow[] {
  return Object.entries(pools).map(([key, { namespace, deployment }]) => ({
    widgets: [
      chart(`${key}: who wait`, {
        promql: `kube_deployment_status_replicas_available{namespace="${namespace}", deployment="${deployment}"}`,
      }),
    ],
  }));
}

/** What runs in a namespace, for a dashboard with a filter by `namespace_name`: CPU, memory and restarts by pod, and its errors. */
export function namespaceRows(cluster: Pick<GkeCluster, "clusterName">): DashboardRow[] {
  const of = (metric: string) =>
    `metric.type = "kubernetes.io/container/${metric}" AND resource.type = "k8s_container" AND resource.labels.cluster_name = "${cluster.clusterName}"`;
  const byPod = { reducer: "REDUCE_SUM", groupBy: ["resource.labels.pod_name"] };
  return [
    {
      widgets: [
        chart("CPU by pod", { filter: of("cpu/core_usage_time"), aligner: "ALIGN_RATE", ...byPod }),
        chart("Memory by pod", { filter: of("memory/used_bytes"), ...byPod }),
        chart("Restarts by pod", { filter: of("restart_count"), aligner: "ALIGN_DELTA", ...byPod }),
      ],
    },
    {
      widgets: [
        {
          title: "Errors",
          logs: `resource.type = "k8s_container" AND resource.labels.cluster_name = "${cluster.clusterName}" AND severity >= ERROR`,
        },
      ],
    },
  ];
}
