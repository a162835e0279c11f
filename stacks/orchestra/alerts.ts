import type { CloudSql } from "../../lib/google/cloud-sql";
import type { ExistingChannel, MonitoringProps } from "../../lib/google/monitoring";
import type { Redis } from "../../lib/google/redis";
import type { Secrets } from "../../lib/google/secret-manager";
import { type OrchestraConfig, PRODUCTION } from "./config";
import { hosts, RUN } from "./names";
import { SIZES } from "./sizes";

/** What the alerts are about. */
export interface WatchedOrchestra {
  readonly config: OrchestraConfig;
  readonly sql: CloudSql;
  readonly redis: Redis;
  readonly secrets: Secrets;
  readonly labels: Record<string, string>;
}

/** Channels, checks and alerts: all of the level `full`. E-mail channels are made, PagerDuty and Slack looked up by name. */
export function monitoringProps({ config, sql, redis, secrets, labels }: WatchedOrchestra): MonitoringProps {
  const { projectId, alertEmails, pagerDutyChannel, slackChannel, domain } = config[PRODUCTION];
  const existingChannels: Record<string, ExistingChannel> = {
    ...(pagerDutyChannel && { pagerduty: { type: "pagerduty", displayName: pagerDutyChannel } as const }),
    ...(slackChannel && { slack: { type: "slack", displayName: slackChannel } as const }),
  };
  return {
    projectId,
    emailChannels: { ...alertEmails },
    existingChannels,
    observe: {
      level: "full",
      name: "orchestra",
      watched: {
        hosts: {
          api: { displayName: "Orchestra: API health", host: hosts(domain).api, path: "/health" },
        },
        services: {
          // WebSockets are requests of the server's, and as long as they like.
          server: { service: { name: RUN.server, maxInstances: SIZES.server.maxInstances }, streams: true },
          engine: { service: { name: RUN.engine, maxInstances: SIZES.engine.maxInstances } },
        },
        database: sql,
        redis: { queue: redis },
        secrets,
      },
      wake: pagerDutyChannel ? ["pagerduty"] : [],
      tell: [...Object.keys(alertEmails), ...(slackChannel ? ["slack"] : [])],
      runbooks: `https://github.com/${config.githubRepository}/blob/main/stacks/orchestra/runbooks`,
      adjust: {
        "secret-rotation": {
          documentation: `It is ${SIZES.rotationDays} days old or older. \`npx plue secrets list\` says which.`,
        },
      },
    },
    labels,
  };
}
