import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { ServiceNetworkingConnection } from "@cdktf/provider-google/lib/service-networking-connection";
import { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformOutput } from "cdktf";
import type { Stack } from "../../../lib/core/stack";
import { CloudSql, type CloudSqlProps } from "../../../lib/google/cloud-sql";
import { KmsKeys } from "../../../lib/google/kms";
import { synthesize } from "../../support/synth";

const INSTANCE = "google_sql_database_instance";

/** Smallest valid props, with whatever a test is about. */
function propsFor(stack: Stack, over: Partial<CloudSqlProps> = {}): CloudSqlProps {
  const network = new ComputeNetwork(stack, "network", { name: "test" });
  const privateServicesConnection = new ServiceNetworkingConnection(stack, "private_services", {
    network: network.id,
    service: "servicenetworking.googleapis.com",
    reservedPeeringRanges: ["range"],
  });
  return {
    projectId: "project",
    region: "us-central1",
    name: "orders",
    network: { networkId: network.id, privateServicesConnection },
    tier: "db-custom-2-8192",
    highAvailability: false,
    diskSizeGb: 10,
    backup: { retained: 7, pointInTimeRecovery: false },
    deletionProtection: false,
    ...over,
  };
}

type Over = Partial<CloudSqlProps> | ((stack: Stack) => Partial<CloudSqlProps>);

function build(over: Over = {}, then?: (sql: CloudSql, stack: Stack) => void) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    new RandomProvider(stack, "random", {});
    const props = propsFor(stack, typeof over === "function" ? over(stack) : over);
    const sql = new CloudSql(stack, "db", props);
    then?.(sql, stack);
  });
}

function flags(over: Over) {
  const { settings } = build(over).resource(INSTANCE, "db");
  return settings.database_flags as { name: string; value: string }[];
}

/** A key of each region named, for Cloud SQL's service agent. */
function keys(stack: Stack, ...regions: string[]) {
  const googleBeta = new GoogleBetaProvider(stack, "google-beta", {});
  return regions.map((location) =>
    new KmsKeys(stack, `keys-${location}`, {
      projectId: "project",
      location,
      name: "ring",
      keys: { sql: { serviceAgents: ["sqladmin.googleapis.com"] } },
      googleBeta,
    }).key("sql"),
  );
}

describe("CloudSql: the instance", () => {
  test("takes its arguments from the props", () => {
    const instance = build({
      highAvailability: true,
      diskSizeGb: 50,
      diskAutoresizeLimitGb: 200,
      backup: { retained: 30, startTime: "04:30", pointInTimeRecovery: true },
      maintenanceWindow: { day: 7, hour: 3 },
      labels: { environment: "production" },
    }).resource(INSTANCE, "db");
    expect(instance).toMatchObject({
      project: "project",
      region: "us-central1",
      name: "orders",
      database_version: "POSTGRES_16",
      settings: {
        tier: "db-custom-2-8192",
        availability_type: "REGIONAL",
        disk_size: 50,
        disk_type: "PD_SSD",
        disk_autoresize: true,
        disk_autoresize_limit: 200,
        maintenance_window: { day: 7, hour: 3, update_track: "stable" },
        user_labels: { environment: "production" },
        backup_configuration: {
          enabled: true,
          start_time: "04:30",
          point_in_time_recovery_enabled: true,
          transaction_log_retention_days: 7,
          backup_retention_settings: { retained_backups: 30, retention_unit: "COUNT" },
        },
      },
    });
  });

  test("writes out the edition of its machine type, because PostgreSQL 16 defaults to another", () => {
    expect(build({ tier: "db-f1-micro" }).resource(INSTANCE, "db").settings.edition).toBe("ENTERPRISE");
    expect(build({ tier: "db-perf-optimized-N-2" }).resource(INSTANCE, "db").settings.edition).toBe(
      "ENTERPRISE_PLUS",
    );
  });

  test("has a private address only, once private services access is there, and wants client certificates", () => {
    const instance = build().resource(INSTANCE, "db");
    expect(instance.settings.ip_configuration).toEqual({
      ipv4_enabled: false,
      private_network: "${google_compute_network.network.id}",
      ssl_mode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
    });
    expect(instance.depends_on).toEqual(["google_service_networking_connection.private_services"]);
  });

  test("may let encrypted connections in without a client certificate", () => {
    const instance = build({ sslMode: "ENCRYPTED_ONLY" }).resource(INSTANCE, "db");
    expect(instance.settings.ip_configuration.ssl_mode).toBe("ENCRYPTED_ONLY");
  });

  test("is zonal, backed up at 03:00, keeps no transaction logs and Query Insights is off, unless told otherwise", () => {
    const { settings } = build().resource(INSTANCE, "db");
    expect(settings.availability_type).toBe("ZONAL");
    expect(settings.backup_configuration).toEqual({
      enabled: true,
      start_time: "03:00",
      point_in_time_recovery_enabled: false,
      backup_retention_settings: { retained_backups: 7, retention_unit: "COUNT" },
    });
    expect(settings.insights_config).toEqual({ query_insights_enabled: false });
    expect(settings.maintenance_window).toBeUndefined();
  });

  test("keeps transaction logs no longer than backups", () => {
    const { settings } = build({ backup: { retained: 3, pointInTimeRecovery: true } }).resource(
      INSTANCE,
      "db",
    );
    expect(settings.backup_configuration.transaction_log_retention_days).toBe(3);
  });

  test("keeps backups after deletion, unless told otherwise", () => {
    const retained = (backup: CloudSqlProps["backup"]) =>
      build({ backup }).resource(INSTANCE, "db").settings.retain_backups_on_delete;
    expect(retained({ retained: 7, pointInTimeRecovery: false })).toBe(true);
    expect(retained({ retained: 7, pointInTimeRecovery: false, retainedAfterDelete: false })).toBe(false);
  });

  test("has Query Insights where its props are given", () => {
    const config = (queryInsights: CloudSqlProps["queryInsights"]) =>
      build({ queryInsights }).resource(INSTANCE, "db").settings.insights_config;
    expect(config({})).toEqual({
      query_insights_enabled: true,
      query_string_length: 1024,
      query_plans_per_minute: 5,
      record_application_tags: false,
      record_client_address: false,
    });
    expect(config({ queryStringLength: 4500, recordApplicationTags: true })).toMatchObject({
      query_string_length: 4500,
      record_application_tags: true,
    });
  });

  test("an autoresized disk is never shrunk by recreating the instance", () => {
    const ignored = (over: Partial<CloudSqlProps>) =>
      build(over).resource(INSTANCE, "db").lifecycle?.ignore_changes;
    expect(ignored({})).toEqual(["settings[0].disk_size"]);
    expect(ignored({ diskAutoresize: false })).toBeUndefined();
  });

  test("one prop protects it in the API, in Terraform's state and in the plan", () => {
    const protectedOne = build({ deletionProtection: true }).resource(INSTANCE, "db");
    expect(protectedOne.deletion_protection).toBe(true);
    expect(protectedOne.settings.deletion_protection_enabled).toBe(true);
    expect(protectedOne.lifecycle.prevent_destroy).toBe(true);

    const open = build({ deletionProtection: false }).resource(INSTANCE, "db");
    expect(open.deletion_protection).toBe(false);
    expect(open.settings.deletion_protection_enabled).toBe(false);
    expect(open.lifecycle).not.toHaveProperty("prevent_destroy");
  });

  test("is encrypted with the given key, once Cloud SQL may use it", () => {
    const instance = build((stack) => ({ encryptionKey: keys(stack, "us-central1")[0] })).resource(
      INSTANCE,
      "db",
    );
    expect(instance.encryption_key_name).toBe("${google_kms_crypto_key.keys_us_central1_sql.id}");
    expect(instance.depends_on).toContain("google_kms_crypto_key_iam_member.keys_us_central1_sql_sqladmin");
  });

  test("outputs what others connect to", () => {
    const { outputs } = build({}, (sql, stack) => {
      for (const name of ["instanceName", "connectionName", "privateIp", "maxConnections"] as const)
        new TerraformOutput(stack, name, { value: sql[name] });
    });
    expect(Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))).toEqual({
      instanceName: "${google_sql_database_instance.db.name}",
      connectionName: "${google_sql_database_instance.db.connection_name}",
      privateIp: "${google_sql_database_instance.db.private_ip_address}",
      maxConnections: 400,
    });
  });
});

describe("CloudSql: an address on the internet", () => {
  const ipConfiguration = (over: Partial<CloudSqlProps>) =>
    build(over).resource(INSTANCE, "db").settings.ip_configuration;

  test("lets in the ranges that are named, and clients with a certificate alone", () => {
    expect(
      ipConfiguration({ publicAddress: { authorizedNetworks: { office: "203.0.113.0/24" } } }),
    ).toMatchObject({
      ipv4_enabled: true,
      private_network: "${google_compute_network.network.id}",
      authorized_networks: [{ name: "office", value: "203.0.113.0/24" }],
      ssl_mode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
    });
  });

  test("lets nobody in but the Auth Proxy, where none is", () => {
    const configuration = ipConfiguration({ publicAddress: {} });
    expect(configuration.ipv4_enabled).toBe(true);
    expect(configuration).not.toHaveProperty("authorized_networks");
  });
});

describe("CloudSql: extensions", () => {
  test("bring the flags that they need, and none that they do not", () => {
    const names = flags({ extensions: ["vector", "pg_cron", "pglogical"] }).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        "cloudsql.enable_pg_cron",
        "cloudsql.enable_pglogical",
        "cloudsql.logical_decoding",
      ]),
    );
    expect(flags({ extensions: ["vector", "pg_trgm"] })).toEqual(flags({}));
  });

  test("are what others may read", () => {
    build({ extensions: ["vector"] }, (sql) => expect(sql.props.extensions).toEqual(["vector"]));
  });
});

test("CloudSql: connections are pooled where the edition can, and nothing is said where they are not", () => {
  const pooled = (over: Partial<CloudSqlProps>) => build(over).resource(INSTANCE, "db").settings;
  expect(
    pooled({
      tier: "db-perf-optimized-N-2",
      connectionPool: { flags: { pool_mode: "transaction" } },
    }).connection_pool_config,
  ).toEqual([{ connection_pooling_enabled: true, flags: [{ name: "pool_mode", value: "transaction" }] }]);
  expect(pooled({ tier: "db-perf-optimized-N-2" })).not.toHaveProperty("connection_pool_config");
});

test("CloudSql: a password that somebody makes by hand cannot be short, nor hold the user's name", () => {
  const stack = build({ replicas: { a: {} } });
  expect(stack.resource(INSTANCE, "db").settings.password_validation_policy).toEqual({
    enable_password_policy: true,
    min_length: 16,
    disallow_username_substring: true,
  });
  // Passwords are the primary's.
  expect(stack.resource(INSTANCE, "db_replicas_a").settings).not.toHaveProperty("password_validation_policy");
});

describe("CloudSql: database flags", () => {
  test("log connections, checkpoints, lock waits and what failed, and let IAM users in, in a fixed order", () => {
    expect(flags({})).toEqual([
      { name: "cloudsql.iam_authentication", value: "on" },
      { name: "log_checkpoints", value: "on" },
      { name: "log_connections", value: "on" },
      { name: "log_disconnections", value: "on" },
      { name: "log_lock_waits", value: "on" },
      { name: "log_min_error_statement", value: "error" },
    ]);
  });

  test("may be added and changed", () => {
    const changed = flags({
      databaseFlags: { log_min_duration_statement: "1000", log_connections: "off" },
      iamAuthentication: false,
    });
    expect(changed).toContainEqual({ name: "log_min_duration_statement", value: "1000" });
    expect(changed).toContainEqual({ name: "log_connections", value: "off" });
    expect(changed.map(({ name }) => name)).not.toContain("cloudsql.iam_authentication");
  });

  test("max_connections is what the output says", () => {
    build({ databaseFlags: { max_connections: "200" } }, (sql) => expect(sql.maxConnections).toBe(200));
  });
});

describe("CloudSql: databases", () => {
  test("each name is a database of the instance", () => {
    const stack = build({ databases: ["orders", "audit_log"] });
    expect(Object.keys(stack.resources("google_sql_database"))).toEqual([
      "db_databases_audit_log",
      "db_databases_orders",
    ]);
    expect(stack.resource("google_sql_database", "db_databases_orders")).toEqual({
      project: "project",
      instance: "${google_sql_database_instance.db.name}",
      name: "orders",
      deletion_policy: "DELETE",
    });
  });

  test("refuse to be destroyed, and outlive their removal from the code, where the instance is protected", () => {
    const database = build({ databases: ["orders"], deletionProtection: true }).resource(
      "google_sql_database",
      "db_databases_orders",
    );
    expect(database.deletion_policy).toBe("ABANDON");
    expect(database.lifecycle).toEqual({ prevent_destroy: true });
  });

  test("are known by name to whoever must wait for them", () => {
    const { outputs } = build({ databases: ["orders"] }, (sql, stack) => {
      new TerraformOutput(stack, "orders", { value: sql.databases["orders"] });
    });
    expect(outputs["orders"]?.["value"]).toBe("${google_sql_database.db_databases_orders.name}");
  });
});

describe("CloudSql: the built-in user", () => {
  const admin = { name: "plue", secretId: "orders-db-password", passwordVersion: 3 };

  test("does not exist unless asked for", () => {
    const stack = build({}, (sql) => {
      expect(() => sql.adminSecretId).toThrow("there is no built-in user");
      expect(() => sql.adminName).toThrow("test/db: admin: is missing");
    });
    expect(stack.resources("google_sql_user")).toEqual({});
    expect(stack.json["ephemeral"]).toBeUndefined();
  });

  test("has a password that is only ever written, in user and secret by one version number", () => {
    const stack = build({ admin, labels: { environment: "test" } });
    expect(stack.json["ephemeral"].random_password.db_admin_password).toMatchObject({
      length: 32,
      special: false,
    });
    const password = "${ephemeral.random_password.db_admin_password.result}";
    const user = stack.resource("google_sql_user", "db_admin");
    expect(user).toMatchObject({ name: "plue", password_wo: password, password_wo_version: 3 });
    expect(user).not.toHaveProperty("password");
    const version = stack.resource("google_secret_manager_secret_version", "db_admin_secret_version");
    expect(version).toMatchObject({ secret_data_wo: password, secret_data_wo_version: 3 });
    expect(version).not.toHaveProperty("secret_data");
    expect(stack.resource("google_secret_manager_secret", "db_admin_secret")).toMatchObject({
      project: "project",
      secret_id: "orders-db-password",
      replication: { auto: {} },
      version_destroy_ttl: "604800s",
      labels: { environment: "test" },
    });
  });

  test("is kept in the instance's region alone under a key of one's own, once Secret Manager may use it", () => {
    const grant = "google_kms_crypto_key_iam_member.keys_us_central1_sql_sqladmin";
    const secret = build((stack) => ({
      admin: { ...admin, secretEncryptionKey: keys(stack, "us-central1")[0] },
    })).resource("google_secret_manager_secret", "db_admin_secret");
    expect(secret.replication).toEqual({
      user_managed: {
        replicas: [
          {
            location: "us-central1",
            customer_managed_encryption: { kms_key_name: "${google_kms_crypto_key.keys_us_central1_sql.id}" },
          },
        ],
      },
    });
    expect(secret.depends_on).toEqual([grant]);
  });

  test("is written after its secret, whose old version goes only then", () => {
    const stack = build({ admin });
    expect(stack.resource("google_sql_user", "db_admin").depends_on).toEqual([
      "google_secret_manager_secret_version.db_admin_secret_version",
    ]);
    const version = stack.resource("google_secret_manager_secret_version", "db_admin_secret_version");
    expect(version.lifecycle).toEqual({ create_before_destroy: true });
  });

  test("goes after the databases on a destroy, because it may own what is in them", () => {
    const database = build({ admin, databases: ["orders"] }).resource(
      "google_sql_database",
      "db_databases_orders",
    );
    expect(database.depends_on).toEqual(["google_sql_user.db_admin"]);
  });

  test("keeps its secret where the instance is protected", () => {
    const secret = build({ admin, deletionProtection: true }).resource(
      "google_secret_manager_secret",
      "db_admin_secret",
    );
    expect(secret).toMatchObject({ deletion_protection: true, lifecycle: { prevent_destroy: true } });
  });

  test("outputs user and secret", () => {
    const { outputs } = build({ admin }, (sql, stack) => {
      new TerraformOutput(stack, "user", { value: sql.adminName });
      new TerraformOutput(stack, "secret", { value: sql.adminSecretId });
    });
    expect(outputs["user"]?.["value"]).toBe("${google_sql_user.db_admin.name}");
    expect(outputs["secret"]?.["value"]).toBe("${google_secret_manager_secret.db_admin_secret.secret_id}");
  });
});

describe("CloudSql: read replicas", () => {
  test("follow the primary in version, machine type, flags and address, and are not backed up", () => {
    const stack = build({
      replicas: { a: {} },
      databaseFlags: { max_connections: "300" },
      deletionProtection: true,
    });
    const [primary, replica] = [stack.resource(INSTANCE, "db"), stack.resource(INSTANCE, "db_replicas_a")];
    expect(replica).toMatchObject({
      name: "orders-a",
      region: "us-central1",
      master_instance_name: "${google_sql_database_instance.db.name}",
      database_version: "POSTGRES_16",
      deletion_protection: true,
      lifecycle: { prevent_destroy: true },
    });
    for (const same of ["tier", "edition", "database_flags", "ip_configuration", "disk_type"])
      expect(replica.settings[same]).toEqual(primary.settings[same]);
    expect(replica.settings.availability_type).toBe("ZONAL");
    expect(replica.settings).not.toHaveProperty("backup_configuration");
    expect(replica).not.toHaveProperty("replica_configuration");
    expect(replica.depends_on).toEqual(["google_service_networking_connection.private_services"]);
  });

  test("may differ in place, size and protection", () => {
    const replica = build({
      deletionProtection: true,
      replicas: {
        east: {
          name: "orders-dr",
          region: "us-east1",
          zone: "us-east1-b",
          tier: "db-custom-4-15360",
          highAvailability: true,
          deletionProtection: false,
        },
      },
    }).resource(INSTANCE, "db_replicas_east");
    expect(replica).toMatchObject({
      name: "orders-dr",
      region: "us-east1",
      deletion_protection: false,
      settings: {
        tier: "db-custom-4-15360",
        availability_type: "REGIONAL",
        location_preference: { zone: "us-east1-b" },
        deletion_protection_enabled: false,
      },
    });
  });

  test("in another region have a key of that region, in the primary's region its key", () => {
    const stack = build((scope) => {
      const [here, east] = keys(scope, "us-central1", "us-east1");
      return {
        encryptionKey: here,
        replicas: { a: {}, east: { region: "us-east1", encryptionKey: east } },
      };
    });
    expect(stack.resource(INSTANCE, "db_replicas_a")).not.toHaveProperty("encryption_key_name");
    const east = stack.resource(INSTANCE, "db_replicas_east");
    expect(east.encryption_key_name).toBe("${google_kms_crypto_key.keys_us_east1_sql.id}");
    expect(east.depends_on).toContain("google_kms_crypto_key_iam_member.keys_us_east1_sql_sqladmin");
  });

  test("output what reads connect to", () => {
    const { outputs } = build({ replicas: { a: {} } }, (sql, stack) => {
      new TerraformOutput(stack, "replica", { value: sql.replicas["a"]?.privateIp });
    });
    expect(outputs["replica"]?.["value"]).toBe(
      "${google_sql_database_instance.db_replicas_a.private_ip_address}",
    );
  });
});

test("CloudSql takes a smaller replica once max_connections is set for both", () => {
  const over = {
    replicas: { a: { tier: "db-custom-1-3840" } },
    databaseFlags: { max_connections: "100" },
  };
  expect(() => build(over)).not.toThrow();
});
