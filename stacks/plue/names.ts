/** Names inside the clusters that several stacks must agree on. */

/** The one Gateway of a cluster, and the label of the namespaces that may attach routes to it. */
export const GATEWAY = {
  name: "plue",
  namespace: "gateway",
  routesFrom: { label: "plue.dev/gateway-access", value: "true" },
} as const;

/** Priority classes that the platform chart makes. */
export const PRIORITY_CLASSES = { platform: "plue-platform", application: "plue-application" } as const;

/**
 * ClusterRoles of deployers: what one may do in the cluster, of staging-platform, which staging-access binds to each by its
 * name; and in its own namespace, of the platform chart.
 */
export const DEPLOYER_CLUSTER_ROLES = {
  cluster: "plue-deployer",
  namespace: "plue-namespace-deployer",
} as const;

/** Helm release of the application in every namespace, as `helm history plue -n alice` shows it. */
export const RELEASE = "plue";

/** Kubernetes service account of the API's pods, which Google knows as the namespace's runtime identity. */
export const API_SERVICE_ACCOUNT = "zig-api";

/** Namespace of the job that keeps the databases' rights, and of nothing else; its service account has the same name. */
export const DATABASE_GRANTS = "database-grants";

/** Image names, by the value of the chart that each goes to. */
export const IMAGES = { image: "zig-api", "runner.image": "runner", "ui.image": "ui" } as const;

/**
 * Images from elsewhere that the charts run, which the clusters take besides those of the environment's own registry:
 * proxy to the database, external-secrets, what makes the repositories' snapshots, and psql. By tag and by digest, which
 * Binary Authorization matches as they are written.
 */
export const TRUSTED_IMAGES = [
  "gcr.io/cloud-sql-connectors/cloud-sql-proxy",
  "ghcr.io/external-secrets/external-secrets",
  "mirror.gcr.io/library/postgres",
  "registry.k8s.io/kubectl",
].flatMap((image) => [`${image}:*`, `${image}@sha256:*`]);

/** Secrets of the API, as its release takes them. Code in a sandbox reads none. */
export const RELEASE_SECRETS = {
  environment: { ANTHROPIC_API_KEY: "anthropic-api-key" },
  files: { GITHUB_APP_PRIVATE_KEY_FILE: "github-app-private-key" },
} as const;

/** The same secrets, for IAM: what the namespace's identity may read. */
export const API_SECRETS = { ...RELEASE_SECRETS.environment, ...RELEASE_SECRETS.files } as const;

/** Version of the external-secrets chart. */
export const EXTERNAL_SECRETS_VERSION = "1.3.2";

/** Service of helm/plue behind which the load balancer has what is long by nature: event streams and Git. */
export const STREAMS_SERVICE = "zig-api-streams";

/** Deployment of helm/plue whose pods wait for tasks. */
export const WARM_POOL = "runner-standby-pool";

/** Container of helm/plue's job that makes the repositories' snapshots. */
export const REPOSITORIES_BACKUP = "take";

/** First label of a host below staging's domain that nobody has: what answers there is the Gateway itself. */
export const NOBODYS_HOST = "nobody";

/** Namespace of the production release. */
export const PRODUCTION_NAMESPACE = "production";
