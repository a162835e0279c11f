import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { rejectProps } from "../../core/invalid-props";
import { mapValues } from "../../core/props";
import { ApplicationRelease } from "../release";
import { DEFAULT_POOL_SIZE, DEFAULT_REPLICAS, problems } from "./checks";
import type { PgBouncerProps } from "./props";
import type { PgBouncerValues } from "./values";

export type * from "./props";
export { type PgBouncerValues, pgBouncerValuesSchema } from "./values";

/** Port that clients connect to. */
const PORT = 6432;

/**
 * PgBouncer, a connection pooler for PostgreSQL, as a release of `helm/pgbouncer`: many clients share few connections to the
 * server. What Cloud SQL's own pooling is in Enterprise Plus, for every edition and every server.
 *
 * Clients connect to {@link host} without TLS, as the one user that the pooler logs in as, from pods with the labels that are
 * named: the network policy lets in nobody else. To the server it speaks TLS: to Cloud SQL by the Auth Proxy in each pod, which
 * needs no password with IAM database authentication; to another by PgBouncer itself, which checks the certificate. A password
 * is read by external-secrets from a pinned version, is in no state, and clients give it too.
 *
 * Pods run without privileges, on a read-only root, and spread over zones; an upgrade replaces one at a time, which keeps its
 * clients for `drain` seconds and takes no new ones. Nobody administers it by its console. Metrics are on port 9127 of each
 * pod (`metrics`): tell your Prometheus, or Google's by a PodMonitoring.
 *
 * The identity's roles come first: `roles/cloudsql.client` and `roles/cloudsql.instanceUser`, or the secret's
 * secretAccessor. Costs what its pods' requests take of the nodes.
 *
 * @see https://www.pgbouncer.org/config.html
 * @see https://cloud.google.com/sql/docs/postgres/managed-connection-pooling
 * @throws when its replicas may open more connections than the server has, an image has no digest, a login cannot work, or a
 *   bound is passed
 * @example
 * ```ts
 * const identity = new RuntimeIdentity(stack, "pooler", {
 *   projectId: "acme-prod",
 *   accountId: "shop-pooler",
 *   displayName: "Pooler of the shop",
 *   sqlInstance: "acme-prod",
 *   pods: { namespace: "shop", serviceAccount: "pooler" },
 * });
 * const digest = "@sha256:0c8f1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";
 * const pooler = new PgBouncer(stack, "pgbouncer", {
 *   chart: new Chart<PgBouncerValues>("helm/pgbouncer"),
 *   name: "pooler",
 *   namespace: "shop",
 *   clients: { "app.kubernetes.io/component": "api" },
 *   server: { instance: { connectionName: "acme-prod:us-central1:acme-prod", privateIp: "10.3.0.3" } },
 *   login: { identity },
 *   databases: { shop: { poolSize: 30 } },
 *   serverConnections: 80,
 *   image: `us-central1-docker.pkg.dev/acme-prod/tools/pgbouncer${digest}`,
 *   metricsImage: `us-central1-docker.pkg.dev/acme-prod/tools/pgbouncer-exporter${digest}`,
 * });
 * stack.output("database_host", { value: pooler.host });
 * ```
 */
export class PgBouncer extends Construct {
  /** Name that clients in the cluster connect to. */
  readonly host: string;
  /** Port that they connect to. */
  readonly port = PORT;
  /** The release, for what must be made after it. */
  readonly release: ITerraformDependable;

  constructor(scope: Construct, id: string, props: PgBouncerProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    this.release = new ApplicationRelease<PgBouncerValues>(this, "release", {
      chart: props.chart,
      name: props.name,
      namespace: props.namespace,
      values: valuesOf(props),
      dependsOn: props.dependsOn,
    }).release;
    this.host = `${props.name}.${props.namespace}.svc`;
  }
}

function valuesOf(props: PgBouncerProps): PgBouncerValues {
  const { login, server, timeouts } = props;
  const { password } = login;
  return {
    image: props.image,
    replicas: props.replicas ?? DEFAULT_REPLICAS,
    priorityClassName: props.priorityClassName,
    clients: props.clients,
    databases: mapValues(props.databases, ({ database, poolSize = DEFAULT_POOL_SIZE }, name) => ({
      database: database ?? name,
      poolSize,
    })),
    login: {
      user: password?.user ?? login.identity.databaseUser,
      googleServiceAccount: login.identity.email,
      secret: password && {
        projectId: password.projectId,
        secretId: password.secretId,
        version: password.version,
      },
    },
    server:
      "instance" in server
        ? {
            host: server.instance.privateIp,
            proxy: { instanceConnectionName: server.instance.connectionName },
          }
        : {
            host: server.host,
            port: server.port,
            tls: { mode: server.verify ?? "verify-full", ca: server.ca },
            proxy: { instanceConnectionName: "" },
          },
    pool: {
      mode: props.mode ?? "transaction",
      maxClients: props.maxClients,
      minimum: props.minimum,
      reserve: props.reserve,
      preparedStatements: props.preparedStatements,
    },
    timeouts,
    metrics: { image: props.metricsImage, namespace: props.metricsFrom },
  };
}
