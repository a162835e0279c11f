import { DataGoogleMonitoringNotificationChannel } from "@cdktf/provider-google/lib/data-google-monitoring-notification-channel";
import {
  MonitoringAlertPolicy,
  type MonitoringAlertPolicyConditions,
} from "@cdktf/provider-google/lib/monitoring-alert-policy";
import { MonitoringNotificationChannel } from "@cdktf/provider-google/lib/monitoring-notification-channel";
import { MonitoringUptimeCheckConfig } from "@cdktf/provider-google/lib/monitoring-uptime-check-config";
import { Construct } from "constructs";
import { type PropProblem, problemsIn, rejectProps, wholeNumber } from "../../core/invalid-props";
import { mapValues, SECONDS_PER_DAY } from "../../core/props";
import type { AlertCondition, ThresholdCondition } from "./alerts";
import { egressMetric } from "./denied-egress";
import { levelParts, type Observation } from "./levels";
import { type Objective, Objectives, objectiveProblems } from "./objectives";

export { LEVELS, type Level, type Observation, type Watched } from "./levels";
export type { Objective } from "./objectives";

/** Seconds for which a condition must be met, unless an alert says otherwise. */
const DURATION = 300;
/** Seconds after which people may be told of a log entry again. */
const LOG_RATE_LIMIT = 3600;
/** Seconds after which an incident closes itself, unless an alert says otherwise; the most that Google takes. */
const WEEK = 7 * SECONDS_PER_DAY;

/** Time between two evaluations of a query in PromQL. */
const EVALUATION = "60s";

/** Regions of uptime checks, and how many places each checks from. */
const PLACES = { USA: 3, EUROPE: 1, SOUTH_AMERICA: 1, ASIA_PACIFIC: 1 };

/** Notification channel with a secret in it, made by hand in the console: Terraform has no write-only field for the secret. */
export interface ExistingChannel {
  /** Type of the channel. */
  readonly type: "pagerduty" | "slack";
  /** Display name: exactly as in the console, and no other channel's of this type. The plan fails while there is none. */
  readonly displayName: string;
}

/** Severity, channels and documentation of an alert, whatever sets it off. */
export interface Notification {
  /**
   * Severity: CRITICAL for what wakes people up.
   * @default "CRITICAL"
   */
  readonly severity?: "CRITICAL" | "ERROR" | "WARNING";
  /** Keys of `emailChannels` and `existingChannels` to notify, one at least. */
  readonly channels: readonly string[];
  /** What it means and what to do first, as Markdown. Part of every notification. */
  readonly documentation: string;
  /** The runbook's URL, put below the documentation. */
  readonly runbook: string;
  /**
   * Seconds after which an incident closes itself when its data stop, from 1800 to 604800.
   * @default 604800, a week
   */
  readonly autoClose?: number;
}

/** Alert policy. */
export interface Alert extends Notification {
  /** Name in the console and in notifications. */
  readonly displayName: string;
  /** Conditions, made by the functions of `alerts.ts`. Several are met when one is, unless `combiner` says otherwise. */
  readonly conditions: readonly AlertCondition[];
  /** How several conditions are combined. @default "OR" */
  readonly combiner?: "OR" | "AND";
  /**
   * Seconds for which a condition must be met, in whole minutes; 0 for at once. None for a condition on log entries.
   * @default 300
   */
  readonly duration?: number;
}

export type UptimeRegion = keyof typeof PLACES;

/** Uptime check over HTTPS, and the alert for when it fails. */
export interface UptimeCheck extends Notification {
  /** Name in the console and in notifications. */
  readonly displayName: string;
  /** Host name, asked over HTTPS with a check of its certificate. Changing it recreates the check. */
  readonly host: string;
  /** Path with query, from the slash. @default "/" */
  readonly path?: string;
  /** TCP port. @default 443 */
  readonly port?: number;
  /** Seconds between two checks from one place: 60, 300, 600 or 900. @default 60 */
  readonly period?: 60 | 300 | 600 | 900;
  /** Seconds, from 1 to 60, after which an answer counts as failed. @default 10 */
  readonly timeout?: number;
  /** The one HTTP status that is well, such as 404 for a load balancer's own answer. @default any from 200 to 299 */
  readonly status?: number;
  /** Text that the answer must contain. @default none */
  readonly contains?: string;
  /**
   * Where the checks run. Google wants three places at least: USA has three, the others one each.
   * @default everywhere, six places
   */
  readonly regions?: readonly UptimeRegion[];
}

export interface MonitoringProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** E-mail notification channels to make: addresses, by a name of one's own. @default none */
  readonly emailChannels?: Record<string, string>;
  /** PagerDuty and Slack channels to look up, by a name of one's own. @default none */
  readonly existingChannels?: Record<string, ExistingChannel>;
  /**
   * What is watched of an environment, by level: `basic` or `full`, of what it has. Checks, alerts and objectives below come
   * beside, and may not have the level's names.
   * @default nothing but what is said below
   */
  readonly observe?: Observation;
  /** Uptime checks, each with an alert for when two places or more see it fail, by a name of one's own. @default none */
  readonly uptimeChecks?: Record<string, UptimeCheck>;
  /** Alert policies, by a name of one's own. @default none */
  readonly alerts?: Record<string, Alert>;
  /** Service level objectives, each with an alert for when its error budget goes fast, and one for slowly. @default none */
  readonly objectives?: Record<string, Objective>;
  /** Labels of channels, checks and policies. @default none */
  readonly labels?: Record<string, string>;
}

/**
 * Cloud Monitoring of a project: notification channels, uptime checks, alert policies and service level objectives, each by
 * itself or all that a level asks of what an environment has. Alerts cost 0.10 USD a month per condition and 0.35 per million time series read; of a million free uptime checks a month, one a minute
 * from everywhere uses 260,000.
 *
 * Source: infrastructure document, section "Monitoring & Observability"; OctoLLM document, section "Monitoring
 * Module"; Copy-That document, section "Cloud Monitoring Alerts".
 * @see https://cloud.google.com/monitoring/alerts
 * Changing the level, or what is watched, makes and deletes alerts; incidents of a deleted one close.
 * @throws when an alert has no channel, no condition or no runbook, names a channel that is not there, or has a time
 *   that Google does not accept
 * @example
 * ```ts
 * new Monitoring(stack, "monitoring", {
 *   projectId: "acme-prod",
 *   emailChannels: { platform: "platform@example.com" },
 *   observe: {
 *     level: "basic",
 *     name: "acme-prod",
 *     watched: { hosts: { api: { displayName: "API", host: "api.example.com", path: "/health" } }, loadBalancer: {} },
 *     tell: ["platform"],
 *     runbooks: "https://example.com/runbooks",
 *   },
 *   alerts: {
 *     outage: {
 *       displayName: "Every other request fails",
 *       conditions: [loadBalancerErrors({ above: 0.5 })],
 *       channels: ["platform"],
 *       documentation: "Look at the last deploy first.",
 *       runbook: "https://example.com/runbooks/outage",
 *     },
 *   },
 * });
 * ```
 */
export class Monitoring extends Construct {
  /** Resource names of the e-mail channels (`projects/…/notificationChannels/…`), by channel: what a `Budget` takes. */
  readonly emailChannelIds: Readonly<Record<string, string>>;
  /** Resource names of all channels, by channel. */
  readonly channelIds: Readonly<Record<string, string>>;
  /** Ids of the checks (the metric label `check_id`), by check. */
  readonly uptimeCheckIds: Record<string, string> = {};
  /** Resource names of the policies, by alert, and by uptime check. */
  readonly alertPolicyIds: Record<string, string> = {};
  /** Resource names of the objectives, by objective: what a dashboard's chart of one takes. */
  readonly objectiveNames: Readonly<Record<string, string>> = {};
  private readonly props: Omit<MonitoringProps, "observe">;

  constructor(scope: Construct, id: string, given: MonitoringProps) {
    super(scope, id);
    const { observe } = given;
    const props = observe ? withLevel(given, observe) : given;
    this.props = props;
    rejectProps(this, [...(observe ? taken(given, observe) : []), ...problems(props)]);

    const channels = new Construct(this, "channels");
    this.emailChannelIds = mapValues(props.emailChannels ?? {}, (address, key) =>
      this.emailChannel(channels, key, address),
    );
    this.channelIds = {
      ...this.emailChannelIds,
      ...mapValues(props.existingChannels ?? {}, (channel, key) =>
        this.existingChannel(channels, key, channel),
      ),
    };

    const uptime = new Construct(this, "uptime");
    for (const [key, check] of Object.entries(props.uptimeChecks ?? {})) {
      const checkId = this.uptimeCheck(uptime, key, check);
      this.uptimeCheckIds[key] = checkId;
      this.alertPolicyIds[key] = this.alertPolicy(uptime, `${key}-alert`, {
        ...check,
        conditions: [checkFailed(check, checkId)],
        duration: 60,
      });
    }

    if (observe?.level === "full" && observe.watched.deniedEgress)
      egressMetric(this, { projectId: props.projectId, deniedEgress: observe.watched.deniedEgress });
    const alerts = new Construct(this, "alerts");
    for (const [key, alert] of Object.entries(props.alerts ?? {}))
      this.alertPolicyIds[key] = this.alertPolicy(alerts, key, alert);

    if (props.objectives && Object.keys(props.objectives).length > 0) {
      const objectives = new Objectives(this, "objectives", {
        projectId: props.projectId,
        serviceId: observe?.name ?? id,
        objectives: props.objectives,
        labels: props.labels,
      });
      this.objectiveNames = objectives.names;
      for (const [key, alert] of Object.entries(objectives.alerts))
        this.alertPolicyIds[key] = this.alertPolicy(objectives, `${key}-alert`, alert);
    }
  }

  private emailChannel(scope: Construct, key: string, address: string): string {
    return new MonitoringNotificationChannel(scope, key, {
      project: this.props.projectId,
      displayName: address,
      type: "email",
      labels: { email_address: address },
      userLabels: this.props.labels,
    }).name;
  }

  private existingChannel(scope: Construct, key: string, { type, displayName }: ExistingChannel): string {
    const project = this.props.projectId;
    return new DataGoogleMonitoringNotificationChannel(scope, key, { project, type, displayName }).name;
  }

  private uptimeCheck(scope: Construct, key: string, check: UptimeCheck): string {
    const { projectId: project, labels } = this.props;
    return new MonitoringUptimeCheckConfig(scope, key, {
      project,
      displayName: check.displayName,
      period: `${check.period ?? 60}s`,
      timeout: `${check.timeout ?? 10}s`,
      selectedRegions: check.regions && [...check.regions],
      httpCheck: {
        path: check.path ?? "/",
        port: check.port ?? 443,
        useSsl: true,
        validateSsl: true,
        acceptedResponseStatusCodes: check.status === undefined ? undefined : [{ statusValue: check.status }],
      },
      contentMatchers:
        check.contains === undefined ? undefined : [{ content: check.contains, matcher: "CONTAINS_STRING" }],
      // Google adds the project if it is not there, and a changed resource recreates the check.
      monitoredResource: { type: "uptime_url", labels: { project_id: project, host: check.host } },
      userLabels: labels,
    }).uptimeCheckId;
  }

  private alertPolicy(scope: Construct, id: string, alert: Alert): string {
    const { projectId: project, labels } = this.props;
    const onLogs = alert.conditions.some((condition) => "log" in condition);
    return new MonitoringAlertPolicy(scope, id, {
      project,
      displayName: alert.displayName,
      severity: alert.severity ?? "CRITICAL",
      combiner: alert.combiner ?? "OR",
      conditions: alert.conditions.map((condition) =>
        policyCondition(condition, `${alert.duration ?? DURATION}s`),
      ),
      alertStrategy: {
        autoClose: `${alert.autoClose ?? WEEK}s`,
        // Google wants one for log entries, and takes none for others.
        notificationRateLimit: onLogs ? { period: `${LOG_RATE_LIMIT}s` } : undefined,
      },
      documentation: {
        content: `${alert.documentation}\n\n[Runbook](${alert.runbook})`,
        mimeType: "text/markdown",
      },
      notificationChannels: Object.entries(this.channelIds)
        .filter(([key]) => alert.channels.includes(key))
        .map(([, channelId]) => channelId),
      userLabels: labels,
    }).name;
  }
}

function policyCondition(condition: AlertCondition, duration: string): MonitoringAlertPolicyConditions {
  const { displayName } = condition;
  if ("promql" in condition)
    return {
      displayName,
      conditionPrometheusQueryLanguage: {
        query: condition.promql,
        duration,
        evaluationInterval: EVALUATION,
        // A metric of a cluster or an application is unknown until it has been written once.
        disableMetricValidation: true,
      },
    };
  if ("log" in condition) return { displayName, conditionMatchedLog: { filter: condition.log } };
  return { displayName, conditionThreshold: { ...condition.threshold, duration } };
}

/** Props with what the level says beside what they say themselves. */
function withLevel(
  { observe: _, ...props }: MonitoringProps,
  observation: Observation,
): Omit<MonitoringProps, "observe"> {
  const { uptimeChecks, alerts, objectives } = levelParts(props.projectId, observation);
  return {
    ...props,
    uptimeChecks: { ...uptimeChecks, ...props.uptimeChecks },
    alerts: { ...props.alerts, ...alerts },
    objectives: { ...objectives, ...props.objectives },
  };
}

/** Names that the level has for what is given beside it. */
function taken(props: MonitoringProps, observation: Observation): PropProblem[] {
  const level = levelParts(props.projectId, observation);
  return (["uptimeChecks", "alerts", "objectives"] as const).flatMap((part) =>
    Object.keys(props[part] ?? {})
      .filter((key) => key in level[part])
      .map((key) => ({
        prop: [part, key],
        problem: "has the name of one of the level's",
        instead: "rename it, or change that by observe.thresholds or observe.adjust",
      })),
  );
}

/** More than one place saw its last check fail. */
function checkFailed({ displayName, host }: UptimeCheck, checkId: string): ThresholdCondition {
  return {
    displayName: `${displayName} fails: ${host}`,
    threshold: {
      filter: `metric.type = "monitoring.googleapis.com/uptime_check/check_passed" AND resource.type = "uptime_url" AND metric.labels.check_id = "${checkId}"`,
      comparison: "COMPARISON_GT",
      thresholdValue: 1,
      aggregations: [
        {
          // Long enough that the last result of every place is in it.
          alignmentPeriod: "1200s",
          perSeriesAligner: "ALIGN_NEXT_OLDER",
          crossSeriesReducer: "REDUCE_COUNT_FALSE",
          groupByFields: ["resource.label.*"],
        },
      ],
      trigger: { count: 1 },
    },
  };
}

function problems(props: Omit<MonitoringProps, "observe">): PropProblem[] {
  const {
    emailChannels = {},
    existingChannels = {},
    uptimeChecks = {},
    alerts = {},
    objectives = {},
  } = props;
  const found: PropProblem[] = objectiveProblems(objectives);
  for (const key of Object.keys(existingChannels))
    if (key in emailChannels)
      found.push({
        prop: ["existingChannels", key],
        problem: "has the name of an e-mail channel",
        instead: "rename one",
      });
  for (const [key, address] of Object.entries(emailChannels))
    if (!/^[^@\s]+@[^@\s]+$/.test(address))
      found.push({ prop: ["emailChannels", key], problem: `is "${address}"`, instead: "give an address" });
  const channels = [...Object.keys(emailChannels), ...Object.keys(existingChannels)];
  for (const [key, check] of Object.entries(uptimeChecks)) {
    const prop = ["uptimeChecks", key];
    found.push(...problemsIn(prop, [...notificationProblems(check, channels), ...checkProblems(check)]));
    if (key in alerts) found.push({ prop, problem: "has the name of an alert", instead: "rename one" });
  }
  for (const [key, alert] of Object.entries(alerts))
    found.push(
      ...problemsIn(["alerts", key], [...notificationProblems(alert, channels), ...alertProblems(alert)]),
    );
  for (const [key, objective] of Object.entries(objectives))
    for (const burn of ["fast", "slow"] as const)
      found.push(...problemsIn(["objectives", key, burn], notificationProblems(objective[burn], channels)));
  return found;
}

function notificationProblems(props: Notification, channels: readonly string[]): PropProblem[] {
  const found: PropProblem[] = [];
  if (props.channels.length === 0)
    found.push({
      prop: ["channels"],
      problem: "is empty, so nobody is told",
      instead: "name one channel at least",
    });
  for (const [index, channel] of props.channels.entries())
    if (!channels.includes(channel))
      found.push({
        prop: ["channels", index],
        problem: `is "${channel}", which is no channel here`,
        instead: channels.length > 0 ? `use ${channels.join(", ")}` : "declare it in emailChannels",
      });
  if (!props.runbook.startsWith("https://"))
    found.push({
      prop: ["runbook"],
      problem: `is "${props.runbook}"`,
      instead: "give a URL that starts with https://",
    });
  const limits = { from: 1800, to: WEEK, unit: "seconds", optional: true };
  return [...found, ...wholeNumber(["autoClose"], props.autoClose, limits)];
}

function alertProblems({ conditions, duration = DURATION }: Alert): PropProblem[] {
  const found: PropProblem[] = [];
  if (conditions.length === 0)
    found.push({ prop: ["conditions"], problem: "is empty", instead: "give one at least" });
  if (!Number.isInteger(duration / 60) || duration < 0 || duration > 84_600)
    found.push({
      prop: ["duration"],
      problem: `is ${duration}`,
      instead: "give whole minutes in seconds, from 0 to 84600",
    });
  if (conditions.length > 1 && conditions.some((condition) => "log" in condition))
    found.push({
      prop: ["conditions"],
      problem: "has a condition on log entries beside others, which Google refuses",
      instead: "make an alert of it alone",
    });
  return found;
}

function checkProblems({ host, path = "/", timeout, status, regions }: UptimeCheck): PropProblem[] {
  const found: PropProblem[] = [];
  if (/[/:\s]/.test(host))
    found.push({ prop: ["host"], problem: `is "${host}"`, instead: "give a host name alone" });
  if (!path.startsWith("/"))
    found.push({ prop: ["path"], problem: `is "${path}"`, instead: "start it with /" });
  found.push(...wholeNumber(["timeout"], timeout, { from: 1, to: 60, unit: "seconds", optional: true }));
  found.push(...wholeNumber(["status"], status, { from: 100, to: 599, optional: true }));
  if (regions && regions.reduce((places, region) => places + PLACES[region], 0) < 3)
    found.push({
      prop: ["regions"],
      problem: `has fewer than three places (${regions.join(", ")})`,
      instead: 'add "USA", which has three',
    });
  return found;
}
