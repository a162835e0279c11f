import type { CloudSql } from "../../lib/google/cloud-sql";
import type { GkeCluster } from "../../lib/google/gke-cluster";
import type {
  Alert,
  ExistingChannel,
  MonitoringProps,
  Observation,
  Watched,
} from "../../lib/google/monitoring";
import { containerErrors, containerSilent } from "../../lib/google/monitoring/alerts";
import type { Secrets } from "../../lib/google/secret-manager";
import type { EnvironmentConfig } from "./config";
import { DATABASE_GRANTS } from "./names";

/** Days after which a secret's value is due for rotation. */
export const ROTATION_DAYS = 90;

/** What an environment decides about its monitoring. Cluster, database and secrets, which every environment has, come with it. */
export interface EnvironmentAlerts extends Pick<Observation, "level" | "adjust"> {
  /** Whether what is CRITICAL wakes somebody, through the configuration's PagerDuty channel; otherwise nothing is CRITICAL. */
  readonly wakes: boolean;
  /** Its hosts, pools, namespaces and jobs. */
  readonly watched: Omit<Watched, "database" | "secrets" | "deniedEgress">;
}

/** What the alerts are about. */
export interface WatchedEnvironment {
  readonly environment: EnvironmentConfig;
  /** Name of cluster and database instance. */
  readonly name: string;
  /** Repository with the runbooks, `owner/name`. */
  readonly githubRepository: string;
  readonly sql: CloudSql;
  readonly cluster: GkeCluster;
  readonly secrets: Secrets;
  readonly thresholds: Observation["thresholds"];
  readonly labels: Record<string, string>;
}

/**
 * Channels, checks and alerts of an environment: those of its level, and the one on the job that keeps the databases' rights.
 * E-mail channels are made, PagerDuty and Slack looked up by name.
 */
export function environmentMonitoring(
  { level, adjust, wakes, watched }: EnvironmentAlerts,
  { environment, name, githubRepository, sql, cluster, secrets, thresholds, labels }: WatchedEnvironment,
): MonitoringProps {
  const { alertEmails, pagerDutyChannel, slackChannel, projectId } = environment;
  const existingChannels: Record<string, ExistingChannel> = {
    ...(pagerDutyChannel && { pagerduty: { type: "pagerduty", displayName: pagerDutyChannel } as const }),
    ...(slackChannel && { slack: { type: "slack", displayName: slackChannel } as const }),
  };
  const tell = [...Object.keys(alertEmails), ...(slackChannel ? ["slack"] : [])];
  const wake = wakes && pagerDutyChannel ? ["pagerduty"] : [];
  const runbooks = `https://github.com/${githubRepository}/blob/main/docs/runbooks`;
  return {
    projectId,
    emailChannels: { ...alertEmails },
    existingChannels,
    observe: {
      level,
      name,
      watched: { ...watched, database: sql, secrets, deniedEgress: { cluster } },
      wake,
      tell,
      runbooks,
      thresholds,
      adjust: {
        "secret-rotation": {
          documentation: `It is ${ROTATION_DAYS} days old or older. \`npx plue secrets list\` says which.`,
        },
        ...adjust,
      },
    },
    alerts: {
      "database-grants": {
        ...databaseGrants(name),
        severity: wake.length > 0 ? "CRITICAL" : "WARNING",
        channels: [...tell, ...wake],
        runbook: `${runbooks}/database-grants.md`,
      },
    },
    labels,
  };
}

/** Databases that are not given to their logins, or an administrator who should be none: see helm/platform. */
function databaseGrants(name: string): Omit<Alert, "severity" | "channels" | "runbook"> {
  const job = { namespace: DATABASE_GRANTS, container: DATABASE_GRANTS };
  return {
    displayName: `${name}: the databases' rights are not as they should be`,
    conditions: [containerErrors(job), containerSilent(job)],
    // The job runs every minute. The first runs of a new cluster find no identity yet.
    duration: 600,
    documentation:
      "The job database-grants says in its log what it could not do, or does not run. New environments wait, and somebody may be a database administrator who should not.",
  };
}
