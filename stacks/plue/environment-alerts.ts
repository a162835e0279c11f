import { mapValues } from "../../lib/core/props";
import type { CloudSql } from "../../lib/google/cloud-sql";
import type { Alert, ExistingChannel, MonitoringProps, UptimeCheck } from "../../lib/google/monitoring";
import {
  containerErrors,
  containerSilent,
  databaseConnections,
  databaseDisk,
  secretRotationDue,
} from "../../lib/google/monitoring/alerts";
import type { Secrets } from "../../lib/google/secret-manager";
import type { EnvironmentConfig } from "./config";
import { DATABASE_GRANTS } from "./names";

/** Days after which a secret's value is due for rotation. */
export const ROTATION_DAYS = 90;

/** Share of the database's connections above which people are told. */
const CONNECTIONS = 0.8;

/** Shares above which the alerts of every environment fire, from 0 to 1. */
export interface AlertThresholds {
  /** Of the connections that the database accepts. @default 0.8 */
  readonly databaseConnections?: number;
  /** Of the database's disk. @default none: while the disk grows by itself it does not fill */
  readonly databaseDisk?: number;
}

/** An alert or a check as an environment declares it: its channels follow, its runbook is a page of `docs/runbooks`. */
type Declared<Notified> = Omit<Notified, "channels" | "runbook"> & { readonly runbook: string };

/** What an environment decides about its monitoring; the alerts that every environment has come with it. */
export interface EnvironmentAlerts {
  /** Who gets an alert that cannot wait: all of the configuration's channels, or the e-mail addresses alone. */
  readonly urgent: "all" | "email";
  /** What is said when the database's connections run out. */
  readonly databaseConnections: Pick<Alert, "displayName" | "severity" | "documentation">;
  /** @default none */
  readonly uptimeChecks?: Readonly<Record<string, Declared<UptimeCheck>>>;
  /** Further alerts. @default none */
  readonly alerts?: Readonly<Record<string, Declared<Alert>>>;
}

/** What the alerts are about. */
export interface Watched {
  readonly environment: EnvironmentConfig;
  /** Name of cluster and database instance. */
  readonly name: string;
  /** Repository with the runbooks, `owner/name`. */
  readonly githubRepository: string;
  readonly sql: CloudSql;
  readonly secrets: Secrets;
  readonly thresholds: AlertThresholds;
  readonly labels: Record<string, string>;
}

/**
 * Channels, checks and alerts of an environment: its own, and those that every environment has. E-mail channels are made,
 * PagerDuty and Slack looked up by name.
 */
export function environmentMonitoring(own: EnvironmentAlerts, watched: Watched): MonitoringProps {
  const { alertEmails, pagerDutyChannel, slackChannel, projectId } = watched.environment;
  const existingChannels: Record<string, ExistingChannel> = {
    ...(pagerDutyChannel && { pagerduty: { type: "pagerduty", displayName: pagerDutyChannel } as const }),
    ...(slackChannel && { slack: { type: "slack", displayName: slackChannel } as const }),
  };
  const email = Object.keys(alertEmails);
  const urgent = own.urgent === "all" ? [...email, ...Object.keys(existingChannels)] : email;
  const notify =
    (channels: readonly string[]) =>
    <Notified extends { readonly runbook: string }>(notified: Notified) => ({
      ...notified,
      channels,
      runbook: `https://github.com/${watched.githubRepository}/blob/main/docs/runbooks/${notified.runbook}.md`,
    });
  return {
    projectId,
    emailChannels: { ...alertEmails },
    existingChannels,
    uptimeChecks: mapValues(own.uptimeChecks ?? {}, notify(urgent)),
    alerts: {
      ...mapValues(own.alerts ?? {}, notify(urgent)),
      "database-grants": notify(urgent)(databaseGrants(watched)),
      // Due for days: an e-mail, nothing that wakes anybody.
      "secret-rotation": notify(email)(secretRotation(watched)),
      "database-connections": notify(urgent)(connections(own, watched)),
      ...mapValues(disk(watched), notify(urgent)),
    },
    labels: watched.labels,
  };
}

/** Databases that are not given to their logins, or an administrator who should be none: see helm/platform. */
function databaseGrants({ name }: Watched): Declared<Alert> {
  const job = { namespace: DATABASE_GRANTS, container: DATABASE_GRANTS };
  return {
    displayName: `${name}: the databases' rights are not as they should be`,
    conditions: [containerErrors(job), containerSilent(job)],
    // The job runs every minute. The first runs of a new cluster find no identity yet.
    duration: 600,
    documentation:
      "The job database-grants says in its log what it could not do, or does not run. New environments wait, and somebody may be a database administrator who should not.",
    runbook: "database-grants",
  };
}

function secretRotation({ name, secrets }: Watched): Declared<Alert> {
  return {
    displayName: `${name}: a secret is due for rotation`,
    severity: "WARNING",
    conditions: [secretRotationDue({ subscription: secrets.reminderSubscription })],
    documentation: `It is ${ROTATION_DAYS} days old or older. \`npx plue secrets list\` says which.`,
    runbook: "rotating-a-secret",
  };
}

function connections(
  own: EnvironmentAlerts,
  { environment, name, sql, thresholds }: Watched,
): Declared<Alert> {
  return {
    ...own.databaseConnections,
    conditions: [
      databaseConnections({
        projectId: environment.projectId,
        instanceName: name,
        maxConnections: sql.maxConnections,
        above: thresholds.databaseConnections ?? CONNECTIONS,
      }),
    ],
    runbook: "database-connections",
  };
}

function disk({ environment, name, thresholds }: Watched): Record<string, Declared<Alert>> {
  const { databaseDisk: above } = thresholds;
  if (above === undefined) return {};
  return {
    "database-disk": {
      displayName: `${name}: the database's disk fills up`,
      conditions: [databaseDisk({ projectId: environment.projectId, instanceName: name, above })],
      documentation: "When it is full, the database stops.",
      runbook: "database-disk",
    },
  };
}
