import type { Construct } from "constructs";
import { type Alert, type ExistingChannel, Monitoring } from "../../lib/google/monitoring";
import { metricThreshold } from "../../lib/google/monitoring/alerts";
import { cloudRunLatency } from "../../lib/google/monitoring/cloud-run-alerts";
import type { Watched } from "../../lib/google/monitoring/levels";
import type { CopyThatConfig, EnvironmentName } from "./config";
import { hostsOf, nameOf, PREFIX } from "./names";
import { SIZES } from "./sizes";

/** What the alerts are about. */
export interface MonitoredParts extends Pick<Watched, "database" | "redis"> {
  readonly config: CopyThatConfig;
  readonly environment: EnvironmentName;
  /** Subscription with the reminders to rotate a secret that could not be handled. */
  readonly failedRotations: string;
  readonly labels: Record<string, string>;
}

/**
 * Channels, checks and alerts of an environment: `full` in production, `basic` in staging with the document's latency beside. Where
 * Slack or PagerDuty has no channel, e-mail gets what is theirs.
 */
export function monitoringOf(scope: Construct, parts: MonitoredParts): Monitoring {
  const { config, environment, database, redis, failedRotations, labels } = parts;
  const { projectId, alertEmails, slackChannel, pagerDutyChannel } = config[environment];
  const isProduction = environment === "production";
  const existingChannels: Record<string, ExistingChannel> = {
    ...(slackChannel && { slack: { type: "slack", displayName: slackChannel } as const }),
    ...(pagerDutyChannel && { pagerduty: { type: "pagerduty", displayName: pagerDutyChannel } as const }),
  };
  const email = Object.keys(alertEmails);
  const channel = (key: "slack" | "pagerduty") => (key in existingChannels ? [key] : email);
  const runbooks = `https://github.com/${config.githubRepository}/blob/main/stacks/${PREFIX}/runbooks`;
  const service = { name: nameOf("api", environment), maxInstances: SIZES[environment].api.maxInstances };
  const alerts: Record<string, Alert> = {
    "secret-rotation-failed": {
      displayName: `${environment}: a secret was not rotated`,
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
      runbook: `${runbooks}/rotating-the-secret-key.md`,
    },
  };
  if (isProduction)
    alerts["schedule-failed"] = {
      displayName: `${environment}: instances were not set by the clock`,
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
      runbook: `${runbooks}/instances-by-the-clock.md`,
    };
  else
    alerts["high-latency-api"] = {
      displayName: `${environment}: high latency (api)`,
      severity: "WARNING",
      conditions: [cloudRunLatency({ service, percentile: 95, aboveMs: 2000 })],
      channels: channel("slack"),
      documentation: "One answer in twenty is slow.",
      runbook: `${runbooks}/high-latency.md`,
    };
  return new Monitoring(scope, "monitoring", {
    projectId,
    emailChannels: { ...alertEmails },
    existingChannels,
    observe: {
      level: isProduction ? "full" : "basic",
      name: environment,
      watched: {
        // Staging's host answers who signed in, and no uptime check.
        hosts: isProduction
          ? { api: { displayName: "API", host: hostsOf(config.production.domain).api, path: "/health" } }
          : undefined,
        services: { api: { service } },
        database,
        redis,
      },
      tell: email,
      wake: isProduction ? channel("pagerduty").filter((key) => !email.includes(key)) : [],
      runbooks,
      adjust: {
        "high-error-rate": {
          channels: email,
          documentation:
            "More than one request in twenty fails. A canary is the first suspect: `npx plue canary abort` takes it back.",
        },
        "high-latency": { channels: channel("slack") },
        "database-connections": { channels: channel("pagerduty"), duration: 60 },
      },
    },
    alerts,
    labels,
  });
}
