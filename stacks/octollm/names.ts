import type { EnvironmentName } from "./config";

/** Names that several stacks, or the stacks and the application, must agree on. */

/** `octollm-dev`: the environment's stack, its namespace, and what the names of most of its resources begin with. */
export const nameOf = <Name extends EnvironmentName>(environment: Name) => `octollm-${environment}` as const;

/** Stack of what the projects have committed to buy. */
export const COMMITMENT = "octollm-commitment";

/** Cloud KMS key of an environment's states. */
export const STATE_KEY = { ring: "terraform", name: "state-encryption" } as const;

/** Secret with the key of OpenAI's API, which people fill in. */
export const OPENAI_API_KEY = "openai-api-key";

/** Secret with the password of the database's administrator. */
export const adminSecret = (environment: EnvironmentName) => `${nameOf(environment)}-postgres-admin`;

/** Kubernetes service accounts, by whom each of the environment's Google identities is used. */
export const SERVICE_ACCOUNTS = {
  orchestrator: "orchestrator",
  /** As whom external-secrets reads. */
  storeReader: "external-secrets-sa",
  pgbouncer: "pgbouncer",
} as const;

/** Label of the pods that may connect to PgBouncer. */
export const DATABASE_CLIENTS = { "app.kubernetes.io/name": "orchestrator" } as const;

/** Database of the application. */
export const DATABASE = "octollm";

/** Namespace of Prometheus, Grafana, Loki and Jaeger, and the Kubernetes service accounts of those that Google knows. */
export const OBSERVABILITY = { namespace: "observability", prometheus: "prometheus", loki: "loki" } as const;

/** Versions of others' charts. */
export const EXTERNAL_SECRETS_VERSION = "1.3.2";
export const KUBE_PROMETHEUS_STACK_VERSION = "79.5.0";
export const LOKI_VERSION = "6.29.0";
export const JAEGER_VERSION = "3.4.1";

/**
 * Images from elsewhere that run in every cluster without an attestation: the proxy to the database, and the operator of
 * external-secrets. By tag and by digest, which Binary Authorization matches as they are written.
 */
export const TRUSTED_IMAGES = anyVersionOf([
  "gcr.io/cloud-sql-connectors/cloud-sql-proxy",
  "ghcr.io/external-secrets/external-secrets",
]);

/** Those of Prometheus, Grafana, Loki and Jaeger. */
export const OBSERVABILITY_IMAGES = anyVersionOf([
  "docker.io/grafana/grafana",
  "docker.io/grafana/loki",
  "docker.io/jaegertracing/all-in-one",
  "ghcr.io/jkroepke/kube-webhook-certgen",
  "quay.io/kiwigrid/k8s-sidecar",
  "quay.io/prometheus-operator/prometheus-config-reloader",
  "quay.io/prometheus-operator/prometheus-operator",
  "quay.io/prometheus/prometheus",
  "registry.k8s.io/ingress-nginx/kube-webhook-certgen",
  "registry.k8s.io/kube-state-metrics/kube-state-metrics",
]);

function anyVersionOf(images: readonly string[]): readonly string[] {
  return images.flatMap((image) => [`${image}:*`, `${image}@sha256:*`]);
}
