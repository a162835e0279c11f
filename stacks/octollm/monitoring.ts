import type { Construct } from "constructs";
import type { CloudSql } from "../../lib/google/cloud-sql";
import { Dashboard, type DashboardProps } from "../../lib/google/dashboard";
import { type Alert, type ExistingChannel, Monitoring } from "../../lib/google/monitoring";
import {
  databaseConnections,
  loadBalancerErrors,
  loadBalancerLatency,
  metricThreshold,
} from "../../lib/google/monitoring/alerts";
import type { EnvironmentFields } from "../../lib/input/configuration";
import type { EnvironmentName, OctollmConfig } from "./config";
import { nameOf } from "./names";

/** What is watched, and how closely. */
interface Watched {
  readonly environment: EnvironmentFields;
  readonly config: Pick<OctollmConfig, "githubRepository">;
  readonly name: EnvironmentName;
  /** `basic` is CPU, memory, latency and whether the API answers; `full` adds what runs out, and errors. */
  readonly level: "basic" | "full";
  readonly sql: CloudSql;
  /** Names of the Redis instances. */
  readonly redis: readonly string[];
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
  const notified = (runbook: string) => ({
    channels: [...Object.keys(alertEmails), ...Object.keys(existingChannels)],
    runbook: `https://github.com/${config.githubRepository}/blob/main/stacks/octollm/runbooks/${runbook}.md`,
  });
  const monitoring = new Monitoring(scope, "monitoring", {
    projectId,
    emailChannels: { ...alertEmails },
    existingChannels,
    uptimeChecks: {
      api: {
        displayName: "API Health Check",
        host,
        path: "/health",
        documentation: `https://${host}/health does not answer with success.`,
        ...notified("cluster"),
      },
    },
    alerts: { ...basicAlerts(watched, notified), ...(level === "full" && fullAlerts(watched, notified)) },
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

type Notify = (runbook: string) => Pick<Alert, "channels" | "runbook">;

/** What tells that an environment works. */
function basicAlerts({ name }: Watched, notified: Notify): Record<string, Alert> {
  return {
    "high-cpu": {
      displayName: "High CPU Usage",
      conditions: [metricThreshold({ displayName: "CPU > 80%", filter: ofNodes(CPU, name), above: 0.8 })],
      duration: 300,
      documentation: "A node is busy for five minutes. The pool may be at its maximum.",
      ...notified("cluster"),
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
      duration: 300,
      documentation: "A node is short of memory; pods without a limit are the first suspects.",
      ...notified("cluster"),
    },
    "high-latency": {
      displayName: "High Latency",
      severity: "WARNING",
      conditions: [loadBalancerLatency({ percentile: 95, aboveMs: 2000 })],
      duration: 300,
      documentation: "One answer in twenty takes more than 2 s.",
      ...notified("cluster"),
    },
  };
}

/** What else somebody gets up for. */
function fullAlerts(watched: Watched, notified: Notify): Record<string, Alert> {
  const { environment, name, sql, redis } = watched;
  return {
    "high-error-rate": {
      displayName: "High Error Rate",
      conditions: [loadBalancerErrors({ above: 0.05 })],
      documentation:
        "More than one request in twenty fails. A deployment in the last hour is the first suspect.",
      ...notified("cluster"),
    },
    "database-cpu": {
      displayName: "Database CPU",
      conditions: [
        metricThreshold({
          displayName: "Database CPU > 80%",
          filter: ofDatabase("cpu/utilization", watched),
          above: 0.8,
        }),
      ],
      documentation: "Query Insights says what the database spends its time on.",
      ...notified("database"),
    },
    "database-connections": {
      displayName: "Database connections run out",
      conditions: [
        databaseConnections({
          projectId: environment.projectId,
          instanceName: `${nameOf(name)}-postgres`,
          maxConnections: sql.maxConnections,
          above: 0.8,
        }),
      ],
      documentation: "When they are used up, every new connection fails. Does somebody go around PgBouncer?",
      ...notified("database"),
    },
    "redis-memory": {
      displayName: "Redis memory",
      conditions: redis.map((instance) =>
        metricThreshold({
          displayName: `${instance}: memory > 80%`,
          filter: `metric.type = "redis.googleapis.com/stats/memory/usage_ratio" AND resource.type = "redis_instance" AND resource.labels.instance_id = monitoring.regex.full_match(".*/${instance}")`,
          above: 0.8,
        }),
      ),
      documentation: "When it is full, writes fail or keys are evicted.",
      ...notified("redis"),
    },
  };
}
