import { Release } from "@cdktf/provider-helm/lib/release";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { expression } from "../../lib/core/expression";
import { IsolatedNamespace } from "../../lib/kubernetes/isolated-namespace";
import { JAEGER_VERSION, KUBE_PROMETHEUS_STACK_VERSION, LOKI_VERSION, OBSERVABILITY } from "./names";

export interface ObservabilityProps {
  /** Bucket in which Loki keeps the logs. */
  readonly logsBucket: string;
  /** E-mails of the Google service accounts. */
  readonly prometheusAccount: string;
  readonly lokiAccount: string;
  /** Namespace whose pods send logs and traces. */
  readonly application: string;
  readonly labels: Record<string, string>;
}

/** What the pod security level `restricted` asks of every pod and container, which the charts do not all say. */
const POD = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
const CONTAINER = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
/** User of the images of Loki and Jaeger. */
const USER = { runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001 };

const OFF = { enabled: false };

/**
 * Prometheus with Grafana, Loki and Jaeger, each a pinned release, in a namespace of their own.
 *
 * Who may forward a port (`kubectl port-forward -n observability service/prometheus-grafana 3000:80`) sees Grafana, without a
 * login; nobody else reaches any of it, and alerts are Cloud Monitoring's. Nothing runs on the nodes themselves: their metrics
 * and the containers' logs are Google's to collect, and Loki gets what the application sends. Jaeger keeps traces in memory,
 * until its pod goes.
 *
 * @example
 * ```ts
 * new Observability(stack, "observability", {
 *   logsBucket: "octollm-prod-logs",
 *   prometheusAccount: "prometheus@octollm-prod.iam.gserviceaccount.com",
 *   lokiAccount: "loki@octollm-prod.iam.gserviceaccount.com",
 *   application: "octollm-prod",
 *   labels: { environment: "prod", managed_by: "terraform" },
 * });
 * ```
 */
export class Observability extends Construct {
  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    const namespace = new IsolatedNamespace(this, "namespace", {
      name: OBSERVABILITY.namespace,
      labels: props.labels,
    });
    const policies = [
      ...namespace.denyByDefault(),
      namespace.allow("allow-observers", traffic(props.application)),
    ];
    const release = (name: string, chart: ChartOfOthers, dependsOn: ITerraformDependable[]) =>
      new Release(this, name, {
        name,
        namespace: namespace.name,
        repository: chart.repository,
        chart: chart.chart,
        version: chart.version,
        values: [expression`yamlencode(${chart.values})`],
        atomic: true,
        cleanupOnFail: true,
        wait: true,
        timeout: 900,
        maxHistory: 10,
        dependsOn,
      });
    // First, as its CRDs are what others' monitors are written in.
    const prometheus = release("prometheus", kubePrometheusStack(props), policies);
    release("loki", loki(props), [prometheus, ...policies]);
    release("jaeger", jaeger(), [prometheus, ...policies]);
  }
}

interface ChartOfOthers {
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  readonly values: object;
}

function kubePrometheusStack({ prometheusAccount }: ObservabilityProps): ChartOfOthers {
  return {
    repository: "https://prometheus-community.github.io/helm-charts",
    chart: "kube-prometheus-stack",
    version: KUBE_PROMETHEUS_STACK_VERSION,
    values: {
      alertmanager: OFF,
      nodeExporter: OFF,
      // Google's, and not to be reached.
      kubeControllerManager: OFF,
      kubeScheduler: OFF,
      kubeEtcd: OFF,
      kubeProxy: OFF,
      coreDns: OFF,
      prometheus: {
        serviceAccount: {
          name: OBSERVABILITY.prometheus,
          annotations: { "iam.gke.io/gcp-service-account": prometheusAccount },
        },
        prometheusSpec: {
          retention: "15d",
          // Of every namespace, whatever release made them.
          serviceMonitorSelectorNilUsesHelmValues: false,
          podMonitorSelectorNilUsesHelmValues: false,
          resources: { requests: { cpu: "500m", memory: "2Gi" }, limits: { memory: "4Gi" } },
          storageSpec: {
            volumeClaimTemplate: {
              spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "50Gi" } } },
            },
          },
        },
      },
      grafana: {
        // It keeps nothing: its dashboards are the chart's, and ConfigMaps.
        persistence: OFF,
        initChownData: OFF,
        "grafana.ini": {
          auth: { disable_login_form: true },
          "auth.anonymous": { enabled: true, org_role: "Viewer" },
        },
        resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
        additionalDataSources: [
          { name: "Loki", type: "loki", url: "http://loki:3100", access: "proxy" },
          { name: "Jaeger", type: "jaeger", url: "http://jaeger-query:16686", access: "proxy" },
        ],
      },
    },
  };
}

function loki({ logsBucket, lokiAccount }: ObservabilityProps): ChartOfOthers {
  const none = { replicas: 0 };
  return {
    repository: "https://grafana.github.io/helm-charts",
    chart: "loki",
    version: LOKI_VERSION,
    values: {
      deploymentMode: "SingleBinary",
      singleBinary: {
        replicas: 1,
        persistence: { size: "20Gi" },
        resources: { requests: { cpu: "250m", memory: "1Gi" }, limits: { memory: "2Gi" } },
      },
      read: none,
      write: none,
      backend: none,
      gateway: OFF,
      chunksCache: OFF,
      resultsCache: OFF,
      lokiCanary: OFF,
      test: OFF,
      sidecar: { rules: OFF },
      serviceAccount: {
        name: OBSERVABILITY.loki,
        annotations: { "iam.gke.io/gcp-service-account": lokiAccount },
      },
      loki: {
        auth_enabled: false,
        podSecurityContext: { ...POD, ...USER },
        commonConfig: { replication_factor: 1 },
        storage: {
          type: "gcs",
          bucketNames: { chunks: logsBucket, ruler: logsBucket, admin: logsBucket },
        },
        schemaConfig: {
          configs: [
            {
              from: "2026-01-01",
              store: "tsdb",
              object_store: "gcs",
              schema: "v13",
              index: { prefix: "loki_index_", period: "24h" },
            },
          ],
        },
      },
    },
  };
}

function jaeger(): ChartOfOthers {
  return {
    repository: "https://jaegertracing.github.io/helm-charts",
    chart: "jaeger",
    version: JAEGER_VERSION,
    values: {
      // Binary Authorization takes images as they are written.
      global: { imageRegistry: "docker.io" },
      provisionDataStore: { cassandra: false },
      storage: { type: "memory" },
      agent: OFF,
      collector: OFF,
      query: OFF,
      allInOne: {
        enabled: true,
        podSecurityContext: { ...POD, ...USER },
        securityContext: CONTAINER,
        resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "1Gi" } },
      },
    },
  };
}

/** They reach each other, what they scrape and Google's APIs; the application sends to the collectors. */
function traffic(application: string) {
  const tcp = (port: string) => ({ port, protocol: "TCP" });
  const namespaceOf = (name: string) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
  });
  return {
    ingress: [
      { from: [{ podSelector: {} }] },
      { from: [namespaceOf(application)], ports: ["3100", "4317", "4318"].map(tcp) },
      // GKE's API server calls the operator's webhook through an agent's pods.
      { from: [namespaceOf("kube-system")], ports: [tcp("10250")] },
    ],
    egress: [
      { to: [{ podSelector: {} }, { namespaceSelector: {} }] },
      { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [tcp("443"), tcp("10250")] },
      { to: [{ ipBlock: { cidr: "169.254.169.254/32" } }], ports: [tcp("80")] },
    ],
  };
}
