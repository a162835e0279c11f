import type { ITerraformDependable } from "cdktf";
import type { CloudSql } from "../../google/cloud-sql";
import type { RuntimeIdentity } from "../../google/runtime-identity";
import type { Chart } from "../chart";
import type { PgBouncerValues } from "./values";

/** Database that clients reach by the pooler. */
export interface PooledDatabase {
  /** Its name in the server. @default the name that clients use */
  readonly database?: string;
  /** Connections to the server that each replica opens for it at most. @default 20 */
  readonly poolSize?: number;
}

/** Cloud SQL instance, reached through the Cloud SQL Auth Proxy in each pod, which speaks TLS with a certificate of its own. */
export interface CloudSqlServer {
  readonly instance: Pick<CloudSql, "connectionName" | "privateIp">;
}

/** PostgreSQL server that is reached as it is, over TLS. */
export interface TlsServer {
  /** Private address, IPv4: the network policy names it. */
  readonly host: string;
  /** @default 5432 */
  readonly port?: number;
  /** Certificate of the authority that signed the server's, PEM. */
  readonly ca: string;
  /** `verify-ca` where the server's certificate does not have its address, as Cloud SQL's. @default "verify-full" */
  readonly verify?: "verify-ca" | "verify-full";
}

/** As whom clients and the pooler log in: one user. */
export interface PoolerLogin {
  /**
   * Identity of the pods, by Workload Identity: its `pods` are the namespace and the release's name. Without a password the
   * Auth Proxy logs in as it, by IAM database authentication; with one, external-secrets reads that as it.
   */
  readonly identity: Pick<RuntimeIdentity, "email"> & Partial<Pick<RuntimeIdentity, "databaseUser">>;
  /** User with a password in Secret Manager. @default none: the identity's own database user */
  readonly password?: {
    readonly user: string;
    readonly projectId: string;
    readonly secretId: string;
    /** Number of the version. Another one replaces the pods. */
    readonly version: number;
  };
}

/** Seconds after which PgBouncer gives up; 0 for never. */
export interface PoolerTimeouts {
  /** A connection to the server that does not come about. @default 15 */
  readonly connect?: number;
  /** A query that waits for a connection. @default 120 */
  readonly queryWait?: number;
  /** A query. @default 0: the server's own statement_timeout */
  readonly query?: number;
  /** A transaction in which nothing happens. @default 0 */
  readonly idleTransaction?: number;
  /** A connection to the server that nobody uses. @default 600 */
  readonly serverIdle?: number;
  /** A connection to the server, once nobody uses it. @default 3600 */
  readonly serverLifetime?: number;
  /** A client that says nothing. @default 0 */
  readonly clientIdle?: number;
  /** Clients of a pod that is being replaced; PgBouncer before 1.23 drops them at once. @default 60 */
  readonly drain?: number;
}

export interface PgBouncerProps {
  /** The chart `helm/pgbouncer`, made once per program, which stages it beside the stacks. */
  readonly chart: Chart<PgBouncerValues>;
  /** Name of the release, its service and its service account, up to 40 characters. Another one is another pooler. */
  readonly name: string;
  /** Existing namespace, of the clients too. */
  readonly namespace: string;
  /** Labels of the pods that may connect; nobody else may. One at least. */
  readonly clients: Readonly<Record<string, string>>;
  /** The server. */
  readonly server: CloudSqlServer | TlsServer;
  /** As whom. */
  readonly login: PoolerLogin;
  /** Databases, by the name that clients use. */
  readonly databases: Readonly<Record<string, PooledDatabase>>;
  /** Connections that the server has for all replicas together: its `max_connections` without what others need. */
  readonly serverConnections: number;
  /** Image with `pgbouncer` on its path, by digest: PgBouncer's authors publish none. */
  readonly image: string;
  /** Image of prometheus-community's `pgbouncer_exporter`, by digest. */
  readonly metricsImage: string;
  /** Pods, of which one may be away at a time. @default 2 */
  readonly replicas?: number;
  /**
   * What has a connection to itself: a client's session, each of its transactions, or each statement. By transaction what a
   * session sets is lost to it: `SET`, `LISTEN`, advisory locks of a session, and prepared statements without
   * `preparedStatements`.
   * @default "transaction"
   */
  readonly mode?: "session" | "transaction" | "statement";
  /** Clients that each replica takes. @default 1000 */
  readonly maxClients?: number;
  /** Connections per database that each replica keeps open. @default 0 */
  readonly minimum?: number;
  /** Connections per database that each replica may open beyond the pool when clients wait. @default 0 */
  readonly reserve?: number;
  /** Prepared statements kept on each connection; needs PgBouncer 1.21 or later. @default 0: none */
  readonly preparedStatements?: number;
  /** @default see there */
  readonly timeouts?: PoolerTimeouts;
  /** Namespace of what scrapes the metrics, port 9127 of the pods (`metrics`). @default "gmp-system", Google's */
  readonly metricsFrom?: string;
  /** Priority class of the pods. @default the cluster's default */
  readonly priorityClassName?: string;
  /** What else must exist before it, and outlive it. @default none */
  readonly dependsOn?: readonly ITerraformDependable[];
}
