import { readFileSync } from "node:fs";
import { readConfig } from "../../stacks/plue/config";
import { PRODUCTION_SIZES, ProductionStack } from "../../stacks/plue/production";
import { synthesizeOne } from "../support/synth";

/** What the runbooks about another machine type and another version say of the change that they ask for. */

const { database } = PRODUCTION_SIZES;
const CONFIG = readConfig("cdktf.json");

function production(change: Partial<typeof database & { databaseVersion: string }> = {}) {
  return synthesizeOne(
    "production",
    (app) => new ProductionStack(app, CONFIG, { ...PRODUCTION_SIZES, database: { ...database, ...change } }),
  );
}

/** Paths of what two values do not have in common. */
function differences(one: unknown, other: unknown, path = ""): string[] {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return one === other ? [] : [path];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].flatMap((key) =>
    differences((one as never)[key], (other as never)[key], path ? `${path}.${key}` : key),
  );
}

const before = production().json;
const page = (name: string) => readFileSync(`docs/runbooks/${name}.md`, "utf8");

test("another machine type changes the machine, and alert and dashboard of the connections that follow from it", () => {
  const changed = differences(before, production({ tier: "db-custom-4-16384" }).json);
  expect(changed).toEqual([
    "locals.dashboard_database_content.labels.content",
    "locals.dashboard_database_content.mosaicLayout.tiles.3.widget.xyChart.thresholds.0.value",
    "resource.google_monitoring_alert_policy.monitoring_alerts_database_connections.conditions.0.condition_threshold.threshold_value",
    "resource.google_monitoring_alert_policy.monitoring_alerts_database_connections.conditions.0.display_name",
    "resource.google_sql_database_instance.sql.settings.tier",
  ]);
  expect(page("database-tier")).toContain("The connections that it accepts follow, and with them the alert");
});

test("another version changes the version alone: name, address and logins are the same resources", () => {
  expect(differences(before, production({ databaseVersion: "POSTGRES_17" }).json)).toEqual([
    "resource.google_sql_database_instance.sql.database_version",
  ]);
  expect(page("database-upgrade")).toContain('`databaseVersion: "POSTGRES_17"` beside `tier`');
});

test("the runbook's copies are of the next version after the one that runs", () => {
  const running = production().resource("google_sql_database_instance", "sql")["database_version"];
  const next = `POSTGRES_${Number(running.replace("POSTGRES_", "")) + 1}`;
  const named = new Set(page("database-upgrade").match(/POSTGRES_\d+/g));
  expect([...named]).toEqual([next]);
});

test.each(["db-custom-3-8192", "db-custom-2-8000", "db-custom-2-1024", "db-custom-2-14336"])(
  "a machine type that Cloud SQL does not have is refused, as the runbook says: %s",
  (tier) => expect(() => production({ tier })).toThrow(tier),
);
