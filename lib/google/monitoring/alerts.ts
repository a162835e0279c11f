import type {
  MonitoringAlertPolicyConditionsConditionThreshold,
  MonitoringAlertPolicyConditionsConditionThresholdAggregations,
} from "@cdktf/provider-google/lib/monitoring-alert-policy";
import { InvalidPropsError } from "../../core/invalid-props";

/** Condition of an alert policy on time series, apart from how long it must have been so. */
export interface ThresholdCondition {
  /** What is wrong when it fires, such as "5xx responses > 5 %". */
  readonly displayName: string;
  /** Arguments of the policy's `condition_threshold`. */
  readonly threshold: Omit<MonitoringAlertPolicyConditionsConditionThreshold, "duration">;
}

/** Condition of an alert policy that holds for each series that a query answers with, apart from for how long. */
export interface PromqlCondition {
  /** What is wrong when it fires. */
  readonly displayName: string;
  /** Query in PromQL, whose every answer is something that is wrong: `kube_deployment_status_replicas_available == 0`. */
  readonly promql: string;
}

/** Condition of an alert policy on single log entries. Its policy has no other, and no duration. */
export interface LogCondition {
  /** What is wrong when it fires. */
  readonly displayName: string;
  /**
   * Filter for entries each of which is something that is wrong.
   * @see https://cloud.google.com/logging/docs/view/logging-query-language
   */
  readonly log: string;
}

/** Condition of an alert policy. Made by the functions of this module. */
export type AlertCondition = ThresholdCondition | PromqlCondition | LogCondition;

/** Google evaluates a condition once per point. */
const ALIGNMENT_SECONDS = 60;

/** A metric, and the value that it is compared with. */
export interface MetricThreshold {
  /** What is wrong when it fires. */
  readonly displayName: string;
  /**
   * Which time series, by metric, resource and labels.
   * @see https://cloud.google.com/monitoring/api/v3/filters
   */
  readonly filter: string;
  /** Fires above this value, in the metric's unit. @default none: give `below` */
  readonly above?: number;
  /** Fires below this value. @default none: give `above` */
  readonly below?: number;
  /**
   * How the points of that time become one.
   * @default "ALIGN_MEAN", for gauges; counters need ALIGN_RATE or ALIGN_DELTA
   */
  readonly aligner?: string;
  /**
   * How several time series become one, such as REDUCE_SUM.
   * @default each is compared on its own
   */
  readonly reducer?: string;
  /** Labels that stay apart when series are reduced, such as `resource.labels.database_id`. @default none */
  readonly groupBy?: readonly string[];
  /** Seconds of measurements that become one point. @default 60 */
  readonly alignmentSeconds?: number;
}

/**
 * Metric threshold: a metric above or below a value, such as CPU, memory, disk or queue length.
 *
 * @throws when it has both bounds, or none
 */
export function metricThreshold(props: MetricThreshold): ThresholdCondition {
  const { displayName, filter, above, below, aligner = "ALIGN_MEAN" } = props;
  if ((above === undefined) === (below === undefined))
    throw new InvalidPropsError(conditionOf(displayName), [
      {
        prop: ["above"],
        problem: above === undefined ? "is missing, as is below" : "is given beside below",
        instead: "give one of the two",
      },
    ]);
  return {
    displayName,
    threshold: {
      filter,
      comparison: above === undefined ? "COMPARISON_LT" : "COMPARISON_GT",
      thresholdValue: above ?? below,
      aggregations: [aggregation(aligner, props.reducer, props.groupBy, props.alignmentSeconds)],
    },
  };
}

/** Two counters, and the ratio that theirs is compared with. */
export interface RatioAbove {
  /** What is wrong when it fires. */
  readonly displayName: string;
  /** Filter for what is counted, such as failed requests. */
  readonly numerator: string;
  /** Filter for what it is a part of, such as all requests. Counters both. */
  readonly denominator: string;
  /** Fires above this share, from 0 to 1. */
  readonly above: number;
}

/**
 * Ratio of two counters above a share, minute by minute. Where nothing is counted there is no error: the condition is then not met.
 * One failure in a quiet minute is a high share; an alert's duration, in minutes that must all be bad, keeps it quiet.
 *
 * @throws when the share is not between 0 and 1
 */
export function ratioAbove({ displayName, numerator, denominator, above }: RatioAbove): ThresholdCondition {
  requireShare(displayName, above);
  return {
    displayName,
    threshold: {
      filter: numerator,
      denominatorFilter: denominator,
      comparison: "COMPARISON_GT",
      thresholdValue: above,
      aggregations: [aggregation("ALIGN_DELTA", "REDUCE_SUM")],
      denominatorAggregations: [aggregation("ALIGN_DELTA", "REDUCE_SUM")],
      evaluationMissingData: "EVALUATION_MISSING_DATA_INACTIVE",
    },
  };
}

/** A distribution metric, and the value that its percentile is compared with. */
export interface PercentileAbove {
  /** What is wrong when it fires. */
  readonly displayName: string;
  /** Filter for a distribution metric, such as latencies. */
  readonly filter: string;
  readonly percentile: 50 | 95 | 99;
  /** Fires above this value, in the metric's unit. */
  readonly above: number;
  /** Labels whose values are looked at apart. @default all together */
  readonly groupBy?: readonly string[];
}

/**
 * Percentile of a distribution metric above a value, of all values together: the mean of each series' percentile would be
 * no percentile of anything.
 */
export function percentileAbove(props: PercentileAbove): ThresholdCondition {
  const { displayName, filter, percentile, above, groupBy } = props;
  return {
    displayName,
    threshold: {
      filter,
      comparison: "COMPARISON_GT",
      thresholdValue: above,
      aggregations: [aggregation("ALIGN_DELTA", `REDUCE_PERCENTILE_${percentile}`, groupBy)],
      evaluationMissingData: "EVALUATION_MISSING_DATA_INACTIVE",
    },
  };
}

/** Kubernetes Service behind a GKE Gateway. */
export interface GatewayService {
  readonly namespace: string;
  readonly service: string;
}

/** Requests to a global external Application Load Balancer, such as a GKE Gateway of class gke-l7-global-external-managed. */
export interface LoadBalancerRequests {
  /**
   * Services whose requests are left out, such as event streams: each is a backend of its own, and the metrics know backends and no paths.
   * Namespace and service come to 31 characters at most, beyond which GKE cuts their names in the backend's.
   * @default none
   */
  readonly except?: readonly GatewayService[];
  /** Further filter, such as `resource.labels.backend_target_name = "…"`. @default all of the project's */
  readonly filter?: string;
}

/**
 * Load balancer error rate: share of requests that end in a 5xx. Counts what clients get, also where no backend was there to answer, and
 * requests for its denominator: error log lines, which the infrastructure document counts, have none.
 * @see https://cloud.google.com/load-balancing/docs/https/https-logging-monitoring
 */
export function loadBalancerErrors(
  props: LoadBalancerRequests & { readonly above: number },
): ThresholdCondition {
  const displayName = `5xx responses > ${percent(props.above)}`;
  const requests = loadBalancerMetric("request_count", displayName, props);
  return ratioAbove({
    displayName,
    numerator: `${requests} AND metric.labels.response_code_class = 500`,
    denominator: requests,
    above: props.above,
  });
}

/**
 * Load balancer latency: percentile of the time from a request's first byte to its answer's last. A stream counts with its whole length:
 * route streams to a Service of their own and leave that out by `except`, or they are what it measures.
 *
 * @throws when a name in `except` is longer than GKE leaves it
 */
export function loadBalancerLatency(
  props: LoadBalancerRequests & { readonly percentile: 50 | 95 | 99; readonly aboveMs: number },
): ThresholdCondition {
  const displayName = `P${props.percentile} latency > ${props.aboveMs} ms`;
  return percentileAbove({
    displayName,
    filter: loadBalancerMetric("total_latencies", displayName, props),
    percentile: props.percentile,
    above: props.aboveMs,
  });
}

/**
 * Unacknowledged reminders to rotate a secret, in the Pub/Sub subscription of `Secrets`. Which secret it is stands in the
 * reminder, not in the metric.
 */
export function secretRotationDue({ subscription }: { readonly subscription: string }): ThresholdCondition {
  return metricThreshold({
    displayName: "A secret is due for rotation",
    filter: `metric.type = "pubsub.googleapis.com/subscription/num_undelivered_messages" AND resource.type = "pubsub_subscription" AND resource.labels.subscription_id = "${subscription}"`,
    above: 0,
  });
}

/**
 * Error log entries of a GKE container, which it writes to its standard error or with severity ERROR: for a job that writes
 * there when it fails, and only then. Of five minutes at a time: a run that takes longer than one leaves minutes out.
 * @see https://cloud.google.com/monitoring/api/metrics_gcp_i_o#gcp-logging
 */
export function containerErrors(container: Container): ThresholdCondition {
  return metricThreshold({
    displayName: `${container.container} reports errors`,
    filter: `${logLines(container)} AND metric.labels.severity = "ERROR"`,
    above: 0,
    ...LOG_LINES,
  });
}

/**
 * Absence of log entries from a GKE container that wrote some before: for a job that writes one whenever it runs, and
 * cannot say itself that it is not started.
 * @see https://cloud.google.com/monitoring/alerts/concepts-indepth#partial-metric-data
 */
export function containerSilent(container: Container): ThresholdCondition {
  const { displayName, threshold } = metricThreshold({
    displayName: `${container.container} is silent`,
    filter: logLines(container),
    below: 1,
    ...LOG_LINES,
  });
  return {
    displayName,
    threshold: { ...threshold, evaluationMissingData: "EVALUATION_MISSING_DATA_ACTIVE" },
  };
}

/** Share of a Redis instance's memory that is in use, of Memorystore. */
export function redisMemory(props: {
  /** Id of the instance. */
  readonly instanceName: string;
  /** Fires above this share, from 0 to 1. */
  readonly above: number;
}): ThresholdCondition {
  const { instanceName, above } = props;
  const displayName = `${instanceName}: memory of Redis > ${percent(above)}`;
  requireShare(displayName, above);
  return metricThreshold({
    displayName,
    filter: `metric.type = "redis.googleapis.com/stats/memory/usage_ratio" AND resource.type = "redis_instance" AND resource.labels.instance_id = monitoring.regex.full_match(".*/${instanceName}")`,
    above,
  });
}

/** Days that the certificate of any host with an uptime check is still good for, of all checks of the project together. */
export function certificateExpires({ days }: { readonly days: number }): ThresholdCondition {
  return metricThreshold({
    displayName: `a certificate ends in less than ${days} days`,
    filter:
      'metric.type = "monitoring.googleapis.com/uptime_check/time_until_ssl_cert_expires" AND resource.type = "uptime_url"',
    below: days,
    aligner: "ALIGN_NEXT_OLDER",
    reducer: "REDUCE_MIN",
    groupBy: ["resource.labels.host"],
    alignmentSeconds: 1200,
  });
}

/**
 * Entries of a log to which whoever plans stacks writes one for each that has drifted or cannot be planned, as a WARNING or
 * above.
 */
export function stackDrifted({ log }: { readonly log: string }): LogCondition {
  return { displayName: "a stack has drifted", log: `log_id("${log}") AND severity >= WARNING` };
}

/** Container of a GKE cluster, by name, in any pod of a namespace. */
export interface Container {
  readonly namespace: string;
  readonly container: string;
}

const LOG_LINES = { aligner: "ALIGN_DELTA", reducer: "REDUCE_SUM", alignmentSeconds: 300 };

function logLines({ namespace, container }: Container): string {
  return [
    'metric.type = "logging.googleapis.com/log_entry_count"',
    'resource.type = "k8s_container"',
    `resource.labels.namespace_name = "${namespace}"`,
    `resource.labels.container_name = "${container}"`,
  ].join(" AND ");
}

/** A Cloud SQL instance, and the share of its connections that may be in use. */
export interface DatabaseConnections {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Cloud SQL for PostgreSQL. */
  readonly instanceName: string;
  /** The instance's `max_connections`, which its tier or a flag sets. */
  readonly maxConnections: number;
  /** Fires above this share of them, from 0 to 1. */
  readonly above: number;
}

/** Share of a Cloud SQL instance's disk that is in use. A full disk stops the database. */
export function databaseDisk(props: Omit<DatabaseConnections, "maxConnections">): ThresholdCondition {
  return databaseShare("disk", props);
}

/** Share of a Cloud SQL instance's processors that is in use. */
export function databaseCpu(props: Omit<DatabaseConnections, "maxConnections">): ThresholdCondition {
  return databaseShare("cpu", props);
}

/** Share of a Cloud SQL instance's memory that is in use, without what PostgreSQL would give back. */
export function databaseMemory(props: Omit<DatabaseConnections, "maxConnections">): ThresholdCondition {
  return databaseShare("memory", props);
}

/**
 * Backups that Cloud SQL was to make by itself and did not until the end of their window, by its system events.
 * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/view-audit-logs-for-automated-backups
 */
export function databaseBackupFailed({
  projectId,
  instanceName,
}: Pick<DatabaseConnections, "projectId" | "instanceName">): LogCondition {
  return {
    displayName: "a backup of the database failed",
    log: [
      'log_id("cloudaudit.googleapis.com/system_event")',
      'resource.type = "cloudsql_database"',
      `resource.labels.database_id = "${projectId}:${instanceName}"`,
      'protoPayload.methodName = "cloudsql.instances.automatedBackup"',
      'protoPayload.metadata.windowStatus = "STATUS_FAILED"',
    ].join(" AND "),
  };
}

function databaseShare(
  of: "disk" | "cpu" | "memory",
  { projectId, instanceName, above }: Omit<DatabaseConnections, "maxConnections">,
): ThresholdCondition {
  const displayName = `database ${of} > ${percent(above)}`;
  requireShare(displayName, above);
  return metricThreshold({
    displayName,
    filter: databaseMetric(`${of}/utilization`, projectId, instanceName),
    above,
  });
}

/** Cloud SQL connections above a share of the instance's limit: the metric counts per database, the limit does not. */
export function databaseConnections(props: DatabaseConnections): ThresholdCondition {
  const { projectId, instanceName, maxConnections, above } = props;
  const displayName = `database connections > ${percent(above)} of ${maxConnections}`;
  requireShare(displayName, above);
  return metricThreshold({
    displayName,
    filter: databaseMetric("postgresql/num_backends", projectId, instanceName),
    above: Math.floor(maxConnections * above),
    aligner: "ALIGN_MAX",
    reducer: "REDUCE_SUM",
    groupBy: ["resource.labels.database_id"],
  });
}

/** Filter for a metric of a Cloud SQL instance. */
export function databaseMetric(metric: string, projectId: string, instanceName: string): string {
  return [
    `metric.type = "cloudsql.googleapis.com/database/${metric}"`,
    'resource.type = "cloudsql_database"',
    `resource.labels.database_id = "${projectId}:${instanceName}"`,
  ].join(" AND ");
}

/**
 * Filter for a metric of a load balancer.
 * @throws when a name in `except` is longer than GKE leaves it
 */
export function loadBalancerMetric(
  metric: string,
  displayName: string,
  { filter, except = [] }: LoadBalancerRequests,
): string {
  const tooLong = except.flatMap(({ namespace, service }, index) =>
    /^[a-z0-9-]+$/.test(namespace + service) && namespace.length + service.length <= BACKEND_NAME_ROOM
      ? []
      : [
          {
            prop: ["except", index],
            problem: `is ${namespace}/${service}, which GKE cuts in the backend's name`,
            instead: `give names of ${BACKEND_NAME_ROOM} characters together at most`,
          },
        ],
  );
  if (tooLong.length > 0) throw new InvalidPropsError(conditionOf(displayName), tooLong);
  return [
    `metric.type = "loadbalancing.googleapis.com/https/${metric}"`,
    'resource.type = "https_lb_rule"',
    ...(filter ? [filter] : []),
    ...except.map(
      (service) =>
        `resource.labels.backend_target_name != monitoring.regex.full_match("${backendOf(service)}")`,
    ),
  ].join(" AND ");
}

/** Characters that a backend's name of 63 has for namespace and service, beside what comes before, the port and a hash. */
const BACKEND_NAME_ROOM = 31;

/**
 * Names that GKE gives a Service's backend, such as `gkegw1-5hy7-store-store-v1-8080-36opmi9qx1cx`.
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/deploying-gateways
 */
function backendOf({ namespace, service }: GatewayService): string {
  return `gkegw[0-9]+-[a-z0-9]+-${namespace}-${service}-[0-9]+-[a-z0-9]+`;
}

function aggregation(
  perSeriesAligner: string,
  crossSeriesReducer?: string,
  groupBy?: readonly string[],
  seconds = ALIGNMENT_SECONDS,
): MonitoringAlertPolicyConditionsConditionThresholdAggregations {
  return {
    alignmentPeriod: `${seconds}s`,
    perSeriesAligner,
    crossSeriesReducer,
    groupByFields: groupBy && [...groupBy],
  };
}

function requireShare(displayName: string, above: number): void {
  if (!(above > 0 && above < 1))
    throw new InvalidPropsError(conditionOf(displayName), [
      { prop: ["above"], problem: `is ${above}`, instead: "give a share between 0 and 1" },
    ]);
}

/** What an error is about, where no construct is. */
function conditionOf(displayName: string): string {
  return `alert condition "${displayName}"`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
