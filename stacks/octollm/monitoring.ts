import type { Construct } from "constructs";
import type { CloudSql } from "../../lib/google/cloud-sql";
import { Dashboard, type DashboardProps } from "../../lib/google/dashboard";
import { type ExistingChannel, type Level, Monitoring } from "../../lib/google/monitoring";
import { loadBalancerLatency, metricThreshold } from "../../lib/google/monitoring/alerts";
import type { Redis } from "../../lib/google/redis";
import type { EnvironmentFields } from "../../lib/input/configuration";
import type { EnvironmentName, OctollmConfig } from "./config";
import { nameOf } from "./names";

/** What is watched, and how closely. */
interface Watched {
  readonly environment: EnvironmentFields;
  readonly config: Pick<OctollmConfig, "githubRepository">;
  readonly name: EnvironmentName;
  readonly level: Level;
  readonly sql: CloudSql;
  /** Redis instances, by a short name. */
  readonly redis: Readonly<Record<string, Redis>>;
  /** Host of the API. */
  readonly host: string;
  readonly labels: Record<string, string>;
}

const CPU = "kubernetes.io/node/cpu/allocatable_utilization";
const MEMORY = "kubernetes.io/node/memory/allocatable_utilization";

const ofNodes = (metric: string, name: EnvironmentName) =>
  `metric.type = "${metric}" AND resource.type = "k8s_node" AND resource.labels.cluster_name = "${nameOf(name)}-cluster"`;
const ofDatabase = (metric: string, { environment, name }: Watched) =>
  `metric.type = "cloudsql.googleapis.com/database/${metric}" AND resource.type = "cloudsql_database" AND resource.labels.database_id = "${environment.projectId}:${nameOf(name)}-postgres"`;
const NOT_EVICTABLE = ' AND metric.labels.memory_type = "non-evictable"';

/** Channels, checks, alerts and dashboards of an environment. */
export function declareMonitoring(scope: Construct, watched: Watched) {
  const { environment, config, name, level, labels, host } = watched;
  const { projectId, alertEmails, slackChannel, pagerDutyChannel } = environment;
  const existingChannels: Record<string, ExistingChannel> = {
    ...(slackChannel && { slack: { type: "slack", displayName: slackChannel } as const }),
    ...(pagerDutyChannel && { pagerduty: { type: "pagerduty", displayName: pagerDutyChannel } as const }),
  };
  const runbook = (alert: string) =>
    `https://github.com/${config.githubRepository}/blob/main/stacks/octollm/runbooks/${pageOf(alert)}.md`;
  const channels = [...Object.keys(alertEmails), ...(slackChannel ? ["slack"] : [])];
  const nodes = { severity: "WARNING", channels, runbook: runbook("nodes"), duration: 300 } as const;
  const monitoring = new Monitoring(scope, "monitoring", {
    projectId,
    emailChannels: { ...alertEmails },
    existingChannels,
    observe: {
      level,
      name: nameOf(name),
      watched: {
        hosts: { api: { displayName: "API Health Check", host, path: "/health" } },
        loadBalancer: {},
        database: watched.sql,
        redis: watched.redis,
        namespaces: [nameOf(name)],
      },
      tell: channels,
      wake: pagerDutyChannel ? ["pagerduty"] : [],
      runbooks: runbook,
    },
    // What the document asks of every environment beside.
    alerts: {
      "high-cpu": {
        displayName: "High CPU Usage",
        conditions: [metricThreshold({ displayName: "CPU > 80%", filter: ofNodes(CPU, name), above: 0.8 })],
        documentation: "A node is busy for five minutes. The pool may be at its maximum.",
        ...nodes,
      },
      "high-memory": {
        displayName: "High Memory Usage",
        conditions: [
          metricThreshold({
            displayName: "Memory > 80%",
            filter: ofNodes(MEMORY, name) + NOT_EVICTABLE,
            above: 0.8,
          }),
        ],
        documentation: "A node is short of memory; pods without a limit are the first suspects.",
        ...nodes,
      },
      ...(level === "basic" && {
        "slow-answers": {
          displayName: "High Latency",
          conditions: [loadBalancerLatency({ percentile: 95, aboveMs: 2000 })],
          documentation: "One answer in twenty takes more than 2 s.",
          ...nodes,
        },
      }),
    },
    labels,
  });
  const dashboard = (id: string, displayName: string, rows: DashboardProps["rows"]) =>
    new Dashboard(scope, `dashboard-${id}`, { projectId, displayName, rows, labels });
  const dashboards = {
    gke: dashboard("gke", `${nameOf(name)}: GKE`, [
      {
        widgets: [
          {
            title: "CPU of the nodes",
            series: [{ filter: ofNodes(CPU, name) }],
            thresholds: [{ value: 0.8 }],
          },
          {
            title: "Memory of the nodes",
            series: [{ filter: ofNodes(MEMORY, name) + NOT_EVICTABLE }],
            thresholds: [{ value: 0.8 }],
          },
        ],
      },
      {
        widgets: [
          {
            title: "Ready replicas",
            series: [
              {
                promql: `sum by (deployment) (kube_deployment_status_replicas_available{namespace="${nameOf(name)}"})`,
              },
            ],
          },
          { title: "Errors", logs: `resource.type="k8s_container" severity>=ERROR` },
        ],
      },
    ]),
    database: dashboard("database", `${nameOf(name)}: database`, [
      {
        widgets: [
          {
            title: "CPU",
            series: [{ filter: ofDatabase("cpu/utilization", watched) }],
            thresholds: [{ value: 0.8 }],
          },
          { title: "Memory", series: [{ filter: ofDatabase("memory/utilization", watched) }] },
        ],
      },
      {
        widgets: [
          {
            title: "Connections",
            series: [{ filter: ofDatabase("postgresql/num_backends", watched), reducer: "REDUCE_SUM" }],
            thresholds: [{ value: watched.sql.maxConnections, label: "all" }],
          },
          { title: "Disk", series: [{ filter: ofDatabase("disk/utilization", watched) }] },
        ],
      },
    ]),
  };
  return { monitoring, dashboards };
}

/** The runbook that an alert is in. */
function pageOf(alert: string): string {
  if (/^(database|failed-backup)/.test(alert)) return "database";
  return alert.startsWith("redis") ? "redis" : "cluster";
}
