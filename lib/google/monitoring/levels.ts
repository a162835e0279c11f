import { mapValues } from "../../core/props";
import type { CloudRunService } from "../cloud-run/service";
import type { CloudSql } from "../cloud-sql";
import type { Redis } from "../redis";
import type { Secrets } from "../secret-manager";
import type { Alert, UptimeCheck } from ".";
import {
  type AlertCondition,
  type Container,
  certificateExpires,
  containerErrors,
  databaseBackupFailed,
  databaseConnections,
  databaseCpu,
  databaseDisk,
  databaseMemory,
  type LoadBalancerRequests,
  loadBalancerErrors,
  loadBalancerLatency,
  loadBalancerMetric,
  redisMemory,
  secretRotationDue,
  stackDrifted,
} from "./alerts";
import { cloudRunAtMaximum, cloudRunErrors, cloudRunLatency, cloudRunMetric } from "./cloud-run-alerts";
import { autoscalerAtMaximum, crashLoops, type Deployment, poolEmpty } from "./cluster-alerts";
import { type DeniedEgress, egressDenied } from "./denied-egress";
import type { Objective } from "./objectives";

/** How much is watched: `basic` for where people work, `full` for what others live by. */
export type Level = "basic" | "full";

/** A host that stands for the others, asked from outside. */
export type WatchedHost = Pick<
  UptimeCheck,
  "displayName" | "host" | "path" | "port" | "period" | "timeout" | "status" | "contains" | "regions"
>;

/** A Cloud Run service, whose errors, latency and instances are watched. */
export interface WatchedService {
  readonly service: Pick<CloudRunService, "name" | "maxInstances">;
  /** Its answers are long by nature, as event streams are: latency is left out. @default false */
  readonly streams?: boolean;
}

/** What an environment has that can be watched. Each alert of the level applies where its subject is given. */
export interface Watched {
  /** Hosts, by a name of one's own, which becomes that of the check. @default none */
  readonly hosts?: Readonly<Record<string, WatchedHost>>;
  /**
   * External Application Load Balancer, such as that of a GKE Gateway: all of the project's requests, without those of
   * `except`, which the alert on latency alone leaves out. `{}` for all.
   * @default none
   */
  readonly loadBalancer?: LoadBalancerRequests;
  /** Cloud Run services, by a name of one's own. Behind a load balancer give one of the two for each request. @default none */
  readonly services?: Readonly<Record<string, WatchedService>>;
  /** Cloud SQL for PostgreSQL, in the same project. @default none */
  readonly database?: Pick<CloudSql, "instanceName" | "maxConnections">;
  /** Memorystore for Redis, by a name of one's own. @default none */
  readonly redis?: Readonly<Record<string, Pick<Redis, "instanceName">>>;
  /** Secrets with `rotationReminders`. @default none */
  readonly secrets?: Pick<Secrets, "reminderSubscription">;
  /** Pools of pods that wait for work, by a name of one's own. @default none */
  readonly warmPools?: Readonly<Record<string, Deployment>>;
  /** Namespaces of the cluster, whose autoscalers and containers are watched. @default none */
  readonly namespaces?: readonly string[];
  /** A cluster that logs denied connections (the object NetworkLogging). @default none */
  readonly deniedEgress?: DeniedEgress;
  /** Jobs that make backups, by a name of one's own, which write to standard error only when they fail. @default none */
  readonly backupJobs?: Readonly<Record<string, Container>>;
  /**
   * Log to which whoever plans the stacks writes an entry for each that has drifted or cannot be planned, its severity WARNING or
   * above.
   * @default none
   */
  readonly drift?: { readonly log: string };
}

/** Values above which alerts fire. */
export interface Thresholds {
  /** Share of requests that fail. @default 0.05 */
  readonly errors?: number;
  /** Milliseconds within which 95 in 100 answers come. @default 2000 */
  readonly latencyMs?: number;
  /** Share of the connections that the database accepts. @default 0.8 */
  readonly databaseConnections?: number;
  /** Share of the database's processors. @default 0.8 */
  readonly databaseCpu?: number;
  /** Share of the database's memory. @default 0.9 */
  readonly databaseMemory?: number;
  /**
   * Share of the database's disk.
   * @default 0.9: a disk of up to 200 GB that grows by itself has grown before
   */
  readonly databaseDisk?: number;
  /** Share of Redis' memory. @default 0.8 */
  readonly redisMemory?: number;
  /** Denied connections in a minute. @default 30 */
  readonly deniedEgressPerMinute?: number;
  /** Days before a certificate's end. @default 14 */
  readonly certificateDays?: number;
  /** Share of requests that must be answered without a 5xx, in 28 days: the objective. @default 0.995 */
  readonly availability?: number;
  /** Share of requests that must be answered within `latencyMs`, in 28 days: the objective. @default 0.95 */
  readonly fast?: number;
}

const DEFAULTS: Required<Thresholds> = {
  errors: 0.05,
  latencyMs: 2000,
  databaseConnections: 0.8,
  databaseCpu: 0.8,
  databaseMemory: 0.9,
  databaseDisk: 0.9,
  redisMemory: 0.8,
  deniedEgressPerMinute: 30,
  certificateDays: 14,
  availability: 0.995,
  fast: 0.95,
};

/** What is watched of an environment, by level. */
export interface Observation {
  /** `basic` or `full`: see {@link LEVELS}. */
  readonly level: Level;
  /** Name of the environment, with which the alerts' names begin. */
  readonly name: string;
  /** What there is. */
  readonly watched: Watched;
  /**
   * Keys of the channels that wake somebody, beside `tell`.
   * @default none: nobody is woken, and what is CRITICAL elsewhere is a WARNING
   */
  readonly wake?: readonly string[];
  /** Keys of the channels that get everything. */
  readonly tell: readonly string[];
  /**
   * URL of the folder with a page for each alert, such as `https://github.com/acme/shop/blob/main/docs/runbooks`; or what gives
   * the page's URL for an alert's name, where several share one.
   */
  readonly runbooks: string | ((alert: string) => string);
  /** @default as {@link Thresholds} says */
  readonly thresholds?: Thresholds;
  /** What single alerts of the level have otherwise. @default as the level says */
  readonly adjust?: Readonly<
    Partial<Record<AlertName, Partial<Pick<Alert, "severity" | "channels" | "documentation" | "duration">>>>
  >;
}

/** What an alert's conditions are made of. */
interface Context {
  readonly projectId: string;
  readonly limits: Required<Thresholds>;
  readonly watched: Watched;
}

/** An alert of a level, for one or several things of a kind. */
interface Row {
  /** From which level on. */
  readonly level: Level;
  /** CRITICAL wakes somebody where somebody is to be woken. */
  readonly severity: "CRITICAL" | "WARNING";
  /** What the environment must have for it. */
  readonly subject: keyof Watched | readonly (keyof Watched)[];
  /** What it measures, in words. */
  readonly measures: string;
  /** What it means, for whoever gets it. */
  readonly means: string;
  /** Page of the runbooks. @default the alert's own name */
  readonly runbook?: string;
  /** Seconds for which it must be so. @default 300 */
  readonly duration?: number;
  /** Conditions, by what they are about: `""` where there can only be one. */
  readonly conditions: (context: Context) => Readonly<Record<string, readonly AlertCondition[]>>;
}

const whole = <Subject>(
  subject: Subject | undefined,
  condition: (subject: Subject) => readonly AlertCondition[],
): Record<string, readonly AlertCondition[]> => (subject === undefined ? {} : { "": condition(subject) });
const each = <Subject>(
  subjects: Readonly<Record<string, Subject>> | undefined,
  condition: (subject: Subject) => readonly AlertCondition[],
): Record<string, readonly AlertCondition[]> => mapValues(subjects ?? {}, (subject) => condition(subject));
const named = (names: readonly string[] | undefined, condition: (name: string) => AlertCondition) =>
  Object.fromEntries((names ?? []).map((name) => [name, [condition(name)]]));

/**
 * What each level watches. `full` has all of `basic`. Three things beside: a host is asked by an uptime check, whose alert
 * is `api-down`; the month's budget is the construct `Budget`, which basic asks for; and objectives have two alerts each.
 */
export const LEVELS = {
  "high-error-rate": {
    level: "basic",
    severity: "CRITICAL",
    subject: ["loadBalancer", "services"],
    measures: "requests that end in a 5xx, as a share of all requests, minute by minute",
    means: "More requests fail than may. A deploy in the last hour is the first suspect.",
    conditions: ({ watched, limits: { errors: above } }) => ({
      ...whole(watched.loadBalancer, ({ filter }) => [loadBalancerErrors({ filter, above })]),
      ...each(watched.services, ({ service }) => [cloudRunErrors({ service, above })]),
    }),
  },
  "database-connections": {
    level: "basic",
    severity: "CRITICAL",
    subject: "database",
    measures: "connections to all databases of the instance together, against what it accepts",
    means: "When they are used up, every new connection fails.",
    conditions: ({ projectId, watched, limits }) =>
      whole(watched.database, ({ instanceName, maxConnections }) => [
        databaseConnections({ projectId, instanceName, maxConnections, above: limits.databaseConnections }),
      ]),
  },
  "secret-rotation": {
    level: "basic",
    severity: "WARNING",
    subject: "secrets",
    measures: "reminders to rotate a secret that nobody has taken",
    means: "A secret is as old as it may be. It works on.",
    runbook: "rotating-a-secret",
    conditions: ({ watched }) =>
      whole(watched.secrets, ({ reminderSubscription }) => [
        secretRotationDue({ subscription: reminderSubscription }),
      ]),
  },
  "high-latency": {
    level: "full",
    severity: "WARNING",
    subject: ["loadBalancer", "services"],
    measures: "the time within which 95 of 100 requests are answered, without event streams",
    means: "One answer in twenty is slow. What is long by nature is not among them.",
    conditions: ({ watched, limits: { latencyMs: aboveMs } }) => ({
      ...whole(watched.loadBalancer, (requests) => [
        loadBalancerLatency({ ...requests, percentile: 95, aboveMs }),
      ]),
      ...each(withoutStreams(watched), ({ service }) => [
        cloudRunLatency({ service, percentile: 95, aboveMs }),
      ]),
    }),
  },
  "database-cpu": {
    level: "full",
    severity: "WARNING",
    subject: "database",
    measures: "the share of the database's processors that is in use",
    means: "Statements wait for a processor.",
    duration: 900,
    conditions: ({ projectId, watched, limits }) =>
      whole(watched.database, ({ instanceName }) => [
        databaseCpu({ projectId, instanceName, above: limits.databaseCpu }),
      ]),
  },
  "database-memory": {
    level: "full",
    severity: "WARNING",
    subject: "database",
    measures: "the share of the database's memory that is in use",
    means: "Google restarts a database that runs out of memory.",
    duration: 900,
    conditions: ({ projectId, watched, limits }) =>
      whole(watched.database, ({ instanceName }) => [
        databaseMemory({ projectId, instanceName, above: limits.databaseMemory }),
      ]),
  },
  "database-disk": {
    level: "full",
    severity: "CRITICAL",
    subject: "database",
    measures: "the share of the database's disk that is in use",
    means: "When it is full, the database stops.",
    conditions: ({ projectId, watched, limits }) =>
      whole(watched.database, ({ instanceName }) => [
        databaseDisk({ projectId, instanceName, above: limits.databaseDisk }),
      ]),
  },
  "failed-backup": {
    level: "full",
    severity: "WARNING",
    subject: ["database", "backupJobs"],
    measures:
      "automatic backups of the database that were not made in their window; lines that a job which makes others writes to its standard error",
    means: "The last backup is older than it should be.",
    // A job says so once a night.
    duration: 0,
    conditions: ({ projectId, watched }) => ({
      ...whole(watched.database, ({ instanceName }) => [databaseBackupFailed({ projectId, instanceName })]),
      ...each(watched.backupJobs, (job) => [containerErrors(job)]),
    }),
  },
  "redis-memory": {
    level: "full",
    severity: "WARNING",
    subject: "redis",
    measures: "the share of Redis' memory that is in use",
    means: "When it is full, keys are evicted or writes refused.",
    conditions: ({ watched, limits }) =>
      each(watched.redis, ({ instanceName }) => [redisMemory({ instanceName, above: limits.redisMemory })]),
  },
  "warm-pool-empty": {
    level: "full",
    severity: "CRITICAL",
    subject: "warmPools",
    measures: "pods of the pool that are ready to take work: none for a minute",
    means: "Whoever asks for a runner waits for one to start.",
    runbook: "warm-pool",
    duration: 60,
    conditions: ({ watched }) => each(watched.warmPools, (pool) => [poolEmpty(pool)]),
  },
  "autoscaler-at-maximum": {
    level: "full",
    severity: "WARNING",
    subject: ["namespaces", "services"],
    measures: "replicas or instances that run, against the most that may",
    means: "Nothing is left for more requests.",
    duration: 900,
    conditions: ({ watched }) => ({
      ...named(watched.namespaces, (namespace) => autoscalerAtMaximum({ namespace })),
      ...each(watched.services, ({ service }) => [cloudRunAtMaximum({ service })]),
    }),
  },
  "crash-loop": {
    level: "full",
    severity: "WARNING",
    subject: "namespaces",
    measures: "containers that wait to be started again after having crashed",
    means: "A container crashes whenever it is started.",
    duration: 600,
    conditions: ({ watched }) => named(watched.namespaces, (namespace) => crashLoops({ namespace })),
  },
  "denied-egress": {
    level: "full",
    severity: "WARNING",
    subject: "deniedEgress",
    measures: "connections from pods to outside that a network policy denied, in a minute",
    means: "A pod tries to reach what it may not: a mistake in a policy, or somebody in a sandbox.",
    conditions: ({ watched, limits: { deniedEgressPerMinute: above } }) =>
      whole(watched.deniedEgress, () => [egressDenied({ above })]),
  },
  "certificate-expiry": {
    level: "full",
    severity: "CRITICAL",
    subject: "hosts",
    measures: "days until the certificate that the host shows ends",
    means: "It was to be renewed weeks before. When it ends, nobody gets in.",
    conditions: ({ watched, limits: { certificateDays: days } }) =>
      whole(watched.hosts, () => [certificateExpires({ days })]),
  },
  drift: {
    level: "full",
    severity: "WARNING",
    subject: "drift",
    measures: "stacks whose plan has changes that nobody merged, or that cannot be planned",
    means:
      "Somebody changed it by hand, a deployment did not come to its end, or nobody can plan it. The log says which stack.",
    conditions: ({ watched }) => whole(watched.drift, ({ log }) => [stackDrifted({ log })]),
  },
} satisfies Record<string, Row>;

/** Name of an alert of a level: that of its runbook, where the row names no other. */
export type AlertName = keyof typeof LEVELS | "api-down" | "slo-fast-burn" | "slo-slow-burn";

/** Parts of a construct's props that a level says. */
export interface LevelParts {
  readonly uptimeChecks: Readonly<Record<string, UptimeCheck>>;
  readonly alerts: Readonly<Record<string, Alert>>;
  readonly objectives: Readonly<Record<string, Objective>>;
}

/** What a level watches of what there is, by the names that alerts, checks and objectives have. */
export function levelParts(projectId: string, observation: Observation): LevelParts {
  const { level, name, watched } = observation;
  const limits = { ...DEFAULTS, ...observation.thresholds };
  const alerts: Record<string, Alert> = {};
  for (const [alert, row] of Object.entries(LEVELS) as [keyof typeof LEVELS, Row][]) {
    if (!reaches(level, row.level)) continue;
    const conditions = row.conditions({ projectId, limits, watched });
    for (const [of, made] of Object.entries(conditions))
      alerts[of ? `${alert}-${of}` : alert] = {
        displayName: `${name}: ${words(alert)}${of && ` (${of})`}`,
        conditions: made,
        duration: row.duration,
        ...notification(observation, alert, row),
      };
  }
  return {
    uptimeChecks: mapValues(watched.hosts ?? {}, (host) => ({
      ...host,
      ...notification(observation, "api-down", {
        severity: "CRITICAL",
        means: `https://${host.host}${host.path ?? "/"} does not answer with ${host.status ?? "success"}.`,
      }),
    })),
    alerts,
    objectives: reaches(level, "full") ? objectives(observation, limits) : {},
  };
}

function reaches(level: Level, from: Level): boolean {
  return level === "full" || from === "basic";
}

function objectives(observation: Observation, limits: Required<Thresholds>): Record<string, Objective> {
  const { name, watched } = observation;
  const burns = {
    fast: notification(observation, "slo-fast-burn", {
      severity: "CRITICAL",
      means: "At this rate what may fail in four weeks has failed in two days.",
    }),
    slow: notification(observation, "slo-slow-burn", {
      severity: "WARNING",
      means: "At this rate what may fail in four weeks has failed in five days.",
    }),
  };
  const availability = (total: string, bad: string): Objective => ({
    displayName: `${name}: requests without a 5xx`,
    goal: limits.availability,
    sli: { total, bad },
    ...burns,
  });
  const fast = (latencies: string): Objective => ({
    displayName: `${name}: answers within ${limits.latencyMs} ms`,
    goal: limits.fast,
    sli: { latencies, withinMs: limits.latencyMs },
    ...burns,
  });
  const made: Record<string, Objective> = {};
  if (watched.loadBalancer) {
    const { filter } = watched.loadBalancer;
    const total = loadBalancerMetric("request_count", "availability", { filter });
    made["availability"] = availability(total, `${total} AND metric.labels.response_code_class = 500`);
    made["latency"] = fast(loadBalancerMetric("total_latencies", "latency", watched.loadBalancer));
  }
  for (const [key, { service }] of Object.entries(watched.services ?? {})) {
    const total = cloudRunMetric("request_count", service);
    made[`availability-${key}`] = availability(
      total,
      `${total} AND metric.labels.response_code_class = "5xx"`,
    );
  }
  for (const [key, { service }] of Object.entries(withoutStreams(watched)))
    made[`latency-${key}`] = fast(cloudRunMetric("request_latencies", service));
  return made;
}

/** Severity, channels and texts of an alert of the level, with what the environment has otherwise. */
function notification(
  { wake = [], tell, runbooks, adjust = {} }: Observation,
  alert: AlertName,
  row: Pick<Row, "severity" | "means" | "runbook">,
): Pick<Alert, "severity" | "channels" | "documentation" | "runbook"> {
  const { severity: wanted = row.severity, ...others } = adjust[alert] ?? {};
  const wakes = wanted === "CRITICAL" && wake.length > 0;
  const page = row.runbook ?? alert;
  return {
    severity: wanted === "CRITICAL" && !wakes ? "WARNING" : wanted,
    channels: wakes ? [...tell, ...wake] : tell,
    documentation: row.means,
    runbook: typeof runbooks === "string" ? `${runbooks}/${page}.md` : runbooks(page),
    ...others,
  };
}

function withoutStreams({ services = {} }: Watched): Record<string, WatchedService> {
  return Object.fromEntries(Object.entries(services).filter(([, { streams }]) => !streams));
}

/** `high-error-rate` as it is said: `high error rate`. */
function words(alert: string): string {
  return alert.replaceAll("-", " ");
}
