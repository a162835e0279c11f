import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import { ArtifactRegistry } from "../lib/artifact-registry";
import { AuditLogging } from "../lib/audit-logging";
import { Budget } from "../lib/budget";
import { Certificate } from "../lib/certificate";
import { CloudSql, type CloudSqlProps } from "../lib/cloud-sql";
import type { EnvironmentConfig, PlueConfig } from "../lib/config";
import type { Dns } from "../lib/dns";
import { type EncryptionKey, EncryptionKeys } from "../lib/encryption-keys";
import { GkeCluster, type GkeClusterProps } from "../lib/gke-cluster";
import type { ExistingChannel } from "../lib/monitoring";
import { Networking } from "../lib/networking";
import { ProjectServices } from "../lib/project-services";
import { SharedSecrets } from "../lib/secrets";
import { Stack } from "../lib/stack";

/** Outputs of a GCP stack, for the stacks on top of it and for people. */
export type GcpOutput = CommonOutput | "certificate_map_name";
type CommonOutput =
  | "project_id"
  | "region"
  | "network_name"
  | "ingress_ip"
  | "ingress_address_name"
  | "cluster_name"
  | "cluster_location"
  | "cluster_endpoint"
  | "cluster_dns_endpoint"
  | "cluster_ca_certificate"
  | "workload_pool"
  | "node_service_account"
  | "sql_instance_name"
  | "sql_connection_name"
  | "sql_private_ip"
  | "sql_admin_secret_id"
  | "registry_repository_id"
  | "registry_url";

/** In what staging and production differ. What they share is in {@link GcpStack}. */
export interface GcpSizes {
  /** Value of the label `environment`. */
  readonly label: "staging" | "production";
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

export interface GcpStackProps {
  readonly config: PlueConfig;
  readonly environment: EnvironmentConfig;
  readonly sizes: GcpSizes;
}

/** APIs that the stack's own resources and those of the stacks on top of it need. */
const SERVICES = [
  "artifactregistry",
  "billingbudgets",
  "certificatemanager",
  "cloudkms",
  "cloudresourcemanager",
  "compute",
  "container",
  "iam",
  "iamcredentials",
  "logging",
  "monitoring",
  "secretmanager",
  "servicenetworking",
  "sqladmin",
  "storage",
].map((name) => `${name}.googleapis.com`);

/** Secrets that people fill in; the database administrator's password makes its own. */
const SECRETS = ["anthropic-api-key", "github-app-private-key", "cloudflare-api-token"];

/**
 * What staging-base and production have in common: one project's network, cluster, database instance, registry and
 * secrets, with the same arguments but for {@link GcpSizes}. No Kubernetes objects: the cluster's providers must not
 * be configured from a cluster that the same apply makes.
 */
export abstract class GcpStack extends Stack {
  protected readonly config: PlueConfig;
  protected readonly environment: EnvironmentConfig;
  protected readonly labels: Record<string, string>;
  protected readonly network: Networking;
  protected readonly cluster: GkeCluster;
  protected readonly sql: CloudSql;
  protected readonly secrets: SharedSecrets;
  private readonly sizes: GcpSizes;

  constructor(scope: Construct, id: string, { config, environment, sizes }: GcpStackProps) {
    super(scope, id, { stateBucket: environment.stateBucket, stateKmsKey: environment.stateKmsKey });
    const { projectId, region } = environment;
    const labels = { environment: sizes.label, managed_by: "terraform" };
    this.config = config;
    this.environment = environment;
    this.sizes = sizes;
    this.labels = labels;

    new GoogleProvider(this, "google", { project: projectId, region });
    const googleBeta = new GoogleBetaProvider(this, "google-beta", { project: projectId, region });
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
      admin: { name: "plue", secretId: `${sizes.name}-db-password`, passwordVersion: 1 },
      encryptionKey: keys?.("sql"),
      deletionProtection: sizes.protect,
      labels,
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
    const secretsKey = keys?.("secrets");
    this.secrets = new SharedSecrets(this, "secrets", {
      projectId,
      secrets: Object.fromEntries(SECRETS.map((secretId) => [secretId, {}])),
      regions: secretsKey && [region],
      encryptionKeys: secretsKey && { [region]: secretsKey },
      deletionProtection: sizes.protect,
      labels,
    });
    new AuditLogging(this, "audit", {
      projectId,
      services: {
        "cloudkms.googleapis.com": { ADMIN_READ: {} },
        "cloudsql.googleapis.com": { ADMIN_READ: {}, DATA_READ: {}, DATA_WRITE: {} },
        "secretmanager.googleapis.com": { ADMIN_READ: {}, DATA_READ: {}, DATA_WRITE: {} },
      },
    });
    this.declareCommonOutputs(registry);
  }

  /** The Gateway's certificate for these domains; every GCP stack has one. */
  protected declareCertificate(dns: Dns, domains: readonly string[]): void {
    const { projectId } = this.environment;
    const { mapName } = new Certificate(this, "certificate", {
      projectId,
      name: this.sizes.name,
      dns,
      domains,
      labels: this.labels,
    });
    this.outputs<Exclude<GcpOutput, CommonOutput>>({
      certificate_map_name: { value: mapName, description: "Certificate map of the Gateway" },
    });
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

  /** The month's budget, which notifies the e-mail channels; none without a billing account. */
  protected declareBudget(channels: readonly string[]): void {
    const { billingAccount } = this.config;
    if (!billingAccount) return;
    new Budget(this, "budget", {
      projectId: this.environment.projectId,
      billingAccount,
      displayName: this.node.id,
      amount: this.environment.monthlyBudgetUsd,
      channels,
    });
  }

  private encryptionKeys(sizes: GcpSizes, googleBeta: GoogleBetaProvider): (name: string) => EncryptionKey {
    const keys = new EncryptionKeys(this, "keys", {
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

  private declareCommonOutputs(registry: ArtifactRegistry): void {
    const { network, cluster, sql } = this;
    this.outputs<CommonOutput>({
      project_id: { value: this.environment.projectId, description: "Google Cloud project" },
      region: { value: this.environment.region, description: "Region of everything regional" },
      network_name: { value: network.networkName, description: "Name of the VPC" },
      ingress_ip: { value: network.ingressIp, description: "Public address of the Gateway" },
      ingress_address_name: { value: network.ingressAddressName, description: "Name of that address" },
      cluster_name: { value: cluster.clusterName, description: "Name of the GKE cluster" },
      cluster_location: { value: cluster.location, description: "Region of the GKE cluster" },
      cluster_endpoint: {
        value: cluster.endpoint,
        description: "Address of the control plane",
        sensitive: true,
      },
      cluster_dns_endpoint: {
        value: cluster.dnsEndpoint,
        description: "Host name of the control plane, reached from anywhere and guarded by IAM",
      },
      cluster_ca_certificate: {
        value: cluster.caCertificate,
        description: "Certificate authority of cluster_endpoint, base64",
        sensitive: true,
      },
      workload_pool: { value: cluster.workloadPool, description: "Workload identity pool of the cluster" },
      node_service_account: {
        value: cluster.nodeServiceAccountEmail,
        description: "Identity of the nodes",
      },
      sql_instance_name: { value: sql.instanceName, description: "Name of the Cloud SQL instance" },
      sql_connection_name: {
        value: sql.connectionName,
        description: "project:region:instance, as the Cloud SQL Auth Proxy takes it",
      },
      sql_private_ip: { value: sql.privateIp, description: "Private address of the Cloud SQL instance" },
      sql_admin_secret_id: {
        value: sql.adminSecretId,
        description: "Secret with the password of the database user plue, for grants only",
      },
      registry_repository_id: { value: registry.repositoryId, description: "Artifact Registry repository" },
      registry_url: { value: registry.url, description: "What image names begin with" },
    });
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
