import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
import type { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import { CloudflareCdn } from "../../lib/cloudflare/cdn";
import { CloudflareDns } from "../../lib/cloudflare/dns";
import { prefixLength } from "../../lib/core/cidr";
import { environmentLabels } from "../../lib/core/labels";
import { lifecycle, mapValues, recordOf } from "../../lib/core/props";
import { Stack } from "../../lib/core/stack";
import { workflowIdentities } from "../../lib/environments/workflow-identities";
import { ArtifactRegistry } from "../../lib/google/artifact-registry";
import { AuditLogging, type AuditLoggingProps } from "../../lib/google/audit-logging";
import { BinaryAuthorization } from "../../lib/google/binary-authorization";
import { Budget } from "../../lib/google/budget";
import { Certificate } from "../../lib/google/certificate";
import { CloudArmorPolicy } from "../../lib/google/cloud-armor";
import { CloudSql } from "../../lib/google/cloud-sql";
import { GkeCluster, type GkeClusterProps } from "../../lib/google/gke-cluster";
import { KmsKeys } from "../../lib/google/kms";
import { Monitoring } from "../../lib/google/monitoring";
import { Networking } from "../../lib/google/networking";
import { ProjectServices } from "../../lib/google/project-services";
import { billingProvider, googleBetaProvider, googleProvider } from "../../lib/google/providers";
import { RuntimeIdentity } from "../../lib/google/runtime-identity";
import { Secrets } from "../../lib/google/secret-manager";
import { InvalidInputError, quote } from "../../lib/input/problems";
import type { EnvironmentConfig, EnvironmentName } from "./config";
import { environmentMonitoring, ROTATION_DAYS } from "./environment-alerts";
import { environmentDashboards } from "./environment-dashboards";
import { applicationOutputs, cdnOutputs, environmentOutputs } from "./environment-outputs";
import type { ApplicationIdentity, Edge, EnvironmentStackProps } from "./environment-props";
import { API_SECRETS, API_SERVICE_ACCOUNT, DATABASE_GRANTS, TRUSTED_IMAGES } from "./names";
import { checkSecretVersions, secretVersion } from "./secret-versions";

/** APIs that the stack's own resources and those of the stacks on top of it need. */
const SERVICES = [
  "artifactregistry",
  "billingbudgets",
  "binaryauthorization",
  "certificatemanager",
  "cloudkms",
  "cloudresourcemanager",
  "cloudtrace",
  "compute",
  "container",
  "iam",
  "iamcredentials",
  "logging",
  "monitoring",
  "pubsub",
  "secretmanager",
  "servicenetworking",
  "sqladmin",
  "storage",
  "telemetry",
].map((name) => `${name}.googleapis.com`);

/** Secrets that people fill in; the database administrator's password makes its own. */
const SECRETS = [...Object.values(API_SECRETS), "cloudflare-api-token"] as const;

/** Whose reads and writes are logged, beside what Google logs anyway. */
const AUDITED_SERVICES: AuditLoggingProps["services"] = {
  // Who pushed an image.
  "artifactregistry.googleapis.com": { DATA_WRITE: {} },
  "cloudkms.googleapis.com": { ADMIN_READ: {} },
  // Who read a Secret of the cluster, which Kubernetes' API would not say otherwise.
  "container.googleapis.com": { DATA_READ: {} },
  "cloudsql.googleapis.com": { ADMIN_READ: {}, DATA_READ: {}, DATA_WRITE: {} },
  // Who acted as a service account, and which workflow.
  "iam.googleapis.com": { ADMIN_READ: {}, DATA_READ: {} },
  "secretmanager.googleapis.com": { ADMIN_READ: {}, DATA_READ: {}, DATA_WRITE: {} },
  // Who read or wrote a Terraform state, or the archive of these logs.
  "storage.googleapis.com": { ADMIN_READ: {}, DATA_READ: {}, DATA_WRITE: {} },
  "sts.googleapis.com": { ADMIN_READ: {}, DATA_READ: {} },
};

/** GKE refuses the four hours that Plue once had: a window must leave 48 hours in any 32 days. */
const MAINTENANCE_WINDOW = {
  start: "2024-01-06T02:00:00Z",
  end: "2024-01-06T09:00:00Z",
  recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
};

/**
 * Google Cloud stack of an environment: one project's VPC network, GKE cluster, Cloud SQL instance, registry and
 * secrets, DNS, certificate and edge, alerts and budget, with the same arguments but for its sizes and what
 * else its props say. No Kubernetes objects: the cluster's providers must not be configured from a cluster that the same
 * apply makes.
 */
export abstract class EnvironmentStack<Database extends string = string> extends Stack {
  protected readonly environment: EnvironmentConfig;
  protected readonly labels: Record<string, string>;
  private readonly network: Networking;
  private readonly cluster: GkeCluster;
  private readonly sql: CloudSql<Database>;
  private readonly secrets: Secrets<(typeof SECRETS)[number]>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: EnvironmentStackProps<Database>,
  ) {
    const { config, name, sizes } = props;
    const environment = config[name];
    super(scope, id, environment);
    const { projectId, region, network: ranges } = environment;
    const adminSecret = `${sizes.name}-db-password`;
    checkSecretVersions(environment, name, [adminSecret, ...Object.values(API_SECRETS)]);
    checkPodRange(name, ranges.pods, sizes.cluster.nodePools);
    const labels = environmentLabels(name);
    this.environment = environment;
    this.labels = labels;

    googleProvider(this, environment);
    const googleBeta = googleBetaProvider(this, environment);
    new CloudflareProvider(this, "cloudflare");
    new RandomProvider(this, "random");
    new ProjectServices(this, "services", {
      projectId,
      services: [...SERVICES, ...(sizes.sharedVolumes ? ["file.googleapis.com"] : [])],
    });

    this.network = new Networking(this, "network", {
      ...sizes.network,
      projectId,
      region,
      name: `${sizes.name}-vpc`,
      subnets: {
        cluster: {
          name: `${sizes.name}-subnet`,
          cidr: ranges.nodes,
          secondaryRanges: { pods: ranges.pods, services: ranges.services },
        },
      },
      privateServices: { cidr: ranges.privateServices },
      ingressAddress: { scope: "global", name: `${sizes.name}-ingress` },
      labels,
    });
    const keys = sizes.protect ? this.encryptionKeys(googleBeta) : undefined;
    const secretsKey = keys?.key("secrets");
    this.cluster = new GkeCluster(this, "cluster", {
      maintenanceWindow: MAINTENANCE_WINDOW,
      ...sizes.cluster,
      nodePools: inZones(sizes.cluster.nodePools, environment.zones),
      projectId,
      region,
      name: sizes.name,
      network: this.network,
      subnet: "cluster",
      podsRange: "pods",
      servicesRange: "services",
      filestore: sizes.sharedVolumes,
      databaseEncryptionKey: keys?.key("cluster"),
      deletionProtection: sizes.protect,
      googleBeta,
      labels,
    });
    this.sql = new CloudSql(this, "sql", {
      ...sizes.database,
      databaseFlags: { log_min_duration_statement: "1000", ...sizes.database.databaseFlags },
      projectId,
      region,
      name: sizes.name,
      network: this.network,
      admin: {
        name: "plue",
        secretId: adminSecret,
        secretEncryptionKey: secretsKey,
        passwordVersion: secretVersion(environment, adminSecret),
      },
      encryptionKey: keys?.key("sql"),
      deletionProtection: sizes.protect,
      labels,
    });
    // Nobody else reads the administrator's password. Terraform only writes it.
    const databaseGrants = new RuntimeIdentity(this, DATABASE_GRANTS, {
      projectId,
      accountId: DATABASE_GRANTS,
      displayName: "Job that keeps the databases' rights",
      sqlInstance: this.sql.instanceName,
      databaseLogin: false,
      secretIds: { password: this.sql.adminSecretId },
      pods: { namespace: DATABASE_GRANTS, serviceAccount: DATABASE_GRANTS },
      workloadPool: this.cluster.workloadPool,
    });
    const registry = new ArtifactRegistry(this, "registry", {
      projectId,
      region,
      name: "plue",
      description: "Images of the API and the runner",
      readers: { nodes: `serviceAccount:${this.cluster.nodeServiceAccountEmail}` },
      // The bootstrap makes it, for the workflows of the application.
      writers: config.applicationRepository
        ? { push: `serviceAccount:${workflowIdentities(environment).pushImages}` }
        : undefined,
      encryptionKey: keys?.key("registry"),
      deletionProtection: sizes.protect,
      labels,
    });
    // In staging too, where an image from elsewhere shows before production refuses it.
    new BinaryAuthorization(this, "images", {
      projectId,
      images: [`${registry.url}/*`, ...TRUSTED_IMAGES],
    });
    this.secrets = new Secrets(this, "secrets", {
      projectId,
      secrets: recordOf(SECRETS, () => ({ rotationDays: ROTATION_DAYS })),
      rotationReminders: { topic: `${sizes.name}-secret-rotation`, googleBeta },
      regions: secretsKey && [region],
      encryptionKeys: secretsKey && { [region]: secretsKey },
      deletionProtection: sizes.protect,
      labels,
    });
    new AuditLogging(this, "audit", { projectId, services: AUDITED_SERVICES });

    const { network, cluster, sql } = this;
    const { certificate, ingressPolicy } = this.declareEdge(props.edge);
    this.outputs(
      environmentOutputs({
        projectId,
        region,
        network,
        cluster,
        sql,
        databaseGrants,
        registry,
        certificate,
        ingressPolicy,
      }),
    );
    if (props.edge.cdn) this.outputs(cdnOutputs(ingressPolicy));
    if (props.application) this.declareApplication(props.application);
    this.declareMonitoring();
  }

  private declareEdge({ zoneId, zoneName, records, domains, cdn, rateLimits }: Edge) {
    const { sizes } = this.props;
    const { projectId } = this.environment;
    const dns = new CloudflareDns(this, "dns", {
      zoneId,
      zoneName,
      records: records(this.network.ingressIp),
    });
    const certificate = new Certificate(this, "certificate", {
      projectId,
      name: sizes.name,
      dns,
      domains,
      labels: this.labels,
    });
    const allowedRanges = cdn && new CloudflareCdn(this, "cdn", { zoneId, ...cdn }).addressRanges;
    const ingressPolicy = new CloudArmorPolicy(this, "ingress", {
      projectId,
      name: sizes.name,
      allowedRanges,
      rateLimits,
    });
    return { certificate, ingressPolicy };
  }

  /** Service account of the application's pods, and its database login by IAM, without a password. */
  private declareApplication(application: ApplicationIdentity<Database>): void {
    const { projectId } = this.environment;
    const { sizes } = this.props;
    const identity = new RuntimeIdentity(this, "application", {
      projectId,
      accountId: application.accountId,
      displayName: application.displayName,
      sqlInstance: sizes.name,
      secretIds: recordOf(Object.values(API_SECRETS), (secretId) => this.secrets.secretIds[secretId]),
      pods: { namespace: application.namespace, serviceAccount: API_SERVICE_ACCOUNT },
      // To write traces, and read none.
      roles: { traces: { role: "roles/cloudtrace.agent" } },
      workloadPool: this.cluster.workloadPool,
    });
    const user = new SqlUser(this, "application-database-user", {
      project: projectId,
      instance: this.sql.instanceName,
      name: identity.databaseUser,
      type: "CLOUD_IAM_SERVICE_ACCOUNT",
      dependsOn: [identity.account],
      // The login of what runs; dropping it would not drop what it owns.
      lifecycle: lifecycle(sizes.protect),
    });
    const database = this.sql.databases[application.database];
    this.outputs(applicationOutputs({ identity, database, databaseUser: user.name }));
  }

  /** Channels, checks and alerts, and the month's budget, which notifies the e-mail channels. */
  private declareMonitoring(): void {
    const { config, sizes, alerts } = this.props;
    const { environment, cluster, sql, secrets, labels } = this;
    const monitoring = new Monitoring(
      this,
      "monitoring",
      environmentMonitoring(alerts, {
        environment,
        name: sizes.name,
        githubRepository: config.githubRepository,
        cluster,
        sql,
        secrets,
        thresholds: sizes.alertThresholds,
        labels,
      }),
    );
    const dashboards = environmentDashboards(this, {
      projectId: environment.projectId,
      name: sizes.name,
      cluster,
      sql,
      watched: alerts.watched,
      objectives: monitoring.objectiveNames,
      labels,
    });
    this.outputs({
      dashboard_urls: { value: dashboards, description: "Where the console shows each dashboard" },
    });
    // Without a billing account there is none.
    if (config.billingAccount)
      new Budget(this, "budget", {
        provider: billingProvider(this, environment),
        projectId: environment.projectId,
        billingAccount: config.billingAccount,
        displayName: this.node.id,
        ...environment.monthlyBudget,
        channels: Object.values(monitoring.emailChannelIds),
      });
  }

  private encryptionKeys(googleBeta: GoogleBetaProvider): KmsKeys {
    return new KmsKeys(this, "keys", {
      projectId: this.environment.projectId,
      location: this.environment.region,
      name: this.props.sizes.name,
      keys: {
        cluster: { serviceAgents: ["container.googleapis.com"] },
        sql: { serviceAgents: ["sqladmin.googleapis.com"] },
        registry: { serviceAgents: ["artifactregistry.googleapis.com"] },
        secrets: { serviceAgents: ["secretmanager.googleapis.com"] },
      },
      googleBeta,
      labels: this.labels,
    });
  }
}

/** @throws {InvalidInputError} when the environment's pods have no room on as many nodes as the pools may grow to */
function checkPodRange(name: EnvironmentName, range: string, pools: GkeClusterProps["nodePools"]): void {
  const nodes = Object.values(pools).reduce((sum, { maxNodes }) => sum + maxNodes, 0);
  // A /24 for each.
  const needed = 24 - Math.ceil(Math.log2(nodes));
  if (prefixLength(range) <= needed) return;
  throw new InvalidInputError([
    {
      file: "cdktf.json",
      path: ["context", "plue", name, "network", "pods"],
      message: `${quote(range)} is too small for ${nodes} nodes, which the node pools may grow to, with a /24 each: at least a /${needed}`,
    },
  ]);
}

/** The pools, with their nodes in the environment's zones where it names some and the pool itself names none. */
function inZones(
  pools: GkeClusterProps["nodePools"],
  zones: readonly string[] | undefined,
): GkeClusterProps["nodePools"] {
  return zones ? mapValues(pools, (pool) => ({ nodeLocations: [...zones], ...pool })) : pools;
}
