import type { KmsKey } from "../kms";
import type { Networking } from "../networking";
import type { CloudSqlExtension } from "./extensions";

export interface CloudSqlBackupProps {
  /** Daily backups to keep, 1 to 365. They cost 0.08 USD per GB and month. */
  readonly retained: number;
  /** Start of the four hours in which the backup begins, UTC. @default "03:00" */
  readonly startTime?: string;
  /** Keep transaction logs, so that any moment can be restored. High availability needs it. */
  readonly pointInTimeRecovery: boolean;
  /**
   * Days that can be restored to the moment: 1 to 7, and no more than `retained`.
   * @default 7, or `retained` if that is less
   */
  readonly transactionLogRetentionDays?: number;
  /** Backups outlive a deleted instance until they expire, and cost as before. @default true */
  readonly retainedAfterDelete?: boolean;
}

export interface CloudSqlQueryInsightsProps {
  /** Bytes of a query's text to keep, 256 to 4500. @default 1024 */
  readonly queryStringLength?: number;
  /** Plans to sample each minute, 0 to 20. @default 5 */
  readonly plansPerMinute?: number;
  /** Tell queries apart by the tags (SQL comments) that the application sets. @default false */
  readonly recordApplicationTags?: boolean;
  /** Tell queries apart by client address: personal data in some places. @default false */
  readonly recordClientAddress?: boolean;
}

export interface CloudSqlMaintenanceWindowProps {
  /** 1 (Monday) to 7 (Sunday). */
  readonly day: number;
  /** Start of the hour, 0 to 23 UTC. */
  readonly hour: number;
  /** `canary` is updated a week before `stable`, `week5` four weeks after it. @default "stable" */
  readonly updateTrack?: "canary" | "stable" | "week5";
}

export interface CloudSqlReplicaProps {
  /** Instance name. Changing it recreates the replica. @default the primary's name, `-` and the key */
  readonly name?: string;
  /** Another region survives the loss of the primary's. Changing it recreates the replica. @default the primary's */
  readonly region?: string;
  /** @default Google chooses */
  readonly zone?: string;
  /** Machine type. @default the primary's */
  readonly tier?: string;
  /** A standby in another zone, at double the price. @default false */
  readonly highAvailability?: boolean;
  /** Key in the replica's region; needed in another region than the primary's. @default the primary's key */
  readonly encryptionKey?: KmsKey;
  /** As the primary's. @default the primary's */
  readonly deletionProtection?: boolean;
}

export interface CloudSqlAdminProps {
  /** User name. Changing it recreates the user. */
  readonly name: string;
  /** Id of the secret that holds the password. Changing it recreates the secret; raise `passwordVersion` with it. */
  readonly secretId: string;
  /**
   * Key in the instance's region that Secret Manager may use; the password is then kept in that region alone. Setting,
   * changing or dropping it recreates the secret; raise `passwordVersion` with it.
   * @default Google's keys, in places that Google chooses
   */
  readonly secretEncryptionKey?: KmsKey;
  /** Whole number from 1. Each change makes a new password and stores it in user and secret. */
  readonly passwordVersion: number;
}

/** Address on the internet, beside the private one. */
export interface CloudSqlPublicAddressProps {
  /**
   * Public IPv4 ranges that may connect to it directly, by a short name: `{office: "203.0.113.0/24"}`.
   * @default none: the Auth Proxy and the connectors alone, which IAM lets in
   */
  readonly authorizedNetworks?: Record<string, string>;
}

/** Managed connection pooling, of the edition Enterprise Plus. */
export interface CloudSqlConnectionPoolProps {
  /** Settings of the pooler by name: `{pool_mode: "transaction"}`. @default Google's */
  readonly flags?: Record<string, string>;
}

export interface CloudSqlProps {
  /** Google Cloud project. */
  readonly projectId: string;
  /** Changing it recreates the instance. */
  readonly region: string;
  /** Instance name. Changing it recreates the instance; the old name stays taken for a week. */
  readonly name: string;
  /** The network to be reachable from, by private address. It must have private services access. */
  readonly network: Pick<Networking, "networkId" | "privateServicesConnection">;
  /** An address on the internet too, which the rule `sql-is-private` refuses. @default none */
  readonly publicAddress?: CloudSqlPublicAddressProps;
  /**
   * Major version of PostgreSQL, `POSTGRES_13` to `POSTGRES_18`. A later one upgrades in place, with some minutes of
   * downtime; an earlier one recreates the instance.
   * @default "POSTGRES_16"
   */
  readonly databaseVersion?: string;
  /** Machine type: `db-f1-micro`, `db-custom-2-8192`; PostgreSQL has no `db-n1-standard-2`. A change restarts the instance. */
  readonly tier: string;
  /** A standby in another zone that takes over within about a minute; doubles the price. */
  readonly highAvailability: boolean;
  /**
   * Size of the disk in GB, from 10. While the disk grows by itself this is the size at creation and later changes are
   * ignored: a disk that has outgrown it would be recreated.
   */
  readonly diskSizeGb: number;
  /** Let a disk grow before it is full, never to shrink again. @default true */
  readonly diskAutoresize?: boolean;
  /** Size in GB to which the disk may grow by itself. @default no limit */
  readonly diskAutoresizeLimitGb?: number;
  /** Backups of the instance, and how far back it can be restored. */
  readonly backup: CloudSqlBackupProps;
  /** Query Insights: what the database spends its time on. @default off */
  readonly queryInsights?: CloudSqlQueryInsightsProps;
  /** When Google may restart the instance for updates. @default any time */
  readonly maintenanceWindow?: CloudSqlMaintenanceWindowProps;
  /**
   * PostgreSQL flags by name. Some restart the instance.
   * @default log_checkpoints, log_connections, log_disconnections and log_lock_waits are on, log_min_error_statement is error; a flag given here wins
   */
  readonly databaseFlags?: Record<string, string>;
  /**
   * Extensions that the application's migrations make (`CREATE EXTENSION vector`), which no API does: Cloud SQL has to
   * know the name, and some need a flag, which is set by this. Taking one away drops nothing in the databases.
   * @default none that needs a flag
   */
  readonly extensions?: readonly CloudSqlExtension[];
  /**
   * Managed connection pooling, of machine types of the edition Enterprise Plus (`db-perf-optimized-N-*`) alone. With
   * others PgBouncer beside the application does the same.
   * @default none
   */
  readonly connectionPool?: CloudSqlConnectionPoolProps;
  /** Let IAM users and service accounts log in without a password (`cloudsql.iam_authentication`). @default true */
  readonly iamAuthentication?: boolean;
  /**
   * TLS is required either way. With client certificates a stolen password alone opens nothing: the Auth Proxy and the
   * connectors bring a certificate, a direct connection needs one made for it. ENCRYPTED_ONLY lets those in without.
   * @default "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"
   */
  readonly sslMode?: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED" | "ENCRYPTED_ONLY";
  /**
   * Databases to create. One that leaves the list is dropped with its data; under `deletionProtection` it stays, and
   * taking it up again needs `terraform import`.
   * @default none
   */
  readonly databases?: readonly string[];
  /** Read replicas by a short name. Each costs as much as its machine type and the primary's disk. @default none */
  readonly replicas?: Record<string, CloudSqlReplicaProps>;
  /** A built-in user with a password, for what IAM users may not do (grants). The stack needs the random provider. @default none */
  readonly admin?: CloudSqlAdminProps;
  /**
   * Refuses to delete the instance in Google's API and in Terraform, and a database that leaves the code stays in the
   * instance. To destroy, switch off, apply, and then destroy.
   */
  readonly deletionProtection: boolean;
  /** Key in the instance's region. Changing it recreates the instance. @default Google's keys */
  readonly encryptionKey?: KmsKey;
  /** Labels of instances and secret. @default none */
  readonly labels?: Record<string, string>;
}
