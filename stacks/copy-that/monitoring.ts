import type { Construct } from "constructs";
import { type Alert, type ExistingChannel, Monitoring } from "../../lib/google/monitoring";
import {
  databaseConnections,
  metricThreshold,
  percentileAbove,
  ratioAbove,
} from "../../lib/google/monitoring/alerts";
import type { CopyThatConfig, EnvironmentName } from "./config";
import { hostsOf, nameOf, PREFIX } from "./names";

/** What the alerts are about. */
export interface Watched {
  readonly config: CopyThatConfig;
  readonly environment: EnvironmentName;
  /** `max_connections` of the database. */
  readonly maxConnections: number;
  /** Subscription with the reminders to rotate a secret that could not be handled. */
  readonly failedRotations: string;
  readonly labels: Record<string, string>;
}

/** Filter of the requests to an environment's API, by metric of Cloud Run. */
export function requests(
  environment: EnvironmentName,
  metric: "request_count" | "request_latencies",
): string {
  return [
    `metric.type = "run.googleapis.com/${metric}"`,
    'resource.type = "cloud_run_revision"',
    `resource.labels.service_name = "${nameOf("api", environment)}"`,
  ].join(" AND ");
}

/** As `requests`, of those that ended in a 5xx. */
export function failures(environment: EnvironmentName): string {
  return `${requests(environment, "request_count")} AND metric.labels.response_code_class = "5xx"`;
}

/** Channels, checks and alerts of an environment. Where Slack or PagerDuty has no channel, e-mail has it. */
export function monitoringOf(scope: Construct, watched: Watched): Monitoring {
  const { config, environment, maxConnections, failedRotations, labels } = watched;
  const { projectId, alertEmails, slackChannel, pagerDutyChannel } = config[environment];
  const existingChannels: Record<string, ExistingChannel> = {
    ...(slackChannel && { slack: { type: "slack", displayName: slackChannel } as const }),
    ...(pagerDutyChannel && { pagerduty: { type: "pagerduty", displayName: pagerDutyChannel } as const }),
  };
  const email = Object.keys(alertEmails);
  const channel = (key: "slack" | "pagerduty") => (key in existingChannels ? [key] : email);
  const runbook = (page: string) =>
    `https://github.com/${config.githubRepository}/blob/main/stacks/${PREFIX}/runbooks/${page}.md`;
  const alerts: Record<string, Alert> = {
    "high-error-rate": {
      displayName: `High Error Rate - ${environment}`,
      conditions: [
        ratioAbove({
          displayName: "Error rate > 5 %",
          numerator: failures(environment),
          denominator: requests(environment, "request_count"),
          above: 0.05,
        }),
      ],
      channels: email,
      documentation:
        "More than one request in twenty fails. A canary is the first suspect: `npx plue canary abort` takes it back.",
      runbook: runbook("errors-and-latency"),
      autoClose: 604_800,
    },
    "high-latency": {
      displayName: `High Latency - ${environment}`,
      severity: "WARNING",
      conditions: [
        percentileAbove({
          displayName: "P95 latency > 2 s",
          filter: requests(environment, "request_latencies"),
          percentile: 95,
          above: 2000,
        }),
      ],
      duration: 300,
      channels: channel("slack"),
      documentation: "One answer in twenty takes more than two seconds.",
      runbook: runbook("errors-and-latency"),
    },
    "database-connections": {
      displayName: `Database Connection Pool Exhausted - ${environment}`,
      conditions: [
        databaseConnections({
          projectId,
          instanceName: nameOf("db", environment),
          maxConnections,
          above: 0.8,
        }),
      ],
      duration: 60,
      channels: channel("pagerduty"),
      documentation: "When the last connection is taken, every request that needs one fails.",
      runbook: runbook("database-connections"),
    },
    "secret-rotation-failed": {
      displayName: `A secret was not rotated - ${environment}`,
      severity: "WARNING",
      conditions: [
        metricThreshold({
          displayName: "a reminder could not be handled",
          filter: `metric.type = "pubsub.googleapis.com/subscription/num_undelivered_messages" AND resource.type = "pubsub_subscription" AND resource.labels.subscription_id = "${failedRotations}"`,
          above: 0,
        }),
      ],
      channels: email,
      documentation:
        "The function rotate-secrets failed ten times for one reminder, and will not be asked again.",
      runbook: runbook("rotating-the-secret-key"),
    },
  };
  if (environment === "production")
    alerts["schedule-failed"] = {
      displayName: `Instances were not set by the clock - ${environment}`,
      severity: "WARNING",
      conditions: [
        metricThreshold({
          displayName: "a schedule reports errors",
          filter:
            'metric.type = "logging.googleapis.com/log_entry_count" AND resource.type = "cloud_scheduler_job" AND metric.labels.severity = "ERROR"',
          above: 0,
          aligner: "ALIGN_DELTA",
          reducer: "REDUCE_SUM",
          alignmentSeconds: 300,
        }),
      ],
      channels: email,
      documentation: "The least number of instances is still what it was before.",
      runbook: runbook("instances-by-the-clock"),
    };
  return new Monitoring(scope, "monitoring", {
    projectId,
    emailChannels: { ...alertEmails },
    existingChannels,
    uptimeChecks:
      environment === "production"
        ? {
            api: {
              displayName: "API",
              host: hostsOf(config.production.domain).api,
              path: "/health",
              channels: [...email, ...channel("pagerduty").filter((key) => !email.includes(key))],
              documentation: "The API's /health does not answer with success.",
              runbook: runbook("api-down"),
            },
          }
        : undefined,
    alerts,
    labels,
  });
}
