import { SecretManagerSecret } from "@cdktf/provider-google/lib/secret-manager-secret";
import { SecretManagerSecretVersion } from "@cdktf/provider-google/lib/secret-manager-secret-version";
import { SqlDatabase } from "@cdktf/provider-google/lib/sql-database";
import {
  SqlDatabaseInstance,
  type SqlDatabaseInstanceSettings,
} from "@cdktf/provider-google/lib/sql-database-instance";
import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
import { Construct } from "constructs";
import { EphemeralResource } from "../../core/ephemeral-resource";
import { rejectProps } from "../../core/invalid-props";
import { days, lifecycle, mapValues, optionalOutput, recordOf } from "../../core/props";
import type { KmsKey } from "../kms";
import { secretReplication, VERSION_DESTROY_DELAY_DAYS } from "../secret-manager";
import { cloudSqlProblems } from "./checks";
import { extensionFlags } from "./extensions";
import type {
  CloudSqlAdminProps,
  CloudSqlBackupProps,
  CloudSqlProps,
  CloudSqlPublicAddressProps,
  CloudSqlReplicaProps,
} from "./props";
import { maxConnections, readTier } from "./tiers";

export type * from "./props";

/** Who connected and when, and what waited for what: asked after every incident, and next to free. */
const DEFAULT_FLAGS = {
  log_checkpoints: "on",
  log_connections: "on",
  log_disconnections: "on",
  log_lock_waits: "on",
  // Which statement it was that failed.
  log_min_error_statement: "error",
};

/** A primary or a replica, as clients connect to it. */
export interface CloudSqlEndpoint {
  /** Name of the instance. */
  readonly instanceName: string;
  /** `<project>:<region>:<instance>`, as the Auth Proxy takes it. */
  readonly connectionName: string;
  /** Private address of the instance. */
  readonly privateIp: string;
}

/**
 * Cloud SQL for PostgreSQL instance with a private address, its databases, read replicas and one optional built-in
 * user.
 *
 * The edition follows from the machine type and is always written out: from PostgreSQL 16 on Google's own default is
 * ENTERPRISE_PLUS, which refuses `db-f1-micro` and `db-custom-*`.
 *
 * An extension is made by the application's migration, in its database. `extensions` sets the flags that some need, and
 * tells readers of the stack what there is.
 *
 * The admin's password is made during the apply and only ever written (`password_wo`, `secret_data_wo`). When an apply
 * fails between the two, secret and user differ, and applying again does not help: raise `passwordVersion`, which
 * renews both. The secret is written first, so the password in force is then in its version before the latest.
 *
 * Without protection a destroy drops databases first and then the admin. PostgreSQL refuses to drop a database that
 * somebody is connected to, or a user who owns anything or has granted a role: remove the application first, then
 * `DROP ROLE` and `REASSIGN OWNED` what is left.
 *
 * Source: infrastructure document, section "Module: Cloud SQL"; OctoLLM document, section "Database Module";
 * Copy-That document, section "Database Configuration".
 * @see https://cloud.google.com/sql/docs/postgres/instance-settings
 * @throws when the network has no private services access, or a value is one that Cloud SQL would refuse
 * @example
 * ```ts
 * const network = new Networking(stack, "network", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "acme-vpc",
 *   subnets: { cluster: { cidr: "10.0.0.0/20" } },
 *   privateServices: { cidr: "10.3.0.0/16" },
 * });
 * new CloudSql(stack, "sql", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "acme-prod",
 *   network,
 *   tier: "db-custom-2-8192",
 *   highAvailability: true,
 *   diskSizeGb: 50,
 *   backup: { retained: 30, pointInTimeRecovery: true },
 *   databases: ["shop"],
 *   deletionProtection: true,
 * });
 * ```
 */
export class CloudSql<Database extends string = string> extends Construct implements CloudSqlEndpoint {
  /** Name of the instance. */
  readonly instanceName: string;
  /** `<project>:<region>:<instance>`, as the Auth Proxy takes it. */
  readonly connectionName: string;
  /** Private address of the instance. */
  readonly privateIp: string;
  /** Connections that PostgreSQL accepts: the flag `max_connections`, otherwise what follows from the machine type. */
  readonly maxConnections: number;
  /** The databases' names by name; a reference waits for the database to exist. */
  readonly databases: Readonly<Record<Database, string>>;
  /** The read replicas, by their name in `replicas`. */
  readonly replicas: Record<string, CloudSqlEndpoint>;
  private readonly admin?: { readonly user: SqlUser; readonly secret: SecretManagerSecret };

  constructor(
    scope: Construct,
    id: string,
    readonly props: CloudSqlProps & { readonly databases?: readonly Database[] },
  ) {
    super(scope, id);
    rejectProps(this, cloudSqlProblems(props));

    const primary = new SqlDatabaseInstance(this, "Resource", {
      ...this.instanceConfig(props.name, props.region, props.deletionProtection, props.encryptionKey),
      settings: {
        ...this.settings(props.tier, props.highAvailability, props.deletionProtection),
        diskSize: props.diskSizeGb,
        retainBackupsOnDelete: props.backup.retainedAfterDelete ?? true,
        backupConfiguration: backupConfiguration(props.backup),
        // Of built-in users, such as one made by hand beside the IAM users that need no password.
        passwordValidationPolicy: {
          enablePasswordPolicy: true,
          minLength: 16,
          disallowUsernameSubstring: true,
        },
        maintenanceWindow: props.maintenanceWindow && {
          day: props.maintenanceWindow.day,
          hour: props.maintenanceWindow.hour,
          updateTrack: props.maintenanceWindow.updateTrack ?? "stable",
        },
      },
      lifecycle: lifecycle(
        props.deletionProtection,
        // A disk that grew is larger than the code says, and shrinking means a new instance.
        (props.diskAutoresize ?? true) ? ["settings[0].disk_size"] : [],
      ),
    });
    const { instanceName, connectionName, privateIp } = endpoint(primary);
    this.instanceName = instanceName;
    this.connectionName = connectionName;
    this.privateIp = privateIp;
    this.maxConnections = maxConnections(props.tier, props.databaseFlags);

    const admin = props.admin && this.declareAdmin(props.admin);
    this.admin = admin;

    const databases = new Construct(this, "databases");
    this.databases = recordOf(
      props.databases ?? [],
      (name) =>
        new SqlDatabase(databases, name, {
          project: props.projectId,
          instance: this.instanceName,
          name,
          // In the state, and so in force when the block is removed.
          deletionPolicy: props.deletionProtection ? "ABANDON" : "DELETE",
          dependsOn: admin && [admin.user],
          lifecycle: lifecycle(props.deletionProtection),
        }).name,
    );
    const replicas = new Construct(this, "replicas");
    this.replicas = mapValues(props.replicas ?? {}, (replica, key) =>
      endpoint(this.declareReplica(replicas, key, replica)),
    );
  }

  /**
   * Name of the built-in user.
   * @throws without `admin`
   */
  get adminName(): string {
    return optionalOutput(this, "built-in user", this.admin, "admin").user.name;
  }

  /**
   * Id of the secret with the built-in user's password.
   * @throws without `admin`
   */
  get adminSecretId(): string {
    return optionalOutput(this, "built-in user", this.admin, "admin").secret.secretId;
  }

  private declareReplica(scope: Construct, key: string, replica: CloudSqlReplicaProps): SqlDatabaseInstance {
    const { props } = this;
    const name = replica.name ?? `${props.name}-${key}`;
    const protect = replica.deletionProtection ?? props.deletionProtection;
    return new SqlDatabaseInstance(scope, key, {
      ...this.instanceConfig(name, replica.region ?? props.region, protect, replica.encryptionKey),
      masterInstanceName: this.instanceName,
      settings: {
        ...this.settings(replica.tier ?? props.tier, replica.highAvailability ?? false, protect),
        locationPreference: replica.zone === undefined ? undefined : { zone: replica.zone },
      },
      lifecycle: lifecycle(protect),
    });
  }

  private instanceConfig(name: string, region: string, protect: boolean, key?: KmsKey) {
    const connection = this.props.network.privateServicesConnection;
    return {
      project: this.props.projectId,
      name,
      region,
      databaseVersion: this.props.databaseVersion ?? "POSTGRES_16",
      deletionProtection: protect,
      encryptionKeyName: key?.id,
      dependsOn: [...(connection ? [connection] : []), ...(key?.grants ?? [])],
    };
  }

  /** What a primary and its replicas have in common. */
  private settings(tier: string, highAvailability: boolean, protect: boolean): SqlDatabaseInstanceSettings {
    const { props } = this;
    const insights = props.queryInsights;
    return {
      tier,
      edition: readTier(tier).edition,
      availabilityType: highAvailability ? "REGIONAL" : "ZONAL",
      diskType: "PD_SSD",
      diskAutoresize: props.diskAutoresize ?? true,
      diskAutoresizeLimit: props.diskAutoresizeLimitGb,
      deletionProtectionEnabled: protect,
      userLabels: props.labels,
      ipConfiguration: {
        ipv4Enabled: props.publicAddress !== undefined,
        privateNetwork: props.network.networkId,
        authorizedNetworks: authorizedNetworks(props.publicAddress),
        sslMode: props.sslMode ?? "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
      },
      insightsConfig: insights
        ? {
            queryInsightsEnabled: true,
            queryStringLength: insights.queryStringLength ?? 1024,
            queryPlansPerMinute: insights.plansPerMinute ?? 5,
            recordApplicationTags: insights.recordApplicationTags ?? false,
            recordClientAddress: insights.recordClientAddress ?? false,
          }
        : { queryInsightsEnabled: false },
      // Where it is off, false would be a difference in every plan.
      connectionPoolConfig: props.connectionPool && [
        {
          connectionPoolingEnabled: true,
          flags: Object.entries(props.connectionPool.flags ?? {}).map(([name, value]) => ({ name, value })),
        },
      ],
      databaseFlags: Object.entries({
        ...DEFAULT_FLAGS,
        ...extensionFlags(props.extensions),
        ...((props.iamAuthentication ?? true) && { "cloudsql.iam_authentication": "on" }),
        ...props.databaseFlags,
      })
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => ({ name, value })),
    };
  }

  private declareAdmin({ name, secretId, secretEncryptionKey: key, passwordVersion }: CloudSqlAdminProps) {
    const { projectId, region, deletionProtection, labels } = this.props;
    const scope = new Construct(this, "admin");
    const password = new EphemeralResource(scope, "password", "random_password", {
      length: 32,
      special: false,
    }).attribute("result");
    const secret = new SecretManagerSecret(scope, "secret", {
      project: projectId,
      secretId,
      replication: secretReplication(key && [region], key && { [region]: key }),
      // For which a destroyed version can be brought back.
      versionDestroyTtl: days(VERSION_DESTROY_DELAY_DAYS),
      deletionProtection,
      labels,
      dependsOn: key && [...key.grants],
      lifecycle: lifecycle(deletionProtection),
    });
    const version = new SecretManagerSecretVersion(scope, "secret_version", {
      secret: secret.id,
      secretDataWo: password,
      secretDataWoVersion: passwordVersion,
      // Another password is another version: made before the old one goes, or readers of "latest" find none.
      lifecycle: { createBeforeDestroy: true },
    });
    const user = new SqlUser(scope, "Resource", {
      project: projectId,
      instance: this.instanceName,
      name,
      passwordWo: password,
      passwordWoVersion: passwordVersion,
      dependsOn: [version],
    });
    return { user, secret };
  }
}

function endpoint({ name, connectionName, privateIpAddress }: SqlDatabaseInstance): CloudSqlEndpoint {
  return { instanceName: name, connectionName, privateIp: privateIpAddress };
}

function authorizedNetworks(address: CloudSqlPublicAddressProps | undefined) {
  const ranges = Object.entries(address?.authorizedNetworks ?? {});
  return ranges.length > 0 ? ranges.map(([name, value]) => ({ name, value })) : undefined;
}

function backupConfiguration(backup: CloudSqlBackupProps) {
  return {
    enabled: true,
    startTime: backup.startTime ?? "03:00",
    pointInTimeRecoveryEnabled: backup.pointInTimeRecovery,
    transactionLogRetentionDays: backup.pointInTimeRecovery
      ? (backup.transactionLogRetentionDays ?? Math.min(7, backup.retained))
      : undefined,
    backupRetentionSettings: { retainedBackups: backup.retained, retentionUnit: "COUNT" },
  };
}
