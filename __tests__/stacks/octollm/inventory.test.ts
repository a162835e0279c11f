import { existsSync } from "node:fs";
import { ENVIRONMENTS, type EnvironmentName } from "../../../stacks/octollm/config";
import type { Synthesized } from "../../support/synth";
import { synthesizeOctollm } from "./synthesize";

const stacks = synthesizeOctollm();
const stack = (name: string) => stacks.get(name) as Synthesized;
const env = (name: EnvironmentName) => stack(`octollm-${name}`);
// biome-ignore lint/suspicious/noExplicitAny: Terraform JSON has no one shape
type Cell = any;
/** The one thing of a type, or the first that a property of it picks. */
const only = (of: Synthesized, type: string, pick: (args: Cell) => boolean = () => true): Cell => {
  const found = Object.values(of.resources(type)).filter(pick);
  if (found.length !== 1) throw new Error(`${found.length} of ${type}`);
  return found[0];
};
const named = (name: string) => (args: Cell) => args.name === name;

describe("the document's table, a line for each cell", () => {
  const row = (
    what: string,
    read: (name: EnvironmentName) => unknown,
    dev: unknown,
    staging: unknown,
    prod: unknown,
  ) =>
    test.each([
      ["dev", dev],
      ["staging", staging],
      ["prod", prod],
    ] as const)(`${what}: %s`, (name, expected) => expect(read(name)).toEqual(expected));

  const project = (name: EnvironmentName) => only(stack(`octollm-${name}-project`), "google_project");
  row("project", (name) => project(name).project_id, "octollm-dev", "octollm-staging", "octollm-prod");
  row(
    "project, display name",
    (name) => project(name).name,
    "OctoLLM Development",
    "OctoLLM Staging",
    "OctoLLM Production",
  );

  const store = (name: EnvironmentName) => only(stack(`octollm-${name}-bootstrap`), "google_storage_bucket");
  const bucket = (project: string) => [
    `octollm-${project}-terraform-state`,
    "us-central1",
    { enabled: true },
  ];
  row(
    "state bucket",
    (name) => [store(name).name, store(name).location, store(name).versioning],
    bucket("dev"),
    bucket("staging"),
    bucket("prod"),
  );
  const stateKey = (name: EnvironmentName) => [
    only(stack(`octollm-${name}-bootstrap`), "google_kms_key_ring").name,
    only(stack(`octollm-${name}-bootstrap`), "google_kms_crypto_key").name,
  ];
  row("state key", stateKey, ...same(["terraform", "state-encryption"]));

  const cluster = (name: EnvironmentName) => only(env(name), "google_container_cluster");
  row(
    "cluster",
    (name) => cluster(name).name,
    "octollm-dev-cluster",
    "octollm-staging-cluster",
    "octollm-prod-cluster",
  );
  row("cluster, regional", (name) => cluster(name).location, ...same("us-central1"));
  row(
    "cluster, private nodes",
    (name) => cluster(name).private_cluster_config.enable_private_nodes,
    ...same(true),
  );
  row(
    "cluster, authorized network",
    (name) => cluster(name).master_authorized_networks_config.cidr_blocks,
    ...same([{ cidr_block: "203.0.113.7/32", display_name: "Office Network" }]),
  );
  const pool = (name: EnvironmentName) => {
    const { node_config: node, autoscaling } = only(env(name), "google_container_node_pool");
    return [node.machine_type, autoscaling.total_min_node_count, autoscaling.total_max_node_count, node.spot];
  };
  row(
    "nodes",
    pool,
    ["e2-standard-2", 1, 3, true],
    ["e2-standard-4", 4, 8, false],
    ["n2-standard-8", 5, 15, false],
  );
  test("nodes, disk: dev", () =>
    expect(only(env("dev"), "google_container_node_pool").node_config.disk_size_gb).toBe(50));
  test("nodes, zones: prod", () =>
    expect(only(env("prod"), "google_container_node_pool").node_locations).toHaveLength(3));

  const sql = (name: EnvironmentName) =>
    only(env(name), "google_sql_database_instance", named(`octollm-${name}-postgres`));
  row("database", (name) => sql(name).database_version, ...same("POSTGRES_15"));
  row(
    "database, tier",
    (name) => sql(name).settings.tier,
    "db-f1-micro",
    "db-custom-2-8192",
    "db-custom-4-16384",
  );
  row(
    "database, disk",
    (name) => [sql(name).settings.disk_size, sql(name).settings.disk_autoresize],
    [20, true],
    [100, true],
    [200, true],
  );
  row(
    "database, availability",
    (name) => sql(name).settings.availability_type,
    "ZONAL",
    "REGIONAL",
    "REGIONAL",
  );
  const backups = (name: EnvironmentName) => sql(name).settings.backup_configuration;
  row("database, backups", (name) => backups(name).backup_retention_settings.retained_backups, 7, 14, 30);
  row("database, backups at", (name) => backups(name).start_time, ...same("03:00"));
  // Google wants it where there is a standby: staging too.
  row("database, point in time", (name) => backups(name).point_in_time_recovery_enabled, false, true, true);
  test("database, point in time: prod, 7 days", () =>
    expect(backups("prod").transaction_log_retention_days).toBe(7));
  row(
    "database, read replicas",
    (name) =>
      Object.values(env(name).resources("google_sql_database_instance"))
        .filter(({ master_instance_name }) => master_instance_name)
        .map(({ name: replica, region }) => [replica, region]),
    [],
    [],
    [
      ["octollm-prod-postgres-replica-1", "us-central1"],
      ["octollm-prod-postgres-replica-2", "us-central1"],
      ["octollm-prod-postgres-replica-us-east1", "us-east1"],
    ],
  );
  row(
    "database, TLS only",
    (name) => sql(name).settings.ip_configuration.ssl_mode,
    ...same("TRUSTED_CLIENT_CERTIFICATE_REQUIRED"),
  );
  row(
    "database, no public address",
    (name) => sql(name).settings.ip_configuration.ipv4_enabled,
    ...same(false),
  );
  row(
    "database, key",
    (name) => sql(name).encryption_key_name,
    ...same("${google_kms_crypto_key.keys_database_encryption_key.id}"),
  );
  const databaseKey = (name: EnvironmentName) =>
    env(name).resource("google_kms_crypto_key", "keys_database_encryption_key");
  row(
    "database, key's name and rotation",
    (name) => [
      env(name).resource("google_kms_key_ring", "keys").name,
      databaseKey(name).name,
      databaseKey(name).rotation_period,
    ],
    ...same(["octollm-keyring", "database-encryption-key", "7776000s"]),
  );

  const redis = (name: EnvironmentName) =>
    Object.values(env(name).resources("google_redis_instance")).map((args) => [
      args["name"],
      args["tier"],
      args["memory_size_gb"],
      args["replica_count"],
      args["read_replicas_mode"],
    ]);
  const shard = (index: number) => [
    `octollm-prod-redis-${index}`,
    "STANDARD_HA",
    6,
    2,
    "READ_REPLICAS_ENABLED",
  ];
  row(
    "Redis",
    redis,
    [["octollm-dev-redis", "BASIC", 2, undefined, "READ_REPLICAS_DISABLED"]],
    [["octollm-staging-redis", "STANDARD_HA", 3, 1, "READ_REPLICAS_DISABLED"]],
    [shard(0), shard(1), shard(2)],
  );
  test.each(ENVIRONMENTS)("Redis 7.0, TLS, RDB daily: %s", (name) => {
    for (const args of Object.values(env(name).resources("google_redis_instance")))
      expect(args).toMatchObject({
        redis_version: "REDIS_7_0",
        transit_encryption_mode: "SERVER_AUTHENTICATION",
        auth_enabled: false,
        persistence_config: { persistence_mode: "RDB", rdb_snapshot_period: "TWENTY_FOUR_HOURS" },
      });
  });

  const backup = (name: EnvironmentName) =>
    only(env(name), "google_storage_bucket", named(`octollm-${name}-backups`));
  const ages = (args: Cell) =>
    args.lifecycle_rule.flatMap(({ action, condition }: Cell) =>
      condition.age ? [[action.storage_class ?? action.type, condition.age]] : [],
    );
  row("backups, versioned", (name) => backup(name).versioning.enabled, ...same(true));
  row(
    "backups, deleted after",
    (name) => ages(backup(name)),
    [["Delete", 90]],
    [["Delete", 180]],
    [["Delete", 365]],
  );
  row("backups, location", (name) => backup(name).location, "us-central1", "us-central1", "US");
  row(
    "logs",
    (name) => ages(only(env(name), "google_storage_bucket", named(`octollm-${name}-logs`))),
    ...same([
      ["NEARLINE", 30],
      ["Delete", 365],
    ]),
  );

  const zone = (name: EnvironmentName) => only(env(name), "google_dns_managed_zone");
  row("zone", (name) => zone(name).name, "octollm-dev-zone", "octollm-staging-zone", "octollm-prod-zone");
  row(
    "zone, domain",
    (name) => zone(name).dns_name,
    "dev.octollm.com.",
    "staging.octollm.com.",
    "octollm.com.",
  );
  const api = (name: EnvironmentName) => env(name).resource("google_dns_record_set", "zone_api");
  row(
    "zone, api",
    (name) => [api(name).name, api(name).type, api(name).ttl],
    ["api.dev.octollm.com.", "A", 300],
    ["api.staging.octollm.com.", "A", 300],
    ["api.octollm.com.", "A", 300],
  );
  row("zone, DNSSEC", (name) => zone(name).dnssec_config.state, ...same("on"));
  row(
    "zone, delegations",
    (name) =>
      Object.values(env(name).resources("google_dns_record_set"))
        .filter(({ type }) => type === "NS")
        .map((args) => args["name"]),
    [],
    [],
    ["dev.octollm.com.", "staging.octollm.com."],
  );

  row(
    "Cloud Armor",
    (name) => Object.keys(env(name).resources("google_compute_security_policy")).length,
    0,
    0,
    1,
  );
  const budget = (name: EnvironmentName) => only(env(name), "google_billing_budget");
  row("budget", (name) => budget(name).amount.specified_amount.units, "500", "1000", "5000");
  row(
    "budget, alerts",
    (name) => budget(name).threshold_rules.map((rule: Cell) => rule.threshold_percent),
    ...same([0.5, 0.8, 1]),
  );
});

describe("network", () => {
  const subnet = (name: EnvironmentName, key: string) =>
    env(name).resource("google_compute_subnetwork", `network_subnet_${key}`);
  test.each([
    ["dev", "10.0.0.0/20", "10.4.0.0/14", "10.8.0.0/20", "10.1.0.0/24"],
    ["staging", "10.16.0.0/20", "10.20.0.0/14", "10.24.0.0/20", "10.17.0.0/24"],
    ["prod", "10.32.0.0/20", "10.36.0.0/14", "10.40.0.0/20", "10.33.0.0/24"],
  ] as const)("ranges of %s", (name, nodes, pods, services, database) => {
    expect(subnet(name, "gke")["ip_cidr_range"]).toBe(nodes);
    expect(subnet(name, "gke")["secondary_ip_range"].map((range: Cell) => range.ip_cidr_range)).toEqual([
      pods,
      services,
    ]);
    expect(subnet(name, "database")["ip_cidr_range"]).toBe(database);
  });

  test.each(ENVIRONMENTS)("%s: VPC and firewall", (name) => {
    expect(only(env(name), "google_compute_network").name).toBe(`octollm-${name}-vpc`);
    const rule = (key: string) =>
      only(env(name), "google_compute_firewall", named(`octollm-${name}-vpc-${key}`));
    expect(rule("allow-internal")).toMatchObject({
      source_ranges: ["10.0.0.0/8"],
      allow: [{ protocol: "all" }],
    });
    // Identity-Aware Proxy's, unless the configuration says another.
    expect(rule("allow-ssh")).toMatchObject({
      source_ranges: ["35.235.240.0/20"],
      allow: [{ protocol: "tcp", ports: ["22"] }],
    });
    expect(rule("deny-all-ingress")).toMatchObject({
      priority: 65535,
      source_ranges: ["0.0.0.0/0"],
      deny: [{ protocol: "all" }],
    });
  });
});

describe("identities, images and audit", () => {
  test.each(ENVIRONMENTS)("%s: pods of the orchestrator read one secret", (name) => {
    expect(env(name).resource("google_service_account_iam_member", "orchestrator_pods")).toMatchObject({
      role: "roles/iam.workloadIdentityUser",
      member: `serviceAccount:\${google_container_cluster.cluster.workload_identity_config[0].workload_pool}[octollm-${name}/orchestrator]`,
    });
    const readers = Object.values(env(name).resources("google_secret_manager_secret_iam_member"));
    expect(readers.map(({ role, secret_id }) => [role, secret_id])).toEqual(
      ["orchestrator", "store reader"].map(() => [
        "roles/secretmanager.secretAccessor",
        "${google_secret_manager_secret.secrets_openai_api_key.secret_id}",
      ]),
    );
    const roles = Object.values(env(name).resources("google_project_iam_member")).map(({ role }) => role);
    expect(roles).not.toContain("roles/secretmanager.secretAccessor");
  });

  test.each(ENVIRONMENTS)(
    "%s: images run that the attestor signed for, or that come from elsewhere by name",
    (name) => {
      expect(only(env(name), "google_binary_authorization_attestor").name).toBe("octollm");
      const policy = only(env(name), "google_binary_authorization_policy");
      expect(policy).toMatchObject({
        global_policy_evaluation_mode: "ENABLE",
        default_admission_rule: {
          evaluation_mode: "REQUIRE_ATTESTATION",
          enforcement_mode: "ENFORCED_BLOCK_AND_AUDIT_LOG",
          require_attestations_by: ["${google_binary_authorization_attestor.attestor.id}"],
        },
      });
      const places = policy.admission_whitelist_patterns.map((pattern: Cell) => pattern.name_pattern);
      expect(places.filter((place: string) => /pkg\.dev|octollm/.test(place))).toEqual([]);
    },
  );

  test("audit logs of all services, without Prometheus' own reads", () => {
    expect(
      env("prod").resource("google_project_iam_audit_config", "audit_all_services")["audit_log_config"],
    ).toEqual([
      { log_type: "ADMIN_READ" },
      { log_type: "DATA_WRITE" },
      { log_type: "DATA_READ", exempted_members: ["${google_service_account.prometheus.member}"] },
    ]);
    expect(env("prod").resource("google_service_account", "prometheus")["account_id"]).toBe("prometheus");
  });

  test.each(ENVIRONMENTS)("%s: audit logs of changed rights go to BigQuery", (name) => {
    expect(only(env(name), "google_logging_project_sink")).toMatchObject({
      name: "audit-log-sink",
      filter: 'protoPayload.methodName:"google.iam"',
    });
    expect(only(env(name), "google_bigquery_dataset").dataset_id).toBe("audit_logs");
    expect(only(env(name), "google_bigquery_dataset_iam_member")).toMatchObject({
      role: "roles/bigquery.dataEditor",
      member: "${google_logging_project_sink.audit_log_sink.writer_identity}",
    });
  });
});

describe("monitoring", () => {
  const alerts = (name: EnvironmentName) =>
    Object.values(env(name).resources("google_monitoring_alert_policy")).map((args) => args["display_name"]);
  const BASIC = ["API Health Check", "High CPU Usage", "High Latency", "High Memory Usage"];
  test.each(["dev", "staging"] as const)("alerts of %s: the level basic, and the document's", (name) =>
    expect(alerts(name).sort()).toEqual(
      [...BASIC, `octollm-${name}: database connections`, `octollm-${name}: high error rate`].sort(),
    ),
  );
  test("alerts of prod: the level full, and the document's", () => {
    const of = (what: string) => `octollm-prod: ${what}`;
    expect(alerts("prod")).toEqual(
      expect.arrayContaining([
        ...["API Health Check", "High CPU Usage", "High Memory Usage"],
        ...["high latency", "high error rate", "database cpu", "database memory", "database disk"].map(of),
        ...["redis memory (redis-0)", "redis memory (redis-1)", "redis memory (redis-2)"].map(of),
      ]),
    );
  });

  test.each(ENVIRONMENTS)("every alert of %s leads to a page that is there", (name) => {
    for (const { documentation } of Object.values(env(name).resources("google_monitoring_alert_policy"))) {
      const page = /blob\/main\/(stacks\/octollm\/runbooks\/[\w-]+\.md)/.exec(documentation.content)?.[1];
      expect([page, existsSync(String(page))]).toEqual([page, true]);
    }
  });

  test.each([
    ["dev", "api.dev.octollm.com"],
    ["staging", "api.staging.octollm.com"],
    ["prod", "api.octollm.com"],
  ] as const)("%s: CPU above 80 %% for 300 s, and whether the API answers", (name, host) => {
    expect(
      only(env(name), "google_monitoring_alert_policy", (args) => args.display_name === "High CPU Usage")
        .conditions,
    ).toMatchObject([
      { display_name: "CPU > 80%", condition_threshold: { threshold_value: 0.8, duration: "300s" } },
    ]);
    expect(only(env(name), "google_monitoring_uptime_check_config")).toMatchObject({
      display_name: "API Health Check",
      http_check: { path: "/health", port: 443, use_ssl: true, validate_ssl: true },
      period: "60s",
      timeout: "10s",
      monitored_resource: { labels: { host } },
    });
    expect(only(env(name), "google_monitoring_notification_channel").labels).toEqual({
      email_address: "team@octollm.com",
    });
    expect(Object.keys(env(name).resources("google_monitoring_dashboard"))).toHaveLength(2);
  });
});

describe("in the cluster", () => {
  const releases = (name: EnvironmentName) =>
    Object.values(stack(`octollm-${name}-cluster`).resources("helm_release"))
      .map((args) => args["name"])
      .sort();
  const EVERYWHERE = ["application-base", "external-secrets", "pgbouncer"];
  test.each([
    ["dev", EVERYWHERE],
    ["staging", EVERYWHERE],
    ["prod", [...EVERYWHERE, "jaeger", "loki", "prometheus"]],
  ] as const)("releases of %s", (name, expected) => expect(releases(name)).toEqual([...expected].sort()));

  test("every release of others' charts is of one version", () => {
    for (const args of Object.values(stack("octollm-prod-cluster").resources("helm_release")))
      if (args["repository"]) expect(args["version"]).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

test("the commitment is a stack by itself", () => {
  expect(stack("octollm-commitment").addresses.sort()).toEqual([
    "google_compute_region_commitment.commitment",
    "google_project_service.services_compute",
  ]);
  expect(only(stack("octollm-commitment"), "google_compute_region_commitment")).toMatchObject({
    name: "octollm-prod-cud",
    region: "us-central1",
    plan: "TWELVE_MONTH",
    type: "GENERAL_PURPOSE_N2",
    resources: [
      { type: "VCPU", amount: "60" },
      { type: "MEMORY", amount: String(240 * 1024) },
    ],
    lifecycle: { prevent_destroy: true },
  });
});

test.each(ENVIRONMENTS)("%s puts out what the document's modules do, under their names", (name) => {
  expect(Object.keys(env(name).outputs)).toEqual(
    expect.arrayContaining([
      ...["cluster_endpoint", "cluster_ca_certificate", "cluster_name"],
      ...["instance_connection_name", "private_ip_address", "database_name"],
      ...["host", "port", "connection_string"],
      ...["bucket_names", "bucket_urls"],
      ...["network_id", "network_name", "subnet_ids"],
      ...["zone_names", "name_servers"],
      ...["dashboard_urls", "alert_policy_ids"],
    ]),
  );
});

function same<T>(value: T): [T, T, T] {
  return [value, value, value];
}
