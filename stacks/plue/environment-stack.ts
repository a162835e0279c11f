import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import type { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import type { CloudflareDns } from "../../lib/cloudflare/dns";
import { environmentLabels } from "../../lib/core/labels";
import { Stack } from "../../lib/core/stack";
import { ArtifactRegistry } from "../../lib/google/artifact-registry";
import { AuditLogging } from "../../lib/google/audit-logging";
import { BinaryAuthorization } from "../../lib/google/binary-authorization";
import { Budget } from "../../lib/google/budget";
import { Certificate } from "../../lib/google/certificate";
import { CloudArmorPolicy } from "../../lib/google/cloud-armor";
import { CloudSql, type CloudSqlProps } from "../../lib/google/cloud-sql";
import { GkeCluster, type GkeClusterProps } from "../../lib/google/gke-cluster";
import { type KmsKey, KmsKeys } from "../../lib/google/kms";
import type { Alert, ExistingChannel } from "../../lib/google/monitoring";
import { containerErrors, containerSilent, secretRotationDue } from "../../lib/google/monitoring/alerts";
import { Networking } from "../../lib/google/networking";
import { ProjectServices } from "../../lib/google/project-services";
import { googleBetaProvider, googleProvider } from "../../lib/google/providers";
import { RuntimeIdentity } from "../../lib/google/runtime-identity";
import { Secrets } from "../../lib/google/secret-manager";
import type { EnvironmentConfig, EnvironmentName, PlueConfig } from "./config";
import { commonOutputs } from "./environment-outputs";
import { API_SECRETS, DATABASE_GRANTS, TRUSTED_IMAGES } from "./names";
import { checkSecretVersions, secretVersion } from "./secret-versions";

/** Sizes of an environment: in what staging and production differ. What they share is in {@link EnvironmentStack}. */
export interface EnvironmentSizes {
  /** Value of the label `environment`. */
  readonly label: EnvironmentName;
  /** Name of cluster and database instance, and beginning of the names of what belongs to them. */
  readonly name: string;
  readonly releaseChannel: GkeClusterProps["releaseChannel"];
  readonly nodePools: GkeClusterProps["nodePools"];
  readonly database: Pick<
    CloudSqlProps,
    | "tier"
    | "highAvailability"
    | "diskSizeGb"
    | "backup"
    | "databases"
    | "queryInsights"
    | "maintenanceWindow"
  >;
  /** Volumes that several pods write to at once (Filestore): the Git repositories where the API has replicas. */
  readonly sharedVolumes: boolean;
  /** Refuse deletion twice, in the API and in Terraform, and encrypt with keys of our own. */
  readonly protect: boolean;
}

export interface EnvironmentStackProps {
  readonly config: PlueConfig;
  readonly environment: EnvironmentConfig;
  readonly sizes: EnvironmentSizes;
}

/** APIs that the stack's own resources and those of the stacks on top of it need. */
const SERVICES = [
  "artifactregistry",
  "billingbudgets",
  "binaryauthorization",
  "certificatemanager",
  "cloudkms",
  "cloudresourcemanager",
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
].map((name) => `${name}.googleapis.com`);

/** Secrets that people fill in; the database administrator's password makes its own. */
const SECRETS = ["anthropic-api-key", "github-app-private-key", "cloudflare-api-token"];
/** After which those who get the alerts are reminded of each. */
const ROTATION_DAYS = 90;

/**
 * Google Cloud stack of an environment: one project's VPC network, GKE cluster, Cloud SQL instance, registry and
 * secrets, with the same arguments but for {@link EnvironmentSizes}. No Kubernetes objects: the cluster's providers must not
 * be configured from a cluster that the same apply makes.
 */
export abstract class EnvironmentStack extends Stack {
  protected readonly config: PlueConfig;
  protected readonly environment: EnvironmentConfig;
  protected readonly labels: Record<string, string>;
  protected readonly network: Networking;
  protected readonly cluster: GkeCluster;
  protected readonly sql: CloudSql;
  protected readonly secrets: Secrets;
  private readonly databaseGrants: RuntimeIdentity;
  private readonly sizes: EnvironmentSizes;

  constructor(scope: Construct, id: string, { config, environment, sizes }: EnvironmentStackProps) {
    super(scope, id, environment);
    const { projectId, region } = environment;
    const adminSecret = `${sizes.name}-db-password`;
    checkSecretVersions(environment, sizes.label, [adminSecret, ...Object.values(API_SECRETS)]);
    const labels = environmentLabels(sizes.label);
    this.config = config;
    this.environment = environment;
    this.sizes = sizes;
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
      projectId,
      region,
      name: `${sizes.name}-vpc`,
      subnets: {
        cluster: {
          name: `${sizes.name}-subnet`,
          cidr: "10.0.0.0/16",
          secondaryRanges: { pods: "10.1.0.0/16", services: "10.2.0.0/16" },
        },
      },
      privateServices: { cidr: "10.3.0.0/16" },
      ingressAddress: { scope: "global", name: `${sizes.name}-ingress` },
      labels,
    });
    const keys = sizes.protect ? this.encryptionKeys(sizes, googleBeta) : undefined;
    const secretsKey = keys?.("secrets");
    this.cluster = new GkeCluster(this, "cluster", {
      projectId,
      region,
      name: sizes.name,
      network: this.network,
      subnet: "cluster",
      podsRange: "pods",
      servicesRange: "services",
      nodePools: inZones(sizes.nodePools, environment.zones),
      releaseChannel: sizes.releaseChannel,
      // GKE refuses the four hours that Plue once had: a window must leave 48 hours in any 32 days.
      maintenanceWindow: {
        start: "2024-01-06T02:00:00Z",
        end: "2024-01-06T09:00:00Z",
        recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
      },
      filestore: sizes.sharedVolumes,
      databaseEncryptionKey: keys?.("cluster"),
      deletionProtection: sizes.protect,
      googleBeta,
      labels,
    });
    this.sql = new CloudSql(this, "sql", {
      projectId,
      region,
      name: sizes.name,
      network: this.network,
      ...sizes.database,
      databaseFlags: { log_min_duration_statement: "1000" },
      admin: {
        name: "plue",
        secretId: adminSecret,
        secretEncryptionKey: secretsKey,
        passwordVersion: secretVersion(environment, adminSecret),
      },
      encryptionKey: keys?.("sql"),
      deletionProtection: sizes.protect,
      labels,
    });
    // Nobody else reads the administrator's password. Terraform only writes it.
    this.databaseGrants = new RuntimeIdentity(this, DATABASE_GRANTS, {
      projectId,
      accountId: DATABASE_GRANTS,
      displayName: "Job that keeps the databases' rights",
      sqlInstance: this.sql.instanceName,
      databaseLogin: false,
      secretIds: { password: this.sql.adminSecretId as string },
      pods: { namespace: DATABASE_GRANTS, serviceAccount: DATABASE_GRANTS },
      workloadPool: this.cluster.workloadPool,
    });
    const registry = new ArtifactRegistry(this, "registry", {
      projectId,
      region,
      name: "plue",
      description: "Images of the API and the runner",
      readers: { nodes: `serviceAccount:${this.cluster.nodeServiceAccountEmail}` },
      encryptionKey: keys?.("registry"),
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
      secrets: Object.fromEntries(SECRETS.map((secretId) => [secretId, { rotationDays: ROTATION_DAYS }])),
      rotationReminders: { topic: `${sizes.name}-secret-rotation`, googleBeta },
      regions: secretsKey && [region],
      encryptionKeys: secretsKey && { [region]: secretsKey },
      deletionProtection: sizes.protect,
      labels,
    });
    new AuditLogging(this, "audit", {
      projectId,
      services: {
        // Who pushed an image.
        "artifactregistry.googleapis.com": { DATA_WRITE: {} },
        "cloudkms.googleapis.com": { ADMIN_READ: {} },
        "cloudsql.googleapis.com": { ADMIN_READ: {}, DATA_READ: {}, DATA_WRITE: {} },
        // Who acted as a service account, and which workflow.
        "iam.googleapis.com": { ADMIN_READ: {}, DATA_READ: {} },
        "secretmanager.googleapis.com": { ADMIN_READ: {}, DATA_READ: {}, DATA_WRITE: {} },
        // Who read or wrote a Terraform state, or the archive of these logs.
        "storage.googleapis.com": { ADMIN_READ: {}, DATA_READ: {}, DATA_WRITE: {} },
        "sts.googleapis.com": { ADMIN_READ: {}, DATA_READ: {} },
      },
    });
    const { network, cluster, sql, databaseGrants } = this;
    this.outputs(commonOutputs({ projectId, region, network, cluster, sql, databaseGrants, registry }));
  }

  /** The Gateway's certificate for these domains; every GCP stack has one. */
  protected declareCertificate(dns: CloudflareDns, domains: readonly string[]): void {
    const { projectId } = this.environment;
    const { mapName } = new Certificate(this, "certificate", {
      projectId,
      name: this.sizes.name,
      dns,
      domains,
      labels: this.labels,
    });
    this.outputs<"certificate_map_name">({
      certificate_map_name: { value: mapName, description: "Certificate map of the Gateway" },
    });
  }

  /**
   * What the Gateway's load balancer refuses; every GCP stack has it.
   * @param allowedRanges whose requests it takes; without, everybody's. See {@link CloudArmorPolicy}
   */
  protected declareIngressPolicy(allowedRanges?: string[]): CloudArmorPolicy {
    const { projectId } = this.environment;
    const policy = new CloudArmorPolicy(this, "ingress", { projectId, name: this.sizes.name, allowedRanges });
    this.outputs<"ssl_policy_name">({
      ssl_policy_name: { value: policy.sslPolicyName, description: "SSL policy of the Gateway" },
    });
    return policy;
  }

  /** Channels of this environment: e-mail ones that are made here, PagerDuty and Slack looked up by name. */
  protected get channels() {
    const { alertEmails, pagerDutyChannel, slackChannel } = this.environment;
    const existing: Record<string, ExistingChannel> = {
      ...(pagerDutyChannel && { pagerduty: { type: "pagerduty", displayName: pagerDutyChannel } as const }),
      ...(slackChannel && { slack: { type: "slack", displayName: slackChannel } as const }),
    };
    return { emailChannels: { ...alertEmails }, existingChannels: existing };
  }

  /** Where people look first when an alert of this name fires. */
  protected runbook(page: string): string {
    return `https://github.com/${this.config.githubRepository}/blob/main/docs/runbooks/${page}.md`;
  }

  /** A secret that is due: an e-mail for days, nothing that wakes anybody. */
  protected secretRotationAlert(channels: readonly string[]): Alert {
    return {
      displayName: `${this.sizes.name}: a secret is due for rotation`,
      severity: "WARNING",
      conditions: [secretRotationDue({ subscription: this.secrets.reminderSubscription as string })],
      channels,
      documentation: `It is ${ROTATION_DAYS} days old or older. \`npx plue secrets list\` says which.`,
      runbook: this.runbook("rotating-a-secret"),
    };
  }

  /** Databases that are not given to their logins, or an administrator who should be none: see helm/platform. */
  protected databaseGrantsAlert(channels: readonly string[]): Alert {
    const job = { namespace: DATABASE_GRANTS, container: DATABASE_GRANTS };
    return {
      displayName: `${this.sizes.name}: the databases' rights are not as they should be`,
      conditions: [containerErrors(job), containerSilent(job)],
      // The job runs every minute. The first runs of a new cluster find no identity yet.
      duration: 600,
      channels,
      documentation:
        "The job database-grants says in its log what it could not do, or does not run. New environments wait, and somebody may be a database administrator who should not.",
      runbook: this.runbook("database-grants"),
    };
  }

  /** The month's budget, which notifies the e-mail channels; none without a billing account. */
  protected declareBudget(channels: readonly string[]): void {
    const { billingAccount } = this.config;
    if (!billingAccount) return;
    new Budget(this, "budget", {
      projectId: this.environment.projectId,
      billingAccount,
      displayName: this.node.id,
      ...this.environment.monthlyBudget,
      channels,
    });
  }

  private encryptionKeys(sizes: EnvironmentSizes, googleBeta: GoogleBetaProvider): (name: string) => KmsKey {
    const keys = new KmsKeys(this, "keys", {
      projectId: this.environment.projectId,
      location: this.environment.region,
      name: sizes.name,
      keys: {
        cluster: { serviceAgents: ["container.googleapis.com"] },
        sql: { serviceAgents: ["sqladmin.googleapis.com"] },
        registry: { serviceAgents: ["artifactregistry.googleapis.com"] },
        secrets: { serviceAgents: ["secretmanager.googleapis.com"] },
      },
      googleBeta,
      labels: this.labels,
    });
    return (name) => keys.key(name);
  }
}

/** The pools, with their nodes in the environment's zones where it names some. */
function inZones(
  pools: GkeClusterProps["nodePools"],
  zones: readonly string[] | undefined,
): GkeClusterProps["nodePools"] {
  if (!zones) return pools;
  return Object.fromEntries(
    Object.entries(pools).map(([key, pool]) => [key, { ...pool, nodeLocations: [...zones] }]),
  );
}
