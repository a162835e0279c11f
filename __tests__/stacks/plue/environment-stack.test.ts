import { existsSync } from "node:fs";
import { readConfig } from "../../../stacks/plue/config";
import type { EnvironmentSizes, EnvironmentStackProps } from "../../../stacks/plue/environment-props";
import { TRUSTED_IMAGES } from "../../../stacks/plue/names";
import { PRODUCTION_SIZES, ProductionStack } from "../../../stacks/plue/production";
import { synthesizeProgram } from "../../support/program";
import { type Synthesized, synthesizeOne } from "../../support/synth";

const config = readConfig("cdktf.json");
const stacks = synthesizeProgram();

describe.each([
  ["staging-base", "staging"],
  ["production", "production"],
] as const)("%s", (name, environment) => {
  const stack = stacks.get(name) as Synthesized;
  const { projectId, alertEmails, monthlyBudget } = config[environment];
  const cluster = stack.resource("google_container_cluster", "cluster");

  test("cluster and database say whose they are", () => {
    const labels = { environment, managed_by: "terraform" };
    expect(cluster["resource_labels"]).toEqual(labels);
    const { settings } = stack.resource("google_sql_database_instance", "sql");
    expect(settings.user_labels).toEqual(labels);
  });

  test("the cluster is maintained on Saturdays and Sundays from 02:00 to 09:00 UTC", () => {
    const { start_time: start, end_time: end, recurrence } = cluster["maintenance_policy"].recurring_window;
    expect([start, end].map((time) => time.slice(10))).toEqual(["T02:00:00Z", "T09:00:00Z"]);
    expect(start.slice(0, 10)).toBe(end.slice(0, 10));
    expect(recurrence).toBe("FREQ=WEEKLY;BYDAY=SA,SU");
  });

  test("every look at a secret, a state, a key, a database or an identity is in the audit log, and every image that is pushed", () => {
    const logged = Object.values(stack.resources("google_project_iam_audit_config")).map(
      ({ service, audit_log_config }) => [
        service.replace(".googleapis.com", ""),
        audit_log_config.map(({ log_type }: { log_type: string }) => log_type),
      ],
    );
    const all = ["ADMIN_READ", "DATA_READ", "DATA_WRITE"];
    expect(Object.fromEntries(logged)).toEqual({
      artifactregistry: ["DATA_WRITE"],
      cloudkms: ["ADMIN_READ"],
      cloudsql: all,
      container: ["DATA_READ"],
      iam: ["ADMIN_READ", "DATA_READ"],
      secretmanager: all,
      storage: all,
      sts: ["ADMIN_READ", "DATA_READ"],
    });
  });

  test("a cluster that runs images of its own registry and those that its charts need, and no others", () => {
    expect(cluster["binary_authorization"]).toEqual({ evaluation_mode: "PROJECT_SINGLETON_POLICY_ENFORCE" });
    const policy = stack.resource("google_binary_authorization_policy", "images");
    const registry = "${google_artifact_registry_repository.registry";
    expect(
      policy["admission_whitelist_patterns"].map(
        ({ name_pattern }: { name_pattern: string }) => name_pattern,
      ),
    ).toEqual([
      `${registry}.location}-docker.pkg.dev/${projectId}/${registry}.repository_id}/*`,
      ...TRUSTED_IMAGES,
    ]);
  });

  test("of the outputs, the control plane's address and certificate are kept out of sight; each says what it is", () => {
    const outputs = Object.entries(stack.outputs);
    expect(outputs.filter(([, { sensitive }]) => sensitive).map(([output]) => output)).toEqual([
      "cluster_ca_certificate",
      "cluster_endpoint",
    ]);
    for (const [, { description }] of outputs) expect(description).toMatch(/^.{10}/);
  });

  test("every alert goes to the people of the configuration, and a budget to them too", () => {
    const { email_address } = stack.resource(
      "google_monitoring_notification_channel",
      "monitoring_channels_platform",
    )["labels"];
    expect(email_address).toBe(alertEmails["platform"]);
    const channel = "${google_monitoring_notification_channel.monitoring_channels_platform.name}";
    for (const alert of Object.values(stack.resources("google_monitoring_alert_policy")))
      expect(alert["notification_channels"]).toContain(channel);
    expect(stack.resource("google_billing_budget", "budget")).toMatchObject({
      all_updates_rule: { monitoring_notification_channels: [channel] },
      amount: { specified_amount: { units: String(monthlyBudget.amount) } },
    });
  });
});

test("the pods' login stays: dropping it would not drop what it owns", () => {
  expect(
    (stacks.get("production") as Synthesized).resource("google_sql_user", "application_database_user")[
      "lifecycle"
    ],
  ).toEqual({
    prevent_destroy: true,
  });
});

describe("sizes alone declare", () => {
  const production = (sizes: Partial<EnvironmentSizes<"plue">>) =>
    synthesizeOne("production", (app) => new ProductionStack(app, config, { ...PRODUCTION_SIZES, ...sizes }));
  const { cluster, database } = PRODUCTION_SIZES;

  test("a read replica, as protected as its primary", () => {
    const replicas = { reports: { tier: "db-custom-4-16384" } };
    const stack = production({ database: { ...database, replicas } });
    expect(stack.resource("google_sql_database_instance", "sql_replicas_reports")).toMatchObject({
      name: "plue-prod-reports",
      project: "plue-prod",
      region: "us-central1",
      master_instance_name: "${google_sql_database_instance.sql.name}",
      deletion_protection: true,
      lifecycle: { prevent_destroy: true },
      settings: {
        tier: "db-custom-4-16384",
        edition: "ENTERPRISE",
        user_labels: { environment: "production" },
      },
    });
  });

  test("a node pool with GPUs, in zones of its own", () => {
    const zones = ["us-central1-a", "us-central1-b"];
    const models = {
      machineType: "g2-standard-8",
      minNodes: 0,
      maxNodes: 2,
      diskSizeGb: 100,
      gpus: { type: "nvidia-l4", count: 1 },
      nodeLocations: ["us-central1-c"],
    };
    const stack = synthesizeOne(
      "production",
      (app) =>
        new ProductionStack(
          app,
          { ...config, production: { ...config.production, zones } },
          { ...PRODUCTION_SIZES, cluster: { ...cluster, nodePools: { ...cluster.nodePools, models } } },
        ),
    );
    expect(stack.resource("google_container_node_pool", "cluster_models")).toMatchObject({
      node_locations: ["us-central1-c"],
      node_config: { machine_type: "g2-standard-8", guest_accelerator: [{ type: "nvidia-l4", count: 1 }] },
    });
    expect(stack.resource("google_container_node_pool", "cluster_default")["node_locations"]).toEqual(zones);
  });

  test("database flags beside the stack's, another maintenance window, and addresses that NAT keeps", () => {
    const stack = production({
      network: { nat: { staticAddresses: 1 } },
      cluster: { ...cluster, maintenanceWindow: { ...WINDOW, recurrence: "FREQ=DAILY" } },
      database: { ...database, databaseFlags: { max_connections: "500" } },
    });
    expect(Object.keys(stack.resources("google_compute_address"))).toEqual(["network_nat_1"]);
    expect(
      stack.resource("google_container_cluster", "cluster")["maintenance_policy"].recurring_window.recurrence,
    ).toBe("FREQ=DAILY");
    expect(stack.resource("google_sql_database_instance", "sql")["settings"].database_flags).toEqual(
      expect.arrayContaining([
        { name: "log_min_duration_statement", value: "1000" },
        { name: "max_connections", value: "500" },
      ]),
    );
    // The alert follows the flag.
    expect(alerts(stack)["database_connections"]?.conditions[0].condition_threshold.threshold_value).toBe(
      400,
    );
  });

  test("thresholds of alerts", () => {
    const stack = production({ alertThresholds: { databaseConnections: 0.5, databaseDisk: 0.85 } });
    const { database_connections, database_disk } = alerts(stack);
    expect(database_connections?.conditions[0].condition_threshold.threshold_value).toBe(200);
    expect(database_disk?.conditions[0].condition_threshold).toMatchObject({
      threshold_value: 0.85,
      comparison: "COMPARISON_GT",
    });
    const page = /docs\/runbooks\/[\w-]+\.md/.exec(database_disk?.documentation.content)?.[0];
    expect(existsSync(String(page))).toBe(true);
  });

  const WINDOW = { start: "2024-01-06T02:00:00Z", end: "2024-01-06T09:00:00Z" };
  const alerts = (stack: Synthesized) =>
    Object.fromEntries(
      Object.entries(stack.resources("google_monitoring_alert_policy")).map(([id, alert]) => [
        id.replace("monitoring_alerts_", ""),
        alert,
      ]),
    );
});

test("what every environment has cannot be left out: the compiler refuses a stack without", () => {
  const { edge, alerts, ...rest } = {} as EnvironmentStackProps;
  const noAlerts = { ...rest, edge };
  const noEdge = { ...rest, alerts };
  const noDomains = { ...rest, alerts, edge: { zoneName: edge?.zoneName, records: edge?.records } };
  const noLevel = { ...rest, edge, alerts: { wakes: true, watched: {} } };
  // @ts-expect-error alerts
  const first: EnvironmentStackProps = noAlerts;
  // @ts-expect-error DNS, certificate, TLS and who is let in
  const second: EnvironmentStackProps = noEdge;
  // @ts-expect-error certificate
  const third: EnvironmentStackProps = noDomains;
  // @ts-expect-error how much is watched
  const fourth: EnvironmentStackProps = noLevel;
  expect([first, second, third, fourth]).toHaveLength(4);
});
