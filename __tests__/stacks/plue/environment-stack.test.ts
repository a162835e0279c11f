import { existsSync } from "node:fs";
import { readConfig } from "../../../stacks/plue/config";
import type { EnvironmentSizes, EnvironmentStackProps } from "../../../stacks/plue/environment-props";
import { TRUSTED_IMAGES } from "../../../stacks/plue/names";
import { PRODUCTION_SIZES, ProductionStack } from "../../../stacks/plue/production";
import { synthesizeProgram } from "../../support/program";
import { type Synthesized, synthesizeOne } from "../../support/synth";

const stacks = synthesizeProgram();

/** By the infrastructure document, sections "Environment: Staging Base (Admin-Owned)" and "Environment: Production". */
const documented = {
  "staging-base": {
    project: "plue-staging",
    environment: "staging",
    name: "plue-staging",
    channel: "REGULAR",
    pools: {
      default: { machine: "e2-medium", nodes: [1, 3], diskGb: 50 },
      sandbox: { machine: "e2-standard-4", nodes: [1, 5], diskGb: 50 },
    },
    sql: { tier: "db-f1-micro", availability: "ZONAL", diskGb: 10, backups: 7, forProduction: false },
  },
  production: {
    project: "plue-prod",
    environment: "production",
    name: "plue-prod",
    channel: "STABLE",
    pools: {
      default: { machine: "e2-standard-4", nodes: [3, 10], diskGb: 100 },
      sandbox: { machine: "e2-standard-4", nodes: [2, 20], diskGb: 100 },
    },
    sql: {
      tier: "db-custom-2-8192",
      availability: "REGIONAL",
      diskGb: 50,
      backups: 30,
      forProduction: true,
    },
  },
} as const;

describe.each(Object.entries(documented))("%s, as documented", (id, expected) => {
  const stack = stacks.get(id) as Synthesized;
  const { project, name } = expected;
  const labels = { environment: expected.environment, managed_by: "terraform" };
  const cluster = stack.resource("google_container_cluster", "cluster");
  const sql = stack.resource("google_sql_database_instance", "sql");

  test("a network with a range each for nodes, pods and services", () => {
    expect(stack.resource("google_compute_network", "network")).toMatchObject({
      name: `${name}-vpc`,
      auto_create_subnetworks: false,
      project,
    });
    expect(stack.resource("google_compute_subnetwork", "network_subnet_cluster")).toMatchObject({
      name: `${name}-subnet`,
      ip_cidr_range: "10.0.0.0/16",
      region: "us-central1",
      network: "${google_compute_network.network.id}",
      project,
      secondary_ip_range: [
        { range_name: "pods", ip_cidr_range: "10.1.0.0/16" },
        { range_name: "services", ip_cidr_range: "10.2.0.0/16" },
      ],
    });
  });

  test("a regional cluster in that network, with node pools of its own", () => {
    expect(cluster).toMatchObject({
      name,
      location: "us-central1",
      project,
      remove_default_node_pool: true,
      initial_node_count: 1,
      network: "${google_compute_network.network.id}",
      subnetwork: "${google_compute_subnetwork.network_subnet_cluster.id}",
      ip_allocation_policy: {
        cluster_secondary_range_name: "pods",
        services_secondary_range_name: "services",
      },
      workload_identity_config: { workload_pool: `${project}.svc.id.goog` },
      addons_config: {
        http_load_balancing: { disabled: false },
        horizontal_pod_autoscaling: { disabled: false },
      },
      release_channel: { channel: expected.channel },
      resource_labels: labels,
    });
    // Better than Calico: network policies are a part of the data plane.
    expect(cluster["datapath_provider"]).toBe("ADVANCED_DATAPATH");
    expect(cluster["network_policy"]).toEqual({ enabled: false });
  });

  test("maintenance on Saturdays and Sundays from 02:00 to 09:00 UTC", () => {
    const { start_time: start, end_time: end, recurrence } = cluster["maintenance_policy"].recurring_window;
    expect([start, end].map((time) => time.slice(10))).toEqual(["T02:00:00Z", "T09:00:00Z"]);
    expect(start.slice(0, 10)).toBe(end.slice(0, 10));
    expect(recurrence).toBe("FREQ=WEEKLY;BYDAY=SA,SU");
  });

  test.each(Object.entries(expected.pools))("the node pool %s", (pool, { machine, nodes, diskGb }) => {
    const [total_min_node_count, total_max_node_count] = nodes;
    const actual = stack.resource("google_container_node_pool", `cluster_${pool}`);
    expect(actual).toMatchObject({
      name: `${pool}-pool`,
      location: "${google_container_cluster.cluster.location}",
      cluster: "${google_container_cluster.cluster.id}",
      project,
      // In all zones together: min_node_count would count each zone's.
      autoscaling: { total_min_node_count, total_max_node_count },
      node_config: {
        machine_type: machine,
        disk_size_gb: diskGb,
        disk_type: "pd-ssd",
        oauth_scopes: ["https://www.googleapis.com/auth/cloud-platform"],
        workload_metadata_config: { mode: "GKE_METADATA" },
        labels: { pool },
      },
    });
    const sandboxed = pool === "sandbox";
    expect(actual["provider"]).toBe(sandboxed ? "google-beta" : undefined);
    expect(actual["node_config"].sandbox_config).toEqual(sandboxed ? { sandbox_type: "gvisor" } : undefined);
    // GKE sets gVisor's taint itself, and refuses a pool that declares it.
    expect(actual["node_config"].taint).toBeUndefined();
  });

  test("one PostgreSQL 16 instance with a private address alone", () => {
    const { tier, availability, diskGb, backups, forProduction } = expected.sql;
    expect(sql).toMatchObject({
      name,
      database_version: "POSTGRES_16",
      region: "us-central1",
      project,
      deletion_protection: forProduction,
      settings: {
        tier,
        // The default edition refuses these tiers.
        edition: "ENTERPRISE",
        availability_type: availability,
        disk_size: diskGb,
        disk_type: "PD_SSD",
        backup_configuration: {
          enabled: true,
          point_in_time_recovery_enabled: forProduction,
          start_time: "03:00",
          backup_retention_settings: { retained_backups: backups },
        },
        ip_configuration: { ipv4_enabled: false, private_network: "${google_compute_network.network.id}" },
        insights_config: { query_insights_enabled: forProduction },
        user_labels: labels,
      },
    });
    expect(sql["settings"].database_flags).toContainEqual({
      name: "log_min_duration_statement",
      value: "1000",
    });
    expect(sql["depends_on"]).toContain("google_service_networking_connection.network_private_services");
  });

  test("an administrator whose password is known to Secret Manager and the database alone", () => {
    expect(stack.resource("google_sql_user", "sql_admin")).toMatchObject({
      name: "plue",
      instance: "${google_sql_database_instance.sql.name}",
      project,
      password_wo: "${ephemeral.random_password.sql_admin_password.result}",
    });
    expect(stack.resource("google_secret_manager_secret", "sql_admin_secret")).toMatchObject({
      secret_id: `${name}-db-password`,
      project,
    });
    expect(
      stack.resource("google_secret_manager_secret_version", "sql_admin_secret_version")["secret_data_wo"],
    ).toBe("${ephemeral.random_password.sql_admin_password.result}");
    expect(stack.json["ephemeral"].random_password.sql_admin_password).toMatchObject({
      length: 32,
      special: false,
    });
  });

  test("the secrets of the secret structure", () => {
    const ids = Object.values(stack.resources("google_secret_manager_secret")).map((secret) => [
      secret["secret_id"],
      secret["project"],
    ]);
    expect(ids.sort()).toEqual(
      ["anthropic-api-key", "cloudflare-api-token", "github-app-private-key", `${name}-db-password`].map(
        (secretId) => [secretId, project],
      ),
    );
  });

  test("a registry of its own, which deletes untagged images after 7 days and keeps tagged ones", () => {
    const registry = stack.resource("google_artifact_registry_repository", "registry");
    expect(registry).toMatchObject({ project, location: "us-central1", format: "DOCKER" });
    expect(registry["cleanup_policies"]).toEqual([
      {
        id: "delete-untagged",
        action: "DELETE",
        condition: { tag_state: "UNTAGGED", older_than: `${7 * 24 * 3600}s` },
      },
      { id: "keep-tagged", action: "KEEP", condition: { tag_state: "TAGGED" } },
    ]);
    expect(registry["cleanup_policy_dry_run"]).toBe(false);
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
      `${registry}.location}-docker.pkg.dev/${project}/${registry}.repository_id}/*`,
      ...TRUSTED_IMAGES,
    ]);
  });

  test("a load balancer that speaks TLS 1.2 and up", () => {
    expect(stack.resource("google_compute_ssl_policy", "ingress_tls")).toMatchObject({
      name,
      project,
      min_tls_version: "TLS_1_2",
    });
    expect(stack.outputs["ssl_policy_name"]).toMatchObject({
      value: "${google_compute_ssl_policy.ingress_tls.name}",
    });
  });

  test("outputs for the stacks on top of it, the control plane's address and certificate kept out of sight", () => {
    const outputs = Object.entries(stack.outputs);
    expect(outputs.map(([output]) => output)).toEqual(expect.arrayContaining(OUTPUTS));
    expect(outputs.filter(([, { sensitive }]) => sensitive).map(([output]) => output)).toEqual([
      "cluster_ca_certificate",
      "cluster_endpoint",
    ]);
    for (const [, { description }] of outputs) expect(description).toMatch(/^.{10}/);
    expect(stack.outputs).toMatchObject({
      project_id: { value: project },
      region: { value: "us-central1" },
      cluster_name: { value: "${google_container_cluster.cluster.name}" },
      sql_instance_name: { value: "${google_sql_database_instance.sql.name}" },
      ingress_ip: { value: "${google_compute_global_address.network_ingress.address}" },
    });
  });

  test("every alert goes to the people of the configuration, and a budget to them too", () => {
    const { email_address } = stack.resource(
      "google_monitoring_notification_channel",
      "monitoring_channels_platform",
    )["labels"];
    expect(email_address).toBe("platform@plue.dev");
    const channel = "${google_monitoring_notification_channel.monitoring_channels_platform.name}";
    for (const alert of Object.values(stack.resources("google_monitoring_alert_policy")))
      expect(alert["notification_channels"]).toContain(channel);
    expect(stack.resource("google_billing_budget", "budget")).toMatchObject({
      all_updates_rule: { monitoring_notification_channels: [channel] },
      amount: { specified_amount: { units: id === "production" ? "1500" : "400" } },
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
  const config = readConfig("cdktf.json");
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

  test("thresholds of alerts, and an alert for the disk that otherwise is not there", () => {
    expect(alerts(production({}))["database_disk"]).toBeUndefined();
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
  const noConnections = { ...rest, edge, alerts: { urgent: "all" } as const };
  // @ts-expect-error alerts
  const first: EnvironmentStackProps = noAlerts;
  // @ts-expect-error DNS, certificate, TLS and who is let in
  const second: EnvironmentStackProps = noEdge;
  // @ts-expect-error certificate
  const third: EnvironmentStackProps = noDomains;
  // @ts-expect-error what is said when connections run out
  const fourth: EnvironmentStackProps = noConnections;
  expect([first, second, third, fourth]).toHaveLength(4);
});

/** What the document's modules and environments say, and what they forgot (the network, the ingress, the instance's name). */
const OUTPUTS = [
  "project_id",
  "region",
  "network_name",
  "ingress_ip",
  "ingress_address_name",
  "cluster_name",
  "cluster_location",
  "cluster_endpoint",
  "cluster_dns_endpoint",
  "cluster_ca_certificate",
  "workload_pool",
  "node_service_account",
  "sql_instance_name",
  "sql_connection_name",
  "sql_private_ip",
  "sql_admin_secret_id",
  "registry_repository_id",
  "registry_url",
  "certificate_map_name",
];
