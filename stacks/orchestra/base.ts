import type { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import { environmentLabels } from "../../lib/core/labels";
import { recordOf } from "../../lib/core/props";
import { Stack } from "../../lib/core/stack";
import { ArtifactRegistry } from "../../lib/google/artifact-registry";
import { AuditLogging, type AuditLoggingProps } from "../../lib/google/audit-logging";
import { Bucket } from "../../lib/google/bucket";
import { Budget } from "../../lib/google/budget";
import { BuildPool } from "../../lib/google/build-pool";
import { BuildTrigger } from "../../lib/google/build-trigger";
import { CloudSql } from "../../lib/google/cloud-sql";
import { KmsKeys } from "../../lib/google/kms";
import { Monitoring } from "../../lib/google/monitoring";
import { Networking } from "../../lib/google/networking";
import { ProjectServices } from "../../lib/google/project-services";
import { billingProvider, googleBetaProvider, googleProvider } from "../../lib/google/providers";
import { Redis } from "../../lib/google/redis";
import { RuntimeIdentity } from "../../lib/google/runtime-identity";
import { Secrets } from "../../lib/google/secret-manager";
import { monitoringProps, type WatchedOrchestra } from "./alerts";
import { build } from "./build";
import { type OrchestraConfig, type OrchestraFields, PRODUCTION } from "./config";
import { BUILDS, DATABASE, DATABASE_PASSWORD, hosts, REGISTRY, SECRETS, STACKS } from "./names";
import { SIZES } from "./sizes";

/** Outputs that the application stack reads, and people. */
export type BaseOutput =
  | "network_id"
  | "run_subnet_id"
  | "sql_connection_name"
  | "redis_url"
  | "redis_ca"
  | "registry_url"
  | "storage_bucket";

/** APIs that the stack's own resources and those of the application need. */
const SERVICES = [
  "artifactregistry",
  "billingbudgets",
  "certificatemanager",
  "cloudbuild",
  "cloudkms",
  "cloudresourcemanager",
  "compute",
  "dns",
  "iam",
  "iamcredentials",
  "logging",
  "monitoring",
  "pubsub",
  "redis",
  "run",
  "secretmanager",
  "servicenetworking",
  "sqladmin",
  "storage",
].map((service) => `${service}.googleapis.com`);

/** Whose reads and writes are logged, beside what Google logs anyway. */
const AUDITED: AuditLoggingProps["services"] = {
  "artifactregistry.googleapis.com": { DATA_WRITE: {} },
  "cloudkms.googleapis.com": { ADMIN_READ: {} },
  "cloudsql.googleapis.com": { ADMIN_READ: {}, DATA_READ: {}, DATA_WRITE: {} },
  "iam.googleapis.com": { ADMIN_READ: {}, DATA_READ: {} },
  "secretmanager.googleapis.com": { ADMIN_READ: {}, DATA_READ: {}, DATA_WRITE: {} },
  "storage.googleapis.com": { ADMIN_READ: {}, DATA_READ: {}, DATA_WRITE: {} },
  "sts.googleapis.com": { ADMIN_READ: {}, DATA_READ: {} },
};

/**
 * What the application needs and outlives it: network, database, Redis, the users' files, secrets, images and what builds
 * them, alerts and budget. All that holds data refuses deletion in the API and in Terraform.
 */
export class BaseStack extends Stack {
  private readonly fields: OrchestraFields;
  private readonly common: {
    readonly projectId: string;
    readonly region: string;
    readonly labels: Record<string, string>;
    readonly deletionProtection: boolean;
  };

  constructor(
    scope: Construct,
    private readonly config: OrchestraConfig,
    /** Text of the script by which builds deploy. */
    private readonly release: string,
  ) {
    const fields = config[PRODUCTION];
    super(scope, STACKS.base, fields);
    this.fields = fields;
    const { projectId, region } = fields;
    this.common = { projectId, region, labels: environmentLabels(PRODUCTION), deletionProtection: true };
    const { common } = this;

    googleProvider(this, fields);
    const googleBeta = googleBetaProvider(this, fields);
    new RandomProvider(this, "random");
    new ProjectServices(this, "services", { projectId, services: SERVICES });
    const network = new Networking(this, "network", {
      ...common,
      name: "orchestra-vpc",
      subnets: { run: { cidr: SIZES.ranges.run } },
      privateServices: { cidr: SIZES.ranges.privateServices },
    });
    const keys = this.encryptionKeys(googleBeta);
    const sql = new CloudSql(this, "sql", {
      ...common,
      ...SIZES.database,
      name: DATABASE.instance,
      network,
      databaseVersion: "POSTGRES_16",
      queryInsights: {},
      maintenanceWindow: { day: 7, hour: 3 },
      databaseFlags: { log_min_duration_statement: "1000" },
      extensions: ["vector"],
      databases: [DATABASE.name],
      admin: {
        name: DATABASE.user,
        secretId: DATABASE_PASSWORD,
        secretEncryptionKey: keys.key("secrets"),
        passwordVersion: fields.secretVersions[DATABASE_PASSWORD] ?? 1,
      },
      encryptionKey: keys.key("sql"),
    });
    const redis = new Redis(this, "redis", {
      ...common,
      ...SIZES.redis,
      name: "orchestra-redis",
      network,
      // A queue that lost jobs when memory gets short would lose work.
      configs: { "maxmemory-policy": "noeviction" },
      persistence: { snapshotPeriod: "SIX_HOURS" },
      maintenanceWindow: { day: 7, hour: 3 },
      encryptionKey: keys.key("redis"),
    });
    const storage = new Bucket(this, "storage", {
      ...common,
      name: fields.storageBucket,
      location: region,
      versioning: { days: 30 },
      encryptionKey: { ...keys.key("storage"), location: region },
      cors: [
        {
          origins: [`https://${hosts(fields.domain).app}`],
          methods: ["GET", "HEAD", "PUT"],
          headers: ["Content-Type"],
        },
      ],
    });
    const secrets = new Secrets(this, "secrets", {
      ...common,
      secrets: recordOf(Object.values(SECRETS), () => ({ rotationDays: SIZES.rotationDays })),
      rotationReminders: { topic: "orchestra-secret-rotation", googleBeta },
      regions: [region],
      encryptionKeys: { [region]: keys.key("secrets") },
    });
    const registry = new ArtifactRegistry(this, "registry", {
      ...common,
      name: REGISTRY,
      description: "Images of server and engine",
      encryptionKey: keys.key("registry"),
    });
    new AuditLogging(this, "audit", { projectId, services: AUDITED });
    this.declareBuilds(network, registry);
    this.declareMonitoring({ sql, redis, secrets });
    this.outputs<BaseOutput>({
      network_id: { value: network.networkId, description: "VPC network" },
      run_subnet_id: { value: network.subnets.run.id, description: "Subnet of Cloud Run's instances" },
      sql_connection_name: {
        value: sql.connectionName,
        description: "Cloud SQL, as the Auth Proxy takes it",
      },
      redis_url: { value: redis.connectionString, description: "Redis: the value of the secret redis-url" },
      redis_ca: { value: redis.caCertificates, description: "Certificates that clients of Redis trust" },
      registry_url: { value: registry.url, description: "What the images' names begin with" },
      storage_bucket: { value: storage.bucketName, description: "Bucket of the users' files" },
    });
  }

  private encryptionKeys(googleBeta: GoogleBetaProvider): KmsKeys {
    const { projectId, region, labels } = this.common;
    return new KmsKeys(this, "keys", {
      projectId,
      location: region,
      name: "orchestra",
      keys: {
        sql: { serviceAgents: ["sqladmin.googleapis.com"] },
        redis: { serviceAgents: ["redis.googleapis.com"] },
        registry: { serviceAgents: ["artifactregistry.googleapis.com"] },
        secrets: { serviceAgents: ["secretmanager.googleapis.com"] },
        storage: { serviceAgents: ["storage.googleapis.com"] },
      },
      googleBeta,
      labels,
    });
  }

  /** Cloud Build. What a build may deploy the application stack grants, which makes it. */
  private declareBuilds(network: Networking, registry: ArtifactRegistry): void {
    const { projectId, region } = this.common;
    const identity = new RuntimeIdentity(this, "builds", {
      projectId,
      accountId: BUILDS,
      displayName: "Builds of Orchestra",
      roles: {
        logs: { role: "roles/logging.logWriter" },
        pool: { role: "roles/cloudbuild.workerPoolUser" },
        // How a deployment goes on is told by an operation, which is the project's.
        operations: { role: "roles/run.viewer" },
        images: {
          role: "roles/artifactregistry.writer",
          on: { repository: registry.repositoryId, location: region },
        },
      },
    });
    const pool = new BuildPool(this, "pool", {
      projectId,
      region,
      name: "orchestra-builds",
      machineType: SIZES.build.machineType,
      network,
      externalAddresses: true,
    });
    new BuildTrigger(this, "build", {
      ...build(this.config, this.release),
      projectId,
      region,
      identity,
      pool,
      timeoutSeconds: SIZES.build.timeoutSeconds,
    });
  }

  /** Channels, checks and alerts, and the month's budget, which notifies the e-mail channels. */
  private declareMonitoring(watched: Pick<WatchedOrchestra, "sql" | "redis" | "secrets">): void {
    const { fields, config } = this;
    const monitoring = new Monitoring(
      this,
      "monitoring",
      monitoringProps({ ...watched, config, labels: this.common.labels }),
    );
    if (config.billingAccount)
      new Budget(this, "budget", {
        provider: billingProvider(this, fields),
        projectId: fields.projectId,
        billingAccount: config.billingAccount,
        displayName: "orchestra",
        ...fields.monthlyBudget,
        channels: Object.values(monitoring.emailChannelIds),
      });
  }
}
