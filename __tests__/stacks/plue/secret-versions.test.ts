import { readFileSync } from "node:fs";
import { InvalidInputError } from "../../../lib/input/problems";
import { readConfig } from "../../../stacks/plue/config";
import { synthesizeProgram } from "../../support/program";

const SUBSCRIPTION = "secrets_rotation_reminders_subscription";

type Versions = Record<string, number>;

function withVersions(staging: Versions, production: Versions = {}) {
  const config = readConfig("cdktf.json");
  return synthesizeProgram({
    config: {
      ...config,
      staging: { ...config.staging, secretVersions: staging },
      production: { ...config.production, secretVersions: production },
    },
  });
}

const before = withVersions({});
/** Stacks that differ from those of a configuration without a word about versions. */
const changedBy = (...versions: Parameters<typeof withVersions>) =>
  [...withVersions(...versions)]
    .filter(([name, { json }]) => JSON.stringify(json) !== JSON.stringify(before.get(name)?.json))
    .map(([name]) => name)
    .sort();

test("the next version of a key is a diff of the releases of that environment, and of nothing else", () => {
  expect(changedBy({ "anthropic-api-key": 2 })).toEqual(["staging-alice", "staging-bob"]);
  expect(changedBy({}, { "github-app-private-key": 2 })).toEqual(["production-app"]);
});

test("the next version of the administrator's password is a diff of the database's stack alone", () => {
  expect(changedBy({ "plue-staging-db-password": 2 })).toEqual(["staging-base"]);
  expect(changedBy({}, { "plue-prod-db-password": 2 })).toEqual(["production"]);
  const base = withVersions({ "plue-staging-db-password": 2 }).get("staging-base");
  expect(base?.resource("google_sql_user", "sql_admin")).toMatchObject({ password_wo_version: 2 });
  expect(base?.resource("google_secret_manager_secret_version", "sql_admin_secret_version")).toMatchObject({
    secret_data_wo_version: 2,
  });
});

test("a version of a secret that has none to set is an error that names those that have", () => {
  const wrong = () => withVersions({ "anthropic-api-keys": 2, "plue-prod-db-password": 3 });
  expect(wrong).toThrow(InvalidInputError);
  expect(wrong).toThrow(
    [
      'cdktf.json: context.plue.staging.secretVersions: "anthropic-api-keys" has no version to set: there are plue-staging-db-password, anthropic-api-key, github-app-private-key',
      'cdktf.json: context.plue.staging.secretVersions: "plue-prod-db-password" has no version to set: there are plue-staging-db-password, anthropic-api-key, github-app-private-key',
    ].join("\n"),
  );
});

test.each(["staging-base", "production"])("%s reminds of every key after 90 days, by e-mail", (name) => {
  const stack = before.get(name);
  const secrets = Object.values(stack?.resources("google_secret_manager_secret") ?? {});
  const reminded = secrets.filter(({ rotation }) => rotation?.rotation_period === "7776000s");
  expect(reminded.map(({ secret_id }) => secret_id)).toEqual([
    "anthropic-api-key",
    "cloudflare-api-token",
    "github-app-private-key",
  ]);
  const { name: reminders } = stack?.resource("google_pubsub_subscription", SUBSCRIPTION) ?? {};
  expect(reminders).toBe(`${name === "production" ? "plue-prod" : "plue-staging"}-secret-rotation`);
  expect(readFileSync("docs/runbooks/rotating-a-secret.md", "utf8")).toContain(
    "pull plue-prod-secret-rotation ",
  );
  const alert = stack?.resource("google_monitoring_alert_policy", "monitoring_alerts_secret_rotation");
  expect(alert?.["severity"]).toBe("WARNING");
  expect(alert?.["notification_channels"]).toEqual([
    "${google_monitoring_notification_channel.monitoring_channels_platform.name}",
  ]);
  expect(alert?.["conditions"][0].condition_threshold.filter).toContain(
    `\${google_pubsub_subscription.${SUBSCRIPTION}.name}`,
  );
  expect(alert?.["documentation"].content).toContain("/docs/runbooks/rotating-a-secret.md");
});
