import type { AlertCondition } from "../../../../lib/google/monitoring/alerts";
import { LEVELS, levelParts, type Observation } from "../../../../lib/google/monitoring/levels";

const EVERYTHING: Observation = {
  level: "full",
  name: "shop",
  watched: {
    hosts: { api: { displayName: "API", host: "api.example.com", path: "/health" } },
    loadBalancer: { except: [{ namespace: "shop", service: "events" }] },
    services: {
      api: { service: { name: "api", maxInstances: 10 } },
      events: { service: { name: "events", maxInstances: 4 }, streams: true },
    },
    database: { instanceName: "shop", maxConnections: 200 },
    redis: { cache: { instanceName: "cache" } },
    secrets: { reminderSubscription: "reminders" },
    warmPools: { runners: { namespace: "shop", deployment: "runners" } },
    namespaces: ["shop"],
    deniedEgress: { cluster: { clusterName: "shop" } },
    backupJobs: { files: { namespace: "shop", container: "snapshot" } },
    drift: { log: "drift" },
  },
  wake: ["pager"],
  tell: ["team"],
  runbooks: "https://example.com/runbooks",
};
const parts = (changes: Partial<Observation> = {}) => levelParts("project", { ...EVERYTHING, ...changes });
const BASIC = [
  "database-connections",
  "high-error-rate",
  "high-error-rate-api",
  "high-error-rate-events",
  "secret-rotation",
];

describe("Levels", () => {
  test("basic has errors, connections and secrets, by what there is", () => {
    const { alerts, uptimeChecks, objectives } = parts({ level: "basic" });
    expect(Object.keys(alerts).sort()).toEqual(BASIC);
    expect(Object.keys(uptimeChecks)).toEqual(["api"]);
    expect(objectives).toEqual({});
  });

  test("full has all of basic, and what else there is to know", () => {
    const { alerts, uptimeChecks, objectives } = parts();
    expect(Object.keys(alerts).sort()).toEqual(
      [
        ...BASIC,
        "autoscaler-at-maximum-api",
        "autoscaler-at-maximum-events",
        "autoscaler-at-maximum-shop",
        "certificate-expiry",
        "crash-loop-shop",
        "database-cpu",
        "database-disk",
        "database-memory",
        "denied-egress",
        "drift",
        "failed-backup",
        "failed-backup-files",
        "high-latency",
        "high-latency-api",
        "redis-memory-cache",
        "warm-pool-empty-runners",
      ].sort(),
    );
    expect(Object.keys(uptimeChecks)).toEqual(["api"]);
    expect(Object.keys(objectives).sort()).toEqual([
      "availability",
      "availability-api",
      "availability-events",
      "latency",
      "latency-api",
    ]);
  });

  test.each(Object.entries(LEVELS))("%s applies where its subject is, and nowhere else", (alert, row) => {
    const named = (watched: Observation["watched"]) =>
      Object.keys(parts({ watched }).alerts).filter((key) => `${key}-`.startsWith(`${alert}-`));
    const subjects: readonly string[] = [row.subject].flat();
    expect(named({})).toEqual([]);
    for (const [subject, value] of Object.entries(EVERYTHING.watched))
      expect([subject, named({ [subject]: value }).length > 0]).toEqual([
        subject,
        subjects.includes(subject),
      ]);
  });

  test("where nobody is woken, nothing is CRITICAL and nobody but those told hears of it", () => {
    const { alerts, uptimeChecks } = parts({ wake: [] });
    for (const { severity, channels } of [...Object.values(alerts), ...Object.values(uptimeChecks)])
      expect([severity, channels]).toEqual(["WARNING", ["team"]]);
  });

  test("what is CRITICAL wakes somebody beside those told, a WARNING does not", () => {
    for (const { severity, channels } of Object.values(parts().alerts))
      expect(channels).toEqual(severity === "CRITICAL" ? ["team", "pager"] : ["team"]);
    const { alerts } = parts({
      adjust: { "high-latency": { severity: "CRITICAL" }, "database-disk": { severity: "WARNING" } },
    });
    expect(alerts["high-latency"]?.channels).toEqual(["team", "pager"]);
    expect(alerts["database-disk"]?.channels).toEqual(["team"]);
  });

  test("thresholds and single alerts are as the environment has them", () => {
    const { alerts } = parts({
      thresholds: { errors: 0.01 },
      adjust: { "database-cpu": { duration: 60, documentation: "Look." } },
    });
    expect(alerts["high-error-rate"]?.conditions[0]).toMatchObject({ threshold: { thresholdValue: 0.01 } });
    expect(alerts["database-cpu"]).toMatchObject({ duration: 60, documentation: "Look." });
  });

  test("streams count for errors and not for latency", () => {
    const { alerts, objectives } = parts({ watched: { services: EVERYTHING.watched.services ?? {} } });
    expect(Object.keys(alerts).filter((key) => key.endsWith("-events"))).toEqual([
      "high-error-rate-events",
      "autoscaler-at-maximum-events",
    ]);
    expect(Object.keys(objectives)).toEqual(["availability-api", "availability-events", "latency-api"]);
  });

  test("each leads to the page of its runbook", () => {
    const pages = Object.values(parts().alerts).map(({ runbook }) => runbook);
    expect(pages).toContain("https://example.com/runbooks/warm-pool.md");
    for (const page of pages) expect(page).toMatch(/^https:\/\/example\.com\/runbooks\/[a-z-]+\.md$/);
  });

  test("several may share a page", () => {
    const runbooks = (alert: string) => `https://example.com/${alert.split("-")[0]}`;
    const { alerts, uptimeChecks } = parts({ runbooks });
    expect(alerts["database-cpu"]?.runbook).toBe("https://example.com/database");
    expect(alerts["redis-memory-cache"]?.runbook).toBe("https://example.com/redis");
    expect(uptimeChecks["api"]?.runbook).toBe("https://example.com/api");
  });
});

/** A condition in short: the metric, what it is a share of, how its series are put together, and the value. */
function inShort(condition: AlertCondition): string {
  if ("promql" in condition) return condition.promql;
  if ("log" in condition) return condition.log;
  const { filter = "", denominatorFilter, aggregations, comparison, thresholdValue } = condition.threshold;
  const metricOf = (text: string) =>
    text.split(" AND ").slice(0, 1).concat(text.split(" AND ").slice(2)).join(", ");
  const [{ perSeriesAligner, crossSeriesReducer } = {}] = aggregations as {
    perSeriesAligner?: string;
    crossSeriesReducer?: string;
  }[];
  const how = [perSeriesAligner, crossSeriesReducer].filter(Boolean).join(" ");
  const share = denominatorFilter ? ` per ${metricOf(denominatorFilter)}` : "";
  return `${how}: ${metricOf(filter)}${share} ${comparison === "COMPARISON_GT" ? ">" : "<"} ${thresholdValue}`;
}

/** What each alert of the level measures, beside the words of its row. */
const MEASURED: Readonly<Record<keyof typeof LEVELS, Readonly<Record<string, string>>>> = {
  "high-error-rate": {
    "high-error-rate":
      'ALIGN_DELTA REDUCE_SUM: metric.type = "loadbalancing.googleapis.com/https/request_count", metric.labels.response_code_class = 500 per metric.type = "loadbalancing.googleapis.com/https/request_count" > 0.05',
    "high-error-rate-api":
      'ALIGN_DELTA REDUCE_SUM: metric.type = "run.googleapis.com/request_count", resource.labels.service_name = "api", metric.labels.response_code_class = "5xx" per metric.type = "run.googleapis.com/request_count", resource.labels.service_name = "api" > 0.05',
  },
  "database-connections": {
    "database-connections":
      'ALIGN_MAX REDUCE_SUM: metric.type = "cloudsql.googleapis.com/database/postgresql/num_backends", resource.labels.database_id = "project:shop" > 160',
  },
  "secret-rotation": {
    "secret-rotation":
      'ALIGN_MEAN: metric.type = "pubsub.googleapis.com/subscription/num_undelivered_messages", resource.labels.subscription_id = "reminders" > 0',
  },
  "high-latency": {
    "high-latency":
      'ALIGN_DELTA REDUCE_PERCENTILE_95: metric.type = "loadbalancing.googleapis.com/https/total_latencies", resource.labels.backend_target_name != monitoring.regex.full_match("gkegw[0-9]+-[a-z0-9]+-shop-events-[0-9]+-[a-z0-9]+") > 2000',
    "high-latency-api":
      'ALIGN_DELTA REDUCE_PERCENTILE_95: metric.type = "run.googleapis.com/request_latencies", resource.labels.service_name = "api" > 2000',
  },
  "database-cpu": {
    "database-cpu":
      'ALIGN_MEAN: metric.type = "cloudsql.googleapis.com/database/cpu/utilization", resource.labels.database_id = "project:shop" > 0.8',
  },
  "database-memory": {
    "database-memory":
      'ALIGN_MEAN: metric.type = "cloudsql.googleapis.com/database/memory/utilization", resource.labels.database_id = "project:shop" > 0.9',
  },
  "database-disk": {
    "database-disk":
      'ALIGN_MEAN: metric.type = "cloudsql.googleapis.com/database/disk/utilization", resource.labels.database_id = "project:shop" > 0.9',
  },
  "failed-backup": {
    "failed-backup":
      'log_id("cloudaudit.googleapis.com/system_event") AND resource.type = "cloudsql_database" AND resource.labels.database_id = "project:shop" AND protoPayload.methodName = "cloudsql.instances.automatedBackup" AND protoPayload.metadata.windowStatus = "STATUS_FAILED"',
    "failed-backup-files":
      'ALIGN_DELTA REDUCE_SUM: metric.type = "logging.googleapis.com/log_entry_count", resource.labels.namespace_name = "shop", resource.labels.container_name = "snapshot", metric.labels.severity = "ERROR" > 0',
  },
  "redis-memory": {
    "redis-memory-cache":
      'ALIGN_MEAN: metric.type = "redis.googleapis.com/stats/memory/usage_ratio", resource.labels.instance_id = monitoring.regex.full_match(".*/cache") > 0.8',
  },
  "warm-pool-empty": {
    "warm-pool-empty-runners":
      'kube_deployment_status_replicas_available{namespace="shop", deployment="runners"} == 0',
  },
  "autoscaler-at-maximum": {
    "autoscaler-at-maximum-shop":
      'kube_horizontalpodautoscaler_status_current_replicas{namespace="shop"} >= kube_horizontalpodautoscaler_spec_max_replicas{namespace="shop"}',
    "autoscaler-at-maximum-api":
      'ALIGN_MAX REDUCE_SUM: metric.type = "run.googleapis.com/container/instance_count", resource.labels.service_name = "api" > 9.5',
  },
  "crash-loop": {
    "crash-loop-shop":
      'sum by (namespace, pod, container) (kube_pod_container_status_waiting_reason{namespace="shop", reason="CrashLoopBackOff"}) > 0',
  },
  "denied-egress": {
    "denied-egress":
      '60 * sum by (namespace) (rate(logging_googleapis_com:user_denied_egress{monitored_resource="k8s_node"}[5m])) > 30',
  },
  "certificate-expiry": {
    "certificate-expiry":
      'ALIGN_NEXT_OLDER REDUCE_MIN: metric.type = "monitoring.googleapis.com/uptime_check/time_until_ssl_cert_expires" < 14',
  },
  drift: { drift: 'log_id("drift") AND severity >= WARNING' },
};

describe("What is measured", () => {
  test.each(
    Object.entries(MEASURED).map(([alert, conditions]) => [
      alert,
      LEVELS[alert as keyof typeof LEVELS].measures,
      conditions,
    ]),
  )("%s is %s", (_, __, conditions) => {
    const { alerts } = parts();
    for (const [key, expected] of Object.entries(conditions))
      expect([key, ...(alerts[key]?.conditions.map(inShort) ?? [])]).toEqual([key, expected]);
  });
});
