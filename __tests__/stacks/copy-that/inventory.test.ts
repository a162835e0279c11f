import { readFileSync } from "node:fs";
import { copyThat } from "../../../stacks/copy-that";
import type { Synthesized } from "../../support/synth";
import { synthesizeProject } from "../../support/system";

const project = copyThat.readProject("stacks/copy-that");
const stacks = synthesizeProject(project);

/** The stacks of an environment. */
function environment(name: "staging" | "production") {
  const stack = (suffix: string) => stacks.get(`copy-that-${name}${suffix}`) as Synthesized;
  return { bootstrap: stack("-bootstrap"), base: stack("-base"), application: stack("") };
}
type Environment = ReturnType<typeof environment>;
const [staging, production] = [environment("staging"), environment("production")];

const service = ({ application }: Environment) => application.resource("google_cloud_run_v2_service", "api");
const template = (of: Environment) => service(of)["template"];
const container = (of: Environment) => template(of).containers[0];
const sql = ({ base }: Environment) => base.resource("google_sql_database_instance", "sql");
const settings = (of: Environment) => sql(of)["settings"];
const backups = (of: Environment) => settings(of).backup_configuration;
const redis = ({ base }: Environment) => base.resource("google_redis_instance", "redis");
const flag = (of: Environment, name: string) =>
  settings(of).database_flags.find((each: { name: string }) => each.name === name).value;
const variable = (of: Environment, name: string) =>
  container(of).env.find((each: { name: string }) => each.name === name);
const budget = ({ base }: Environment) => base.resource("google_billing_budget", "budget");
const stateKey = ({ bootstrap }: Environment) =>
  Object.values(bootstrap.resources("google_kms_crypto_key"))[0];
const account = ({ bootstrap }: Environment) =>
  bootstrap.resource("google_service_account", "apply")["account_id"];
const federated = ({ bootstrap }: Environment) =>
  Object.values(bootstrap.resources("google_service_account_iam_member"))
    .filter(({ service_account_id }) => service_account_id === "${google_service_account.apply.name}")
    .filter(({ role }) => role === "roles/iam.workloadIdentityUser")
    .map(({ member }) => member.replace(/.*\/attribute\./, ""));

/** A value of one thing, in staging and in production. */
type Row = readonly [
  what: string,
  of: (environment: Environment) => unknown,
  staging: unknown,
  production: unknown,
];

const ROWS: readonly Row[] = [
  // Cloud Run
  ["the service", (of) => service(of)["name"], "copy-that-api-staging", "copy-that-api-production"],
  ["its port", (of) => container(of).ports.container_port, 8000, 8000],
  ["vCPUs", (of) => container(of).resources.limits.cpu, "1", "2"],
  ["memory", (of) => container(of).resources.limits.memory, "512Mi", "1Gi"],
  ["CPU between requests", (of) => container(of).resources.cpu_idle, true, false],
  ["CPU boost at the start", (of) => container(of).resources.startup_cpu_boost, true, true],
  [
    "instances at least, of a revision",
    (of) => template(of).scaling.min_instance_count,
    undefined,
    undefined,
  ],
  ["instances at most", (of) => template(of).scaling.max_instance_count, 10, 100],
  ["requests at a time", (of) => template(of).max_instance_request_concurrency, 80, 80],
  ["time of a request", (of) => template(of).timeout, "300s", "300s"],
  ["startup probe", (of) => container(of).startup_probe.http_get, ...both({ path: "/health", port: 8000 })],
  ["its period", (of) => container(of).startup_probe.period_seconds, 3, 3],
  // The document's 10 is more than its period, which Cloud Run refuses.
  ["its timeout", (of) => container(of).startup_probe.timeout_seconds, 3, 3],
  ["its failures", (of) => container(of).startup_probe.failure_threshold, 10, 10],
  ["liveness probe", (of) => container(of).liveness_probe.http_get, ...both({ path: "/health", port: 8000 })],
  ["its period", (of) => container(of).liveness_probe.period_seconds, 15, 15],
  ["its timeout", (of) => container(of).liveness_probe.timeout_seconds, 5, 5],
  ["its failures", (of) => container(of).liveness_probe.failure_threshold, 3, 3],
  ["ENVIRONMENT", (of) => variable(of, "ENVIRONMENT").value, "staging", "production"],
  ["LOG_LEVEL", (of) => variable(of, "LOG_LEVEL").value, "DEBUG", "INFO"],
  ["DATABASE_URL", (of) => secretOf(variable(of, "DATABASE_URL")), ...both("database-url:1")],
  ["REDIS_URL", (of) => secretOf(variable(of, "REDIS_URL")), ...both("redis-url:1")],
  ["SECRET_KEY", (of) => secretOf(variable(of, "SECRET_KEY")), ...both("app-secret-key:1")],
  ["egress", (of) => template(of).vpc_access.egress, ...both("PRIVATE_RANGES_ONLY")],
  // Cloud SQL
  ["the database", (of) => sql(of)["name"], "copy-that-db-staging", "copy-that-db-production"],
  ["its version", (of) => sql(of)["database_version"], "POSTGRES_16", "POSTGRES_16"],
  ["machine type", (of) => settings(of).tier, "db-f1-micro", "db-custom-2-7680"],
  ["availability", (of) => settings(of).availability_type, "ZONAL", "REGIONAL"],
  ["disk", (of) => settings(of).disk_size, 10, 100],
  ["it grows", (of) => settings(of).disk_autoresize, true, true],
  ["backups", (of) => backups(of).backup_retention_settings.retained_backups, 7, 30],
  ["their time", (of) => backups(of).start_time, "03:00", "03:00"],
  ["any moment", (of) => backups(of).point_in_time_recovery_enabled, false, true],
  ["connections", (of) => flag(of, "max_connections"), "50", "200"],
  ["slow queries", (of) => flag(of, "log_min_duration_statement"), "1000", "1000"],
  [
    "maintenance",
    (of) => settings(of).maintenance_window,
    ...both({ day: 7, hour: 3, update_track: "stable" }),
  ],
  ["insights", (of) => settings(of).insights_config.query_string_length, 4500, 4500],
  ["tags", (of) => settings(of).insights_config.record_application_tags, true, true],
  ["client addresses", (of) => settings(of).insights_config.record_client_address, false, false],
  ["a public address", (of) => settings(of).ip_configuration.ipv4_enabled, false, false],
  ["refuses deletion in Terraform", (of) => sql(of)["lifecycle"]?.prevent_destroy, undefined, true],
  ["and in the API", (of) => settings(of).deletion_protection_enabled, false, true],
  // Redis
  ["Redis", (of) => redis(of)["name"], "copy-that-redis-staging", "copy-that-redis-production"],
  ["its version", (of) => redis(of)["redis_version"], "REDIS_7_0", "REDIS_7_0"],
  ["its tier", (of) => redis(of)["tier"], "BASIC", "STANDARD_HA"],
  ["its memory", (of) => redis(of)["memory_size_gb"], 1, 5],
  ["replicas", (of) => redis(of)["replica_count"], undefined, 1],
  [
    "they answer reads",
    (of) => redis(of)["read_replicas_mode"],
    "READ_REPLICAS_DISABLED",
    "READ_REPLICAS_ENABLED",
  ],
  ["its address", (of) => redis(of)["connect_mode"], ...both("PRIVATE_SERVICE_ACCESS")],
  [
    "its parameters",
    (of) => redis(of)["redis_configs"],
    ...both({ "maxmemory-policy": "allkeys-lru", "notify-keyspace-events": "Ex", activedefrag: "yes" }),
  ],
  [
    "its maintenance",
    (of) => redis(of)["maintenance_policy"].weekly_maintenance_window[0].day,
    ...both("SUNDAY"),
  ],
  ["from", (of) => redis(of)["maintenance_policy"].weekly_maintenance_window[0].start_time.hours, 3, 3],
  // Budget
  ["the budget", (of) => budget(of)["amount"].specified_amount.units, "100", "500"],
  [
    "it writes at",
    (of) =>
      budget(of)["threshold_rules"].map((rule: { threshold_percent: number; spend_basis: string }) => [
        rule.threshold_percent,
        rule.spend_basis,
      ]),
    ...both([
      [0.5, "CURRENT_SPEND"],
      [0.9, "CURRENT_SPEND"],
      [1, "FORECASTED_SPEND"],
    ]),
  ],
  [
    "its topic",
    ({ base }) => base.resource("google_pubsub_topic", "budget_alerts")["name"],
    ...both("budget_alerts"),
  ],
  // Who deploys
  ["who deploys", account, "github-actions-staging", "github-actions-production"],
  [
    "from",
    federated,
    ["ref_environment/refs/heads/develop:staging"],
    ["ref_environment/refs/heads/main:production"],
  ],
  // States
  ["the states' key", (of) => stateKey(of)?.["name"], ...both("terraform-state-key")],
  ["it rotates", (of) => stateKey(of)?.["rotation_period"], ...both(`${90 * 86_400}s`)],
  ["it stays", (of) => stateKey(of)?.["lifecycle"].prevent_destroy, true, true],
  // Secrets and images
  ["a secret rotates", ({ base }) => rotation(base).rotation_period, ...both(`${30 * 86_400}s`)],
  [
    "its topic",
    ({ base }) => base.resource("google_pubsub_topic", "rotation")["name"],
    ...both("secret_rotation"),
  ],
  ["the function", ({ base }) => fn(base)["name"], ...both("rotate-secrets")],
  ["its runtime", ({ base }) => fn(base)["build_config"].runtime, ...both("python312")],
  ["its entry point", ({ base }) => fn(base)["build_config"].entry_point, ...both("rotate_secret")],
  ["its memory", ({ base }) => fn(base)["service_config"].available_memory, ...both("256M")],
  ["its time", ({ base }) => fn(base)["service_config"].timeout_seconds, 60, 60],
  [
    "its archives",
    ({ base }) => base.resource("google_storage_bucket", "functions_bucket")["name"],
    "copy-that-functions-staging",
    "copy-that-functions-production",
  ],
  ["the images", ({ base }) => images(base)["repository_id"], ...both("images")],
  [
    "what has no tag goes after",
    ({ base }) =>
      images(base)["cleanup_policies"].find(({ action }: { action: string }) => action === "DELETE")
        .condition,
    ...both({ tag_state: "UNTAGGED", older_than: `${7 * 86_400}s` }),
  ],
  // Alerts
  ["errors beyond", (of) => alert(of, "high_error_rate_api").threshold_value, 0.05, 0.05],
  [
    "an incident ends after",
    (of) => policy(of, "high_error_rate_api").alert_strategy.auto_close,
    ...both("604800s"),
  ],
  // Nobody is woken for staging.
  ["severity", (of) => policy(of, "high_error_rate_api").severity, "WARNING", "CRITICAL"],
  ["P95 beyond", (of) => alert(of, "high_latency_api").threshold_value, 2000, 2000],
  ["for", (of) => alert(of, "high_latency_api").duration, ...both("300s")],
  ["connections beyond", (of) => alert(of, "database_connections").threshold_value, 40, 160],
  ["for", (of) => alert(of, "database_connections").duration, ...both("60s")],
];

function both<Value>(value: Value): [Value, Value] {
  return [value, value];
}

// biome-ignore lint/suspicious/noExplicitAny: Terraform JSON has no one shape
type Json = any;

function secretOf({ value_source }: Json): string {
  const { secret, version } = value_source.secret_key_ref;
  return `${secret}:${version}`;
}
function rotation(base: Synthesized): Json {
  return base.resource("google_secret_manager_secret", "secrets_app_secret_key")["rotation"];
}
function fn(base: Synthesized): Json {
  return base.resource("google_cloudfunctions2_function", "rotate");
}
function images(base: Synthesized): Json {
  return base.resource("google_artifact_registry_repository", "images");
}
function policy({ base }: Environment, name: string): Json {
  return base.resource("google_monitoring_alert_policy", `monitoring_alerts_${name}`);
}
function alert(of: Environment, name: string): Json {
  return policy(of, name).conditions[0].condition_threshold;
}

test.each(ROWS)("%s", (_, of, inStaging, inProduction) => {
  expect([of(staging), of(production)]).toEqual([inStaging, inProduction]);
});

describe("production alone", () => {
  const { base, application } = production;

  test("a replica answers reads", () => {
    const [, replica] = Object.values(base.resources("google_sql_database_instance"));
    expect(replica).toMatchObject({
      name: "copy-that-db-replica-production",
      master_instance_name: "${google_sql_database_instance.sql.name}",
      settings: { tier: "db-custom-2-7680", availability_type: "ZONAL" },
    });
    expect(Object.keys(staging.base.resources("google_sql_database_instance"))).toEqual(["sql"]);
  });

  test("Cloud Armor inspects before it counts, as what the count lets through no later rule looks at", () => {
    const { name, rule } = application.resource("google_compute_security_policy", "policy");
    expect(name).toBe("copy-that-security-policy");
    const rules = rule.map((each: Json) => [
      each.priority - (each.priority % 1000 === 10 ? 0 : each.priority % 1000),
      each.action,
      each.match.expr?.expression ?? each.match.config.src_ip_ranges,
    ]);
    expect(rules.slice(0, 3)).toEqual([
      [1000, "deny(403)", "evaluatePreconfiguredWaf('sqli-v422-stable', {'sensitivity': 1})"],
      [1010, "deny(403)", "evaluatePreconfiguredWaf('xss-v422-stable', {'sensitivity': 1})"],
      [2000, "rate_based_ban", ["*"]],
    ]);
    expect(rule.map(({ preview }: Json) => Boolean(preview))).not.toContain(true);
    expect(rule[2].rate_limit_options).toMatchObject({
      rate_limit_threshold: { count: 1000, interval_sec: 60 },
      ban_duration_sec: 600,
      exceed_action: "deny(429)",
      enforce_on_key: "IP",
    });
    expect(rule.at(-1)).toMatchObject({ action: "allow", priority: 2_147_483_647 });
  });

  test("it answers through the load balancer, and by no other way", () => {
    expect(service(production)).toMatchObject({
      ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
      invoker_iam_disabled: true,
    });
    expect(application.resource("google_compute_backend_service", "edge_backend_api")).toMatchObject({
      security_policy: "${google_compute_security_policy.policy.id}",
    });
    expect(application.resource("google_dns_managed_zone", "zone")["dns_name"]).toBe("copy-that.com.");
  });

  test("the revision that is tried answers whoever deploys, and nobody else", () => {
    expect(
      application.resource("google_compute_region_network_endpoint_group", "edge_backend_canary_endpoints"),
    ).toMatchObject({ cloud_run: { service: "${google_cloud_run_v2_service.api.name}", tag: "canary" } });
    expect(application.resource("google_compute_backend_service", "edge_backend_canary")["iap"]).toEqual({
      enabled: true,
    });
    const members = Object.values(application.resources("google_iap_web_backend_service_iam_member"));
    expect(members.map(({ member }) => member)).toEqual([
      "serviceAccount:github-actions-production@copy-that-production.iam.gserviceaccount.com",
    ]);
  });

  test("nights and weekends have no warm instance, and no apply undoes it", () => {
    const jobs = Object.values(application.resources("google_cloud_scheduler_job")).map((job) => [
      job["schedule"],
      job["time_zone"],
      job["http_target"].http_method,
      job["http_target"].uri.replace(/^.*\/services\/[^?]*/, ""),
      job["http_target"].body,
    ]);
    const body = (count: number) =>
      `\${base64encode(jsonencode({"scaling" = {"minInstanceCount" = ${count}}}))}`;
    expect(jobs).toEqual([
      ["0 22 * * *", "America/Los_Angeles", "PATCH", "?updateMask=scaling.minInstanceCount", body(0)],
      ["0 6 * * 1-5", "America/Los_Angeles", "PATCH", "?updateMask=scaling.minInstanceCount", body(1)],
    ]);
    expect(service(production)["lifecycle"].ignore_changes).toContain("scaling");
    expect(service(production)["scaling"]).toBeUndefined();
  });

  test("alerts go where the document sends them", () => {
    const channels = (name: string) => policy(production, name).notification_channels;
    expect([
      channels("high_error_rate_api"),
      channels("high_latency_api"),
      channels("database_connections"),
    ]).toEqual([
      ["${google_monitoring_notification_channel.monitoring_channels_team.name}"],
      ["${data.google_monitoring_notification_channel.monitoring_channels_slack.name}"],
      ["${data.google_monitoring_notification_channel.monitoring_channels_pagerduty.name}"],
    ]);
  });
});

describe("staging alone", () => {
  test("Identity-Aware Proxy lets in the developers, and whoever deploys for its smoke test", () => {
    expect(service(staging)).toMatchObject({ iap_enabled: true, ingress: "INGRESS_TRAFFIC_ALL" });
    expect(service(staging)["invoker_iam_disabled"]).not.toBe(true);
    const members = Object.values(
      staging.application.resources("google_iap_web_cloud_run_service_iam_member"),
    ).map(({ member, role }) => [member, role]);
    expect(members).toEqual([
      ["group:developers@company.com", "roles/iap.httpsResourceAccessor"],
      [
        "serviceAccount:github-actions-staging@copy-that-staging.iam.gserviceaccount.com",
        "roles/iap.httpsResourceAccessor",
      ],
    ]);
  });

  test("nothing sets its instances, and no load balancer is paid for", () => {
    expect(staging.application.addresses.filter((each) => /scheduler|forwarding_rule/.test(each))).toEqual(
      [],
    );
  });
});

describe.each([
  ["staging", staging],
  ["production", production],
] as const)("in %s", (_, { base, bootstrap }) => {
  test("reminders are tried ten times, and then kept for somebody", () => {
    expect(
      Object.values(base.resources("google_pubsub_subscription")).find(
        ({ name }) => name === "secret_rotation_rotate",
      ),
    ).toMatchObject({
      filter: 'attributes.eventType = "SECRET_ROTATE"',
      push_config: { push_endpoint: "${google_cloudfunctions2_function.rotate.url}" },
      dead_letter_policy: {
        dead_letter_topic: "${google_pubsub_topic.rotation_failed.id}",
        max_delivery_attempts: 10,
      },
    });
    expect(
      policy({ base } as Environment, "secret_rotation_failed").conditions[0].condition_threshold,
    ).toMatchObject({ threshold_value: 0, comparison: "COMPARISON_GT" });
  });

  test("the function adds versions to one secret, and reads none", () => {
    const member = "${google_service_account.rotate_runtime.member}";
    const grants = Object.values(base.resources("google_secret_manager_secret_iam_member")).filter(
      (grant) => grant["member"] === member,
    );
    expect(grants.map(({ role, secret_id }) => [role, secret_id])).toEqual([
      [
        "roles/secretmanager.secretVersionManager",
        "${google_secret_manager_secret.secrets_app_secret_key.secret_id}",
      ],
    ]);
  });

  test("no run of another branch deploys, and none without the environment's approval", () => {
    const members = Object.values(bootstrap.resources("google_service_account_iam_member")).map(
      ({ member }) => member,
    );
    expect(members.filter((member) => /attribute\.repository|\/\*$/.test(member))).toEqual([]);
  });
});

test("the environments' ranges are apart, so that they may be connected one day", () => {
  const ranges = [staging, production].flatMap(({ base }) => [
    ...Object.values(base.resources("google_compute_subnetwork")).map(({ ip_cidr_range }) => ip_cidr_range),
    ...Object.values(base.resources("google_compute_global_address")).map(({ address }) => address),
  ]);
  expect(ranges).toEqual(["10.10.0.0/22", "10.11.0.0", "10.20.0.0/22", "10.21.0.0"]);
});

test("every alert leads to a runbook that is there, which says when, what to do and what not to", () => {
  const pages = [staging, production].flatMap(({ base }) =>
    Object.values(base.resources("google_monitoring_alert_policy")).map(
      ({ documentation }) =>
        /\/(stacks\/copy-that\/runbooks\/[\w-]+\.md)\)$/.exec(documentation.content)?.[1],
    ),
  );
  expect(pages.length).toBeGreaterThan(15);
  for (const page of new Set(pages)) {
    const text = readFileSync(String(page), "utf8");
    for (const part of [
      /^# \S/,
      /^\*\*When\.\*\* /m,
      /^\*\*What you see\.\*\* /m,
      /^## Do$/m,
      /^## It worked when$/m,
      /^## Do not$/m,
    ])
      expect([page, text]).toEqual([page, expect.stringMatching(part)]);
  }
});
