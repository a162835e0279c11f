import { mapValues } from "../../lib/core/props";
import type { CloudSql } from "../../lib/google/cloud-sql";
import type { Alert, ExistingChannel, MonitoringProps } from "../../lib/google/monitoring";
import {
  databaseConnections,
  databaseDisk,
  loadBalancerErrors,
  loadBalancerLatency,
  secretRotationDue,
} from "../../lib/google/monitoring/alerts";
import type { Secrets } from "../../lib/google/secret-manager";
import { type OrchestraConfig, PRODUCTION } from "./config";
import { DATABASE, hosts } from "./names";
import { SIZES } from "./sizes";

/** What the alerts are about. */
export interface Watched {
  readonly config: OrchestraConfig;
  readonly sql: Pick<CloudSql, "maxConnections">;
  readonly secrets: Pick<Secrets, "reminderSubscription">;
  readonly labels: Record<string, string>;
}

/** Channels, checks and alerts. E-mail channels are made, PagerDuty and Slack looked up by name. */
export function monitoringProps({ config, sql, secrets, labels }: Watched): MonitoringProps {
  const { projectId, alertEmails, pagerDutyChannel, slackChannel, domain } = config[PRODUCTION];
  const existingChannels: Record<string, ExistingChannel> = {
    ...(pagerDutyChannel && { pagerduty: { type: "pagerduty", displayName: pagerDutyChannel } as const }),
    ...(slackChannel && { slack: { type: "slack", displayName: slackChannel } as const }),
  };
  const email = Object.keys(alertEmails);
  const urgent = [...email, ...Object.keys(existingChannels)];
  const runbook = (page: string) =>
    `https://github.com/${config.githubRepository}/blob/main/stacks/orchestra/runbooks/${page}.md`;
  const instance = { projectId, instanceName: DATABASE.instance };
  const { api } = hosts(domain);
  const alerts: Record<string, Omit<Alert, "runbook" | "channels">> = {
    "high-error-rate": {
      displayName: "Orchestra: high error rate",
      conditions: [loadBalancerErrors({ above: 0.05 })],
      documentation: "More than one request in twenty fails. A deploy in the last hour is the first suspect.",
    },
    "high-latency": {
      displayName: "Orchestra: high latency",
      severity: "WARNING",
      conditions: [loadBalancerLatency({ percentile: 95, aboveMs: 2000 })],
      documentation: "One answer in twenty takes more than 2 s. A WebSocket counts with its whole length.",
    },
    "database-connections": {
      displayName: "Orchestra: database connections run out",
      conditions: [databaseConnections({ ...instance, maxConnections: sql.maxConnections, above: 0.8 })],
      documentation: "When they are used up, every new connection fails.",
    },
    "database-disk": {
      displayName: "Orchestra: the database's disk fills up",
      conditions: [databaseDisk({ ...instance, above: 0.9 })],
      documentation: "When it is full, the database stops.",
    },
    "rotating-a-secret": {
      displayName: "Orchestra: a secret is due for rotation",
      severity: "WARNING",
      conditions: [secretRotationDue({ subscription: secrets.reminderSubscription })],
      documentation: `It is ${SIZES.rotationDays} days old or older. It works on.`,
    },
  };
  return {
    projectId,
    emailChannels: { ...alertEmails },
    existingChannels,
    uptimeChecks: {
      api: {
        displayName: "Orchestra: API health",
        host: api,
        path: "/health",
        channels: urgent,
        documentation: `https://${api}/health does not answer with success.`,
        runbook: runbook("api-down"),
      },
    },
    alerts: mapValues(alerts, (alert, page) => ({
      ...alert,
      channels: alert.severity === "WARNING" ? email : urgent,
      runbook: runbook(page),
    })),
    labels,
  };
}
