import type { Construct } from "constructs";
import { environmentLabels } from "../../lib/core/labels";
import { RemoteState } from "../../lib/core/remote-state";
import { Stack } from "../../lib/core/stack";
import { maxConnections } from "../../lib/google/cloud-sql/tiers";
import { ExternalSecrets } from "../../lib/kubernetes/external-secrets";
import { IsolatedNamespace } from "../../lib/kubernetes/isolated-namespace";
import { PgBouncer } from "../../lib/kubernetes/pgbouncer";
import { clusterProviders } from "../../lib/kubernetes/providers";
import { ApplicationRelease } from "../../lib/kubernetes/release";
import type { ApplicationBaseValues } from "./application-base";
import type { Charts } from "./charts";
import type { EnvironmentName, OctollmConfig } from "./config";
import {
  DATABASE,
  DATABASE_CLIENTS,
  EXTERNAL_SECRETS_VERSION,
  nameOf,
  OBSERVABILITY,
  OPENAI_API_KEY,
  SERVICE_ACCOUNTS,
} from "./names";
import { Observability } from "./observability";
import { type Ranges, SIZES } from "./sizes";

/** Outputs of the environment's stack that this one reads. */
type EnvironmentOutput =
  | "cluster_dns_endpoint"
  | "cluster_name"
  | "instance_connection_name"
  | "orchestrator_service_account"
  | "pgbouncer_database_user"
  | "pgbouncer_service_account"
  | "private_ip_address"
  | "prometheus_service_account"
  | "loki_service_account"
  | "registry_url"
  | "store_reader_service_account";

/** Connections of the database that others need: Google's own agents, and people who look. */
const SPARE_CONNECTIONS = 10;

/** Of Google's load balancers and their health checks. */
const LOAD_BALANCERS = ["130.211.0.0/22", "35.191.0.0/16"];
/** What is on no public address: pods, services, nodes, the metadata server. */
const PRIVATE_RANGES = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
/** Port of Redis with TLS. */
const REDIS = "6378";
/** Ports of PgBouncer, Loki and Jaeger. */
const POOLER = "6432";
const COLLECTORS = ["3100", "4317", "4318"];

/**
 * Kubernetes objects and Helm releases of an environment's cluster: external-secrets, the application's namespace with what it
 * finds there, PgBouncer, and in prod what people look at. Deployed after the environment's stack. The application itself is
 * released by its own repository.
 */
export class ClusterStack extends Stack {
  constructor(scope: Construct, config: OctollmConfig, name: EnvironmentName, charts: Charts) {
    const environment = config[name];
    super(scope, `${nameOf(name)}-cluster`, environment);
    const { projectId, region, stateBucket, secretVersions } = environment;
    const { ranges, database, poolSize, observability } = SIZES[name];
    const labels = environmentLabels(name);
    const base = new RemoteState<EnvironmentOutput>(this, "base", { stack: nameOf(name), stateBucket });
    clusterProviders(this, base.get("cluster_dns_endpoint"));

    const operator = new ExternalSecrets(this, "external-secrets", {
      version: EXTERNAL_SECRETS_VERSION,
      controlPlaneRanges: [ranges.nodes],
      labels,
    });
    const namespace = new IsolatedNamespace(this, "application", { name: nameOf(name), labels });
    const policies = [
      ...namespace.denyByDefault(),
      namespace.allow("allow-application", applicationTraffic(ranges, observability)),
    ];
    const application = new ApplicationRelease<ApplicationBaseValues>(this, "application-base", {
      chart: charts.applicationBase,
      name: "application-base",
      namespace: namespace.name,
      values: {
        projectId,
        cluster: { name: base.get("cluster_name"), location: region },
        orchestrator: {
          name: SERVICE_ACCOUNTS.orchestrator,
          googleServiceAccount: base.get("orchestrator_service_account"),
        },
        storeReader: {
          name: SERVICE_ACCOUNTS.storeReader,
          googleServiceAccount: base.get("store_reader_service_account"),
        },
        secrets: { [OPENAI_API_KEY]: secretVersions[OPENAI_API_KEY] ?? 1 },
      },
      dependsOn: [operator, ...policies],
    });
    const image = (image: string, digest: string) => `${base.get("registry_url")}/${image}@sha256:${digest}`;
    const pooler = new PgBouncer(this, "pgbouncer", {
      chart: charts.pgbouncer,
      name: SERVICE_ACCOUNTS.pgbouncer,
      namespace: namespace.name,
      clients: DATABASE_CLIENTS,
      server: {
        instance: {
          connectionName: base.get("instance_connection_name"),
          privateIp: base.get("private_ip_address"),
        },
      },
      login: {
        identity: {
          email: base.get("pgbouncer_service_account"),
          databaseUser: base.get("pgbouncer_database_user"),
        },
      },
      databases: { [DATABASE]: { poolSize: poolSize } },
      serverConnections: maxConnections(database.tier) - SPARE_CONNECTIONS,
      image: image("pgbouncer", config.images.pgbouncer),
      metricsImage: image("pgbouncer-exporter", config.images.pgbouncerExporter),
      metricsFrom: observability ? OBSERVABILITY.namespace : undefined,
      dependsOn: [application.release],
    });
    if (observability)
      new Observability(this, "observability", {
        logsBucket: `${nameOf(name)}-logs`,
        prometheusAccount: base.get("prometheus_service_account"),
        lokiAccount: base.get("loki_service_account"),
        application: namespace.name,
        labels,
      });
    this.outputs({
      namespace: { value: namespace.name, description: "Namespace of the application" },
      database_host: { value: pooler.host, description: "What the application connects to: PgBouncer" },
    });
  }
}

/** Pods of the namespace are asked by the load balancer, reach PgBouncer, Redis and the internet, and nothing else that is private. */
function applicationTraffic({ privateServices }: Ranges, observed: boolean) {
  const tcp = (port: string) => ({ port, protocol: "TCP" });
  const block = (cidr: string) => ({ ipBlock: { cidr } });
  const observers = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": OBSERVABILITY.namespace } },
  };
  return {
    ingress: [{ from: [...LOAD_BALANCERS.map(block), ...(observed ? [observers] : [])] }],
    egress: [
      {
        to: [{ podSelector: { matchLabels: { "app.kubernetes.io/component": "pooler" } } }],
        ports: [tcp(POOLER)],
      },
      { to: [block(privateServices)], ports: [tcp(REDIS)] },
      { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: PRIVATE_RANGES } }], ports: [tcp("443")] },
      { to: [block("169.254.169.254/32")], ports: [tcp("80")] },
      ...(observed ? [{ to: [observers], ports: COLLECTORS.map(tcp) }] : []),
    ],
  };
}
