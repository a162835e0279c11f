import type { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import { environmentLabels } from "../../lib/core/labels";
import { Stack } from "../../lib/core/stack";
import { ArtifactRegistry } from "../../lib/google/artifact-registry";
import { AuditLogging } from "../../lib/google/audit-logging";
import { Bucket } from "../../lib/google/bucket";
import { Budget } from "../../lib/google/budget";
import { CloudFunction, type FunctionSource } from "../../lib/google/cloud-function";
import { CloudSql } from "../../lib/google/cloud-sql";
import { type KmsKey, KmsKeys } from "../../lib/google/kms";
import { Networking } from "../../lib/google/networking";
import { ProjectServices } from "../../lib/google/project-services";
import { billingProvider, googleBetaProvider, googleProvider } from "../../lib/google/providers";
import { PubSubTopic } from "../../lib/google/pubsub";
import { Redis } from "../../lib/google/redis";
import { RuntimeIdentity } from "../../lib/google/runtime-identity";
import { Secrets } from "../../lib/google/secret-manager";
import type { CopyThatConfig, EnvironmentName } from "./config";
import { dashboardOf } from "./dashboard";
import { monitoringOf } from "./monitoring";
import { ACCOUNTS, IMAGES, identitiesOf, nameOf, PREFIX, ROTATED, SECRETS, stackNames } from "./names";
import { SIZES, type Sizes } from "./sizes";

/** Names of what the base puts out. */
export type BaseOutput =
  | "database_connection_name"
  | "database_private_ip"
  | "database_secret_id"
  | "redis_host"
  | "redis_port"
  | "registry_url"
  | "dashboard_url";

/** APIs that the stacks of an environment need. */
const SERVICES = [
  "artifactregistry",
  "billingbudgets",
  "certificatemanager",
  "cloudbuild",
  "cloudfunctions",
  "cloudkms",
  "cloudresourcemanager",
  "cloudscheduler",
  "compute",
  "dns",
  "iam",
  "iamcredentials",
  "iap",
  "logging",
  "monitoring",
  "pubsub",
  "redis",
  "run",
  "secretmanager",
  "servicenetworking",
  "sqladmin",
  "storage",
].map((name) => `${name}.googleapis.com`);

/** Sunday, 03:00 UTC. */
const MAINTENANCE = { day: 7, hour: 3 };

/**
 * What an environment keeps, and what its releases stand on: network, database, Redis, secrets with their rotation, images,
 * identities, alerts and budget. Nothing of it changes with a release.
 */
export class BaseStack extends Stack {
  private readonly sizes: Sizes;
  private readonly labels: Record<string, string>;
  private readonly keys?: KmsKeys;

  constructor(
    scope: Construct,
    private readonly config: CopyThatConfig,
    private readonly environment: EnvironmentName,
    rotation: FunctionSource,
  ) {
    const fields = config[environment];
    super(scope, stackNames(environment).base, fields);
    const { projectId, region } = fields;
    this.sizes = SIZES[environment];
    const { ranges, protect } = this.sizes;
    this.labels = environmentLabels(environment);
    const common = { projectId, labels: this.labels };

    googleProvider(this, fields);
    const googleBeta = googleBetaProvider(this, fields);
    new RandomProvider(this, "random");
    new ProjectServices(this, "services", { projectId, services: SERVICES });

    const network = new Networking(this, "network", {
      ...common,
      region,
      name: `${PREFIX}-vpc-${environment}`,
      subnets: { run: { cidr: ranges.run } },
      // What is for the internet leaves Cloud Run by itself.
      nat: false,
      privateServices: { cidr: ranges.privateServices },
    });
    this.keys = protect ? this.encryptionKeys(googleBeta) : undefined;
    const sql = this.database(network);
    const redis = new Redis(this, "redis", {
      ...common,
      ...this.sizes.redis,
      region,
      name: nameOf("redis", environment),
      version: "REDIS_7_0",
      network,
      configs: { "maxmemory-policy": "allkeys-lru", "notify-keyspace-events": "Ex", activedefrag: "yes" },
      maintenanceWindow: MAINTENANCE,
      encryptionKey: this.key("redis"),
      deletionProtection: protect,
    });
    const images = new ArtifactRegistry(this, "images", {
      ...common,
      region,
      name: IMAGES,
      description: "Images of the API",
      writers: config.applicationRepository
        ? { push: `serviceAccount:${identitiesOf(environment, fields).pushImages}` }
        : undefined,
      encryptionKey: this.key("images"),
      deletionProtection: protect,
    });
    const failedRotations = this.secretsWithRotation(googleBeta, rotation);
    this.identities();
    new AuditLogging(this, "audit", {
      projectId,
      services: {
        "cloudkms.googleapis.com": { ADMIN_READ: {} },
        "cloudsql.googleapis.com": { ADMIN_READ: {}, DATA_READ: {}, DATA_WRITE: {} },
        // Who acted as a service account, and which workflow.
        "iam.googleapis.com": { ADMIN_READ: {}, DATA_READ: {} },
        "secretmanager.googleapis.com": { ADMIN_READ: {}, DATA_READ: {}, DATA_WRITE: {} },
        // Who read or wrote a Terraform state.
        "storage.googleapis.com": { ADMIN_READ: {}, DATA_READ: {}, DATA_WRITE: {} },
        "sts.googleapis.com": { ADMIN_READ: {}, DATA_READ: {} },
      },
    });
    const monitoring = monitoringOf(this, {
      config,
      environment,
      database: { instanceName: nameOf("db", environment), maxConnections: sql.maxConnections },
      redis: { cache: { instanceName: nameOf("redis", environment) } },
      failedRotations,
      labels: this.labels,
    });
    const dashboard = dashboardOf(this, { projectId, environment, labels: this.labels });
    const budgetAlerts = new PubSubTopic(this, "budget-alerts", { ...common, name: "budget_alerts" });
    if (config.billingAccount)
      new Budget(this, "budget", {
        provider: billingProvider(this, fields),
        projectId,
        billingAccount: config.billingAccount,
        displayName: `${PREFIX}-${environment}`,
        ...fields.monthlyBudget,
        channels: Object.values(monitoring.emailChannelIds),
        topic: budgetAlerts,
      });
    this.outputs<BaseOutput>({
      database_connection_name: {
        value: sql.connectionName,
        description: "project:region:instance, part of the socket's path in DATABASE_URL",
      },
      database_private_ip: { value: sql.privateIp, description: "Private address of the database" },
      database_secret_id: {
        value: sql.adminSecretId,
        description: "Secret with the password that DATABASE_URL has",
      },
      redis_host: { value: redis.host, description: "Private address of Redis, for REDIS_URL" },
      redis_port: { value: redis.port, description: "Its port, for TLS" },
      registry_url: { value: images.url, description: "What image names begin with" },
      dashboard_url: { value: dashboard.url, description: "Dashboard of the API" },
    });
    if (this.sizes.redis.readReplicas)
      this.output("redis_read_host", {
        value: redis.readEndpoint,
        description: "Private address at which Redis answers reads",
      });
    const replica = sql.replicas[environment];
    if (replica)
      this.output("database_replica_connection_name", {
        value: replica.connectionName,
        description: "project:region:instance of the read replica",
      });
  }

  private database(network: Networking): CloudSql {
    const { environment, labels } = this;
    const { projectId, region, secretVersions } = this.config[environment];
    const { maxConnections, replicaTier, ...database } = this.sizes.database;
    const password = nameOf("db-password", environment);
    return new CloudSql(this, "sql", {
      ...database,
      projectId,
      region,
      name: nameOf("db", environment),
      network,
      databaseVersion: "POSTGRES_16",
      queryInsights: { queryStringLength: 4500, recordApplicationTags: true },
      maintenanceWindow: { ...MAINTENANCE, updateTrack: "stable" },
      databaseFlags: { log_min_duration_statement: "1000", max_connections: String(maxConnections) },
      databases: ["copy_that"],
      replicas: replicaTier
        ? { [environment]: { name: nameOf("db-replica", environment), tier: replicaTier } }
        : undefined,
      admin: {
        name: "copy_that",
        secretId: password,
        secretEncryptionKey: this.key("secrets"),
        passwordVersion: secretVersions[password] ?? 1,
      },
      encryptionKey: this.key("sql"),
      deletionProtection: this.sizes.protect,
      labels,
    });
  }

  /**
   * The secrets, and the function that gives one of them another value every 30 days. Reminders are pushed to it by a
   * subscription of our own: the one that Eventarc would make has no dead letters.
   * @returns name of the subscription with the reminders that it could not handle
   */
  private secretsWithRotation(googleBeta: GoogleBetaProvider, source: FunctionSource): string {
    const { environment, labels } = this;
    const { protect } = this.sizes;
    const { projectId, region } = this.config[environment];
    const common = { projectId, labels };
    const secretsKey = this.key("secrets");
    const archives = new Bucket(this, "functions-bucket", {
      ...common,
      name: nameOf("functions", environment),
      location: region,
      encryptionKey: this.keys && { ...this.keys.key("functions"), location: region },
      deletionProtection: protect,
    });
    const caller = new RuntimeIdentity(this, "rotation-caller", {
      projectId,
      accountId: "secret-rotation",
      displayName: "Pushes reminders to the function rotate-secrets",
    });
    const rotate = new CloudFunction(this, "rotate", {
      ...common,
      region,
      name: "rotate-secrets",
      description: "Gives a secret another value when its reminder comes",
      runtime: "python312",
      entryPoint: "rotate_secret",
      source,
      bucket: archives,
      registry: new ArtifactRegistry(this, "functions", {
        ...common,
        region,
        name: "functions",
        description: "Images that Cloud Functions builds",
        encryptionKey: this.key("images"),
        deletionProtection: protect,
      }),
      invokers: { push: caller.member },
      memory: "256M",
      timeoutSeconds: 60,
    });
    const failed = new PubSubTopic(this, "rotation-failed", {
      ...common,
      name: "secret_rotation_failed",
      subscriptions: { inspection: { name: "secret_rotation_failed", retentionDays: 31 } },
    });
    const topic = new PubSubTopic(this, "rotation", {
      ...common,
      name: "secret_rotation",
      subscriptions: {
        rotate: {
          name: "secret_rotation_rotate",
          // Other changes of the secret are messages as well, this function's own among them.
          filter: 'attributes.eventType = "SECRET_ROTATE"',
          push: { url: rotate.url, serviceAccount: caller.email },
          ackDeadlineSeconds: 90,
          retryBackoffSeconds: { minimum: 10, maximum: 600 },
          deadLetters: { topic: failed, maxDeliveryAttempts: 10 },
        },
      },
      googleBeta,
    });
    new Secrets(this, "secrets", {
      ...common,
      secrets: {
        [SECRETS.DATABASE_URL]: {},
        [SECRETS.REDIS_URL]: {},
        [ROTATED]: { rotationDays: 30, versionManagers: { function: rotate.member } },
      },
      rotationReminders: { topic, googleBeta },
      regions: secretsKey && [region],
      encryptionKeys: secretsKey && { [region]: secretsKey },
      deletionProtection: protect,
    });
    return failed.subscriptions.inspection;
  }

  /** As whom containers run. The application's stack names them. */
  private identities(): void {
    const { environment } = this;
    const { projectId } = this.config[environment];
    const sqlInstance = nameOf("db", environment);
    const api = new RuntimeIdentity(this, "api", {
      projectId,
      accountId: ACCOUNTS.api,
      displayName: "API of Copy-That",
      sqlInstance,
      databaseLogin: false,
      secretIds: {
        database_url: SECRETS.DATABASE_URL,
        redis_url: SECRETS.REDIS_URL,
        secret_key: SECRETS.SECRET_KEY,
      },
    });
    const migrations = new RuntimeIdentity(this, "migrations", {
      projectId,
      accountId: ACCOUNTS.migrations,
      displayName: "Migrations of Copy-That",
      sqlInstance,
      databaseLogin: false,
      secretIds: { database_url: SECRETS.DATABASE_URL },
    });
    this.outputs({
      api_service_account: { value: api.email, description: "Identity of the API" },
      migrations_service_account: { value: migrations.email, description: "Identity of the migrations" },
    });
  }

  private encryptionKeys(googleBeta: GoogleBetaProvider): KmsKeys {
    const { projectId, region } = this.config[this.environment];
    return new KmsKeys(this, "keys", {
      projectId,
      location: region,
      name: PREFIX,
      keys: {
        functions: { serviceAgents: ["storage.googleapis.com"] },
        images: { serviceAgents: ["artifactregistry.googleapis.com"] },
        redis: { serviceAgents: ["redis.googleapis.com"] },
        secrets: { serviceAgents: ["secretmanager.googleapis.com"] },
        sql: { serviceAgents: ["sqladmin.googleapis.com"] },
      },
      googleBeta,
      labels: this.labels,
    });
  }

  private key(name: string): KmsKey | undefined {
    return this.keys?.key(name);
  }
}
