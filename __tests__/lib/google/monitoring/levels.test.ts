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
});
