import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import { environmentLabels } from "../../lib/core/labels";
import { lifecycle, mapValues } from "../../lib/core/props";
import { Stack } from "../../lib/core/stack";
import { workflowIdentities } from "../../lib/environments/workflow-identities";
import { ArtifactRegistry } from "../../lib/google/artifact-registry";
import { Attestor } from "../../lib/google/attestor";
import { AuditLogging } from "../../lib/google/audit-logging";
import { BinaryAuthorization } from "../../lib/google/binary-authorization";
import { Bucket } from "../../lib/google/bucket";
import { Budget } from "../../lib/google/budget";
import { Certificate } from "../../lib/google/certificate";
import { CloudArmorPolicy } from "../../lib/google/cloud-armor";
import { CloudDnsZone } from "../../lib/google/cloud-dns";
import { CloudSql } from "../../lib/google/cloud-sql";
import { GkeCluster } from "../../lib/google/gke-cluster";
import { KmsKeys, type KmsKeysProps } from "../../lib/google/kms";
import { LogSink } from "../../lib/google/log-sink";
import { Networking } from "../../lib/google/networking";
import { ProjectServices } from "../../lib/google/project-services";
import { billingProvider, googleBetaProvider, googleProvider } from "../../lib/google/providers";
import { Redis } from "../../lib/google/redis";
import { RuntimeIdentity } from "../../lib/google/runtime-identity";
import { Secrets } from "../../lib/google/secret-manager";
import type { EnvironmentFields } from "../../lib/input/configuration";
import type { EnvironmentName, OctollmConfig } from "./config";
import { declareMonitoring } from "./monitoring";
import {
  adminSecret,
  DATABASE,
  nameOf,
  OBSERVABILITY,
  OBSERVABILITY_IMAGES,
  OPENAI_API_KEY,
  SERVICE_ACCOUNTS,
  TRUSTED_IMAGES,
} from "./names";
import { type EnvironmentSizes, SIZES } from "./sizes";

/** APIs that the stack's own resources and those of the stacks on top of it need. */
const SERVICES = [
  "artifactregistry",
  "bigquery",
  "billingbudgets",
  "binaryauthorization",
  "certificatemanager",
  "cloudkms",
  "cloudresourcemanager",
  "cloudtrace",
  "compute",
  "container",
  "containeranalysis",
  "dns",
  "iam",
  "iamcredentials",
  "logging",
  "monitoring",
  "redis",
  "secretmanager",
  "servicenetworking",
  "sqladmin",
  "storage",
].map((name) => `${name}.googleapis.com`);

/** Keys of the environment's own ring, in its region, and whose service agents use them. */
const KEYS = {
  "cluster-encryption-key": { serviceAgents: ["container.googleapis.com"] },
  "database-encryption-key": { serviceAgents: ["sqladmin.googleapis.com"], rotationDays: 90 },
  "logs-encryption-key": { serviceAgents: ["bigquery.googleapis.com"] },
  "redis-encryption-key": { serviceAgents: ["redis.googleapis.com"] },
  "registry-encryption-key": { serviceAgents: ["artifactregistry.googleapis.com"] },
  "secrets-encryption-key": { serviceAgents: ["secretmanager.googleapis.com"] },
  "storage-encryption-key": { serviceAgents: ["storage.googleapis.com"] },
} as const satisfies KmsKeysProps["keys"];

const RING = "octollm-keyring";
/** Signs for images that CI built. */
const ATTESTATION_KEY = "image-attestations";

/** Sundays at 03:00 UTC. */
const MAINTENANCE = { day: 7, hour: 3 };

/** Weekend nights: GKE wants a window to leave 48 hours in any 32 days. */
const CLUSTER_MAINTENANCE = {
  start: "2026-01-03T02:00:00Z",
  end: "2026-01-03T09:00:00Z",
  recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
};

/** Days for which what a bucket's object was before it was overwritten or deleted is kept. */
const OLD_VERSIONS_DAYS = 30;
const LOG_DAYS = { nearline: 30, deleted: 365 };

/** Google Cloud resources of an environment: the same in each of them, but for its sizes. */
export class EnvironmentStack extends Stack {
  private readonly environment: EnvironmentFields;
  private readonly sizes: EnvironmentSizes;
  private readonly common: { readonly projectId: string; readonly labels: Record<string, string> };

  constructor(
    scope: Construct,
    private readonly config: OctollmConfig,
    private readonly name: EnvironmentName,
  ) {
    const environment = config[name];
    super(scope, nameOf(name), environment);
    const { projectId, region } = environment;
    const sizes = SIZES[name];
    const prefix = nameOf(name);
    const labels = environmentLabels(name);
    const deletionProtection = sizes.protect;
    this.environment = environment;
    this.sizes = sizes;
    this.common = { projectId, labels };

    googleProvider(this, environment);
    const googleBeta = googleBetaProvider(this, environment);
    new RandomProvider(this, "random");
    new ProjectServices(this, "services", { projectId, services: SERVICES });

    const network = this.declareNetwork(prefix);
    const keys = new KmsKeys(this, "keys", {
      ...this.common,
      location: region,
      name: RING,
      keys: KEYS,
      signingKeys: { [ATTESTATION_KEY]: {} },
      googleBeta,
    });
    const cluster = new GkeCluster(this, "cluster", {
      ...this.common,
      region,
      name: `${prefix}-cluster`,
      network,
      subnet: "gke",
      podsRange: "pods",
      servicesRange: "services",
      nodePools: {
        default: { ...sizes.nodes, nodeLocations: environment.zones && [...environment.zones] },
      },
      releaseChannel: sizes.releaseChannel,
      maintenanceWindow: CLUSTER_MAINTENANCE,
      controlPlane: config.officeRange
        ? { authorizedNetworks: { "Office Network": config.officeRange } }
        : undefined,
      databaseEncryptionKey: keys.key("cluster-encryption-key"),
      deletionProtection,
      googleBeta,
    });
    const elsewhere = (location: string, key: keyof typeof KEYS) =>
      new KmsKeys(this, `keys-${location.toLowerCase()}`, {
        ...this.common,
        location,
        name: RING,
        keys: { [key]: KEYS[key] },
        googleBeta,
      }).key(key);
    const sql = new CloudSql(this, "database", {
      ...this.common,
      ...sizes.database,
      backup: { startTime: "03:00", ...sizes.database.backup },
      region,
      name: `${prefix}-postgres`,
      network,
      databaseVersion: "POSTGRES_15",
      diskAutoresize: true,
      queryInsights: {},
      maintenanceWindow: MAINTENANCE,
      databaseFlags: { log_min_duration_statement: "1000" },
      databases: [DATABASE],
      replicas: mapValues(sizes.replicas, (replica) => ({
        ...replica,
        ...(replica.region && { encryptionKey: elsewhere(replica.region, "database-encryption-key") }),
      })),
      admin: {
        name: "octollm_admin",
        secretId: adminSecret(name),
        secretEncryptionKey: keys.key("secrets-encryption-key"),
        passwordVersion: environment.secretVersions[adminSecret(name)] ?? 1,
      },
      encryptionKey: keys.key("database-encryption-key"),
      deletionProtection,
    });
    const redis = Array.from({ length: sizes.redis.instances }, (_, index) => {
      const { instances, ...size } = sizes.redis;
      const suffix = instances === 1 ? "" : `-${index}`;
      return new Redis(this, `redis${suffix}`, {
        ...this.common,
        ...size,
        region,
        name: `${prefix}-redis${suffix}`,
        version: "REDIS_7_0",
        network,
        persistence: { snapshotPeriod: "TWENTY_FOUR_HOURS" },
        maintenanceWindow: MAINTENANCE,
        encryptionKey: keys.key("redis-encryption-key"),
        deletionProtection,
      });
    });
    const secrets = new Secrets(this, "secrets", {
      ...this.common,
      secrets: { [OPENAI_API_KEY]: {} },
      regions: [region],
      encryptionKeys: { [region]: keys.key("secrets-encryption-key") },
      deletionProtection,
    });
    const identities = this.declareIdentities(cluster, sql, secrets);
    const observers = sizes.observability ? this.declareObservers(cluster) : undefined;

    const location = sizes.backups.location ?? region;
    const storageKey = { ...keys.key("storage-encryption-key"), location: region };
    const backups = new Bucket(this, "backups", {
      ...this.common,
      name: `${prefix}-backups`,
      location,
      versioning: { days: OLD_VERSIONS_DAYS },
      lifecycleRules: [{ action: "DELETE", ageDays: sizes.backups.days }],
      encryptionKey:
        location === region ? storageKey : { ...elsewhere(location, "storage-encryption-key"), location },
      // What `gcloud redis instances export` writes, and import reads, as the instance.
      writers: Object.fromEntries(redis.map((instance) => [instance.node.id, instance.exportMember])),
      creators: { orchestrator: identities.orchestrator.member },
      deletionProtection,
    });
    const logs = new Bucket(this, "logs", {
      ...this.common,
      name: `${prefix}-logs`,
      location: region,
      lifecycleRules: [
        { action: "NEARLINE", ageDays: LOG_DAYS.nearline },
        { action: "DELETE", ageDays: LOG_DAYS.deleted },
      ],
      encryptionKey: storageKey,
      creators: { orchestrator: identities.orchestrator.member },
      writers: observers && { loki: observers.loki.member },
      deletionProtection,
    });

    const registry = this.declareImages(keys, cluster);
    this.declareAudit(keys, observers?.prometheus);
    const { zone, certificate, armor } = this.declareEdge(network);
    const { monitoring, dashboards } = declareMonitoring(this, {
      environment,
      config,
      name,
      level: sizes.monitoring,
      sql,
      redis: Object.fromEntries(redis.map((instance) => [instance.node.id, instance])),
      host: zone.hostnames.api,
      labels,
    });
    new Budget(this, "budget", {
      provider: billingProvider(this, environment),
      projectId,
      billingAccount: config.billingAccount,
      displayName: prefix,
      ...environment.monthlyBudget,
      thresholds: [{ share: 0.5 }, { share: 0.8 }, { share: 1 }],
      channels: Object.values(monitoring.emailChannelIds),
    });

    const [first] = redis as [Redis, ...Redis[]];
    this.outputs({
      // As the document's modules call them.
      cluster_endpoint: {
        value: cluster.endpoint,
        description: "Address of the control plane",
        sensitive: true,
      },
      cluster_ca_certificate: {
        value: cluster.caCertificate,
        description: "Certificate authority of cluster_endpoint, base64",
        sensitive: true,
      },
      cluster_name: { value: cluster.clusterName, description: "Name of the GKE cluster" },
      instance_connection_name: {
        value: sql.connectionName,
        description: "project:region:instance, as the Cloud SQL Auth Proxy takes it",
      },
      private_ip_address: { value: sql.privateIp, description: "Private address of the Cloud SQL instance" },
      database_name: { value: sql.databases[DATABASE], description: "Database of the application" },
      host: {
        value: first.host,
        description: "Private address of Redis, of the first instance where there are several",
      },
      port: { value: first.port, description: "Its port" },
      connection_string: {
        value: first.connectionString,
        description: "Both as clients take them, over TLS and without a password",
      },
      bucket_names: {
        value: { backups: backups.bucketName, logs: logs.bucketName },
        description: "Names of the buckets",
      },
      bucket_urls: { value: { backups: backups.url, logs: logs.url }, description: "Their gs:// URLs" },
      network_id: { value: network.networkId, description: "Id of the VPC" },
      network_name: { value: network.networkName, description: "Name of the VPC" },
      subnet_ids: {
        value: { gke: network.subnets.gke.id, database: network.subnets.database.id },
        description: "Ids of the subnets",
      },
      zone_names: { value: [zone.managedZoneName], description: "Names of the DNS zones" },
      name_servers: {
        value: zone.nameServers,
        description: "Name servers of the zone, for the delegation in the zone above",
      },
      dashboard_urls: {
        value: mapValues(dashboards, ({ url }) => url),
        description: "Where the dashboards are",
      },
      alert_policy_ids: { value: monitoring.alertPolicyIds, description: "Alert policies, by alert" },
      // What else the stack on top and the application need.
      replica_addresses: {
        value: mapValues(sql.replicas, ({ privateIp }) => privateIp),
        description: "Private addresses of the read replicas",
      },
      redis_connection_strings: {
        value: Object.fromEntries(redis.map(({ node, connectionString }) => [node.id, connectionString])),
        description: "Redis instances, by what the application shards over",
      },
      ds_record: { value: zone.dsRecord, description: "DS record of the zone, for the zone above" },
      cluster_dns_endpoint: {
        value: cluster.dnsEndpoint,
        description: "Host name of the control plane, reached from anywhere and guarded by IAM",
      },
      ingress_ip: { value: network.ingressIp, description: "Public address of the Gateway" },
      ingress_address_name: { value: network.ingressAddressName, description: "Name of that address" },
      certificate_map_name: { value: certificate.mapName, description: "Certificate map of the Gateway" },
      registry_url: { value: registry.url, description: "What image names begin with" },
      pgbouncer_database_user: {
        value: identities.pgbouncer.databaseUser,
        description: "Database user of the pooler, and so of the application",
      },
    });
    for (const [id, { email }] of Object.entries({ ...identities, ...observers }))
      this.output(`${id}_service_account`, {
        value: email,
        description: `Identity of ${id.replace("_", " ")}'s pods`,
      });
    if (armor)
      this.outputs({
        security_policy_name: {
          value: armor.securityPolicyName,
          description: "Cloud Armor policy of the Gateway's services",
        },
        ssl_policy_name: { value: armor.sslPolicyName, description: "SSL policy of the Gateway" },
      });
  }

  private declareNetwork(prefix: string) {
    const { ranges } = this.sizes;
    return new Networking(this, "network", {
      ...this.common,
      region: this.environment.region,
      name: `${prefix}-vpc`,
      subnets: {
        gke: { cidr: ranges.nodes, secondaryRanges: { pods: ranges.pods, services: ranges.services } },
        database: { cidr: ranges.database },
      },
      firewallRules: {
        "allow-internal": {
          description: "What is in the network, and in those that it is peered with",
          ranges: ["10.0.0.0/8"],
          allow: [{ protocol: "all" }],
        },
        "allow-ssh": {
          description: "SSH, by default through Identity-Aware Proxy alone",
          ranges: [this.config.sshRange],
          allow: [{ protocol: "tcp", ports: ["22"] }],
          logging: true,
        },
        "deny-all-ingress": {
          description: "Refuses and logs what no other rule allows",
          priority: 65535,
          ranges: ["0.0.0.0/0"],
          deny: [{ protocol: "all" }],
          logging: true,
        },
      },
      // The rule above is it, by the name and priority that it had.
      defaultDenyIngress: false,
      privateServices: { cidr: ranges.privateServices },
      ingressAddress: { scope: "global", name: `${prefix}-ingress` },
    });
  }

  /** Google identities of the application's namespace, each for one Kubernetes service account. */
  private declareIdentities(cluster: GkeCluster, sql: CloudSql, secrets: Secrets<typeof OPENAI_API_KEY>) {
    const { projectId } = this.common;
    const pods = (serviceAccount: string) => ({
      projectId,
      pods: { namespace: nameOf(this.name), serviceAccount },
      workloadPool: cluster.workloadPool,
    });
    const secretIds = { openai: secrets.secretIds[OPENAI_API_KEY] };
    const orchestrator = new RuntimeIdentity(this, "orchestrator", {
      ...pods(SERVICE_ACCOUNTS.orchestrator),
      accountId: "orchestrator",
      displayName: "Pods of the orchestrator",
      secretIds,
    });
    const storeReader = new RuntimeIdentity(this, "store-reader", {
      ...pods(SERVICE_ACCOUNTS.storeReader),
      accountId: "external-secrets",
      displayName: "As which external-secrets reads for the application",
      secretIds,
    });
    const pgbouncer = new RuntimeIdentity(this, "pgbouncer", {
      ...pods(SERVICE_ACCOUNTS.pgbouncer),
      accountId: "pgbouncer",
      displayName: "Pods of PgBouncer, and database login of the application",
      sqlInstance: sql.instanceName,
    });
    new SqlUser(this, "pgbouncer-database-user", {
      project: projectId,
      instance: sql.instanceName,
      name: pgbouncer.databaseUser,
      type: "CLOUD_IAM_SERVICE_ACCOUNT",
      dependsOn: [pgbouncer.account],
      lifecycle: lifecycle(this.sizes.protect),
    });
    return { orchestrator, store_reader: storeReader, pgbouncer };
  }

  /** Google identities of what people look at. */
  private declareObservers({ workloadPool }: GkeCluster) {
    const identity = (serviceAccount: string, displayName: string, accountId = serviceAccount) =>
      new RuntimeIdentity(this, serviceAccount, {
        projectId: this.common.projectId,
        accountId,
        displayName,
        pods: { namespace: OBSERVABILITY.namespace, serviceAccount },
        workloadPool,
      });
    return {
      loki: identity(OBSERVABILITY.loki, "Pods of Loki, which keeps logs in the bucket", "loki-logs"),
      prometheus: identity(OBSERVABILITY.prometheus, "Pods of Prometheus"),
    };
  }

  /** Registry, and which images run: those of the registry that the application's workflows attested. */
  private declareImages(keys: KmsKeys, cluster: GkeCluster): ArtifactRegistry {
    const { projectId } = this.common;
    const deletionProtection = this.sizes.protect;
    // The bootstrap makes it.
    const builds = `serviceAccount:${workflowIdentities(this.environment).pushImages}`;
    const registry = new ArtifactRegistry(this, "registry", {
      ...this.common,
      region: this.environment.region,
      name: "octollm",
      description: "Images of the application, and of PgBouncer",
      readers: { nodes: `serviceAccount:${cluster.nodeServiceAccountEmail}` },
      writers: { builds },
      encryptionKey: keys.key("registry-encryption-key"),
      deletionProtection,
    });
    const attestor = new Attestor(this, "attestor", {
      projectId,
      name: "octollm",
      description: "Built from main by the application's workflows",
      signingKey: keys.signingKey(ATTESTATION_KEY),
      signers: { builds },
      deletionProtection,
    });
    new BinaryAuthorization(this, "images", {
      projectId,
      images: [...TRUSTED_IMAGES, ...(this.sizes.observability ? OBSERVABILITY_IMAGES : [])],
      attested: { images: [`${registry.url}/*`], by: [attestor] },
    });
    return registry;
  }

  /** All audit logs there are, and who changed rights for longer than Cloud Logging keeps it. */
  private declareAudit(keys: KmsKeys, prometheus: RuntimeIdentity | undefined): void {
    new AuditLogging(this, "audit", {
      projectId: this.common.projectId,
      services: {
        allServices: {
          ADMIN_READ: {},
          DATA_WRITE: {},
          DATA_READ: prometheus ? { exemptedMembers: [prometheus.member] } : {},
        },
        // Prometheus may read neither.
        "secretmanager.googleapis.com": { DATA_READ: {} },
        "container.googleapis.com": { DATA_READ: {} },
      },
    });
    new LogSink(this, "audit-log-sink", {
      ...this.common,
      name: "audit-log-sink",
      description: "Who changed rights",
      filter: 'protoPayload.methodName:"google.iam"',
      destination: {
        datasetId: "audit_logs",
        location: this.environment.region,
        retentionDays: 400,
        encryptionKey: keys.key("logs-encryption-key"),
        deletionProtection: this.sizes.protect,
      },
    });
  }

  /** Zone, certificate, and in front of users a firewall for web applications. */
  private declareEdge(network: Networking) {
    const { domain } = this.config;
    const { zone: label, protect } = this.sizes;
    const zone = new CloudDnsZone(this, "zone", {
      ...this.common,
      name: `${nameOf(this.name)}-zone`,
      zoneName: label ? `${label}.${domain}` : domain,
      records: { api: { type: "A", values: [network.ingressIp], ttl: 300 } },
      delegations: this.name === "prod" ? this.delegations() : undefined,
      deletionProtection: protect,
    });
    const certificate = new Certificate(this, "certificate", {
      ...this.common,
      name: nameOf(this.name),
      dns: zone,
      domains: [zone.hostnames.api],
    });
    return { zone, certificate, armor: this.sizes.armor ? this.declareArmor() : undefined };
  }

  private delegations() {
    const { domain, prod } = this.config;
    return mapValues(prod.delegations, ({ nameServers, dsRecord }, label) => ({
      zoneName: `${label}.${domain}`,
      nameServers: nameServers.map((server) => `${server}.`),
      dsRecord,
    }));
  }

  private declareArmor(): CloudArmorPolicy {
    return new CloudArmorPolicy(this, "armor", {
      projectId: this.common.projectId,
      name: nameOf(this.name),
      adaptiveProtection: true,
      jsonParsing: "STANDARD",
      sslPolicy: true,
      rules: {
        "sql-injection": { priority: 1000, inspect: "sqli", sensitivity: 1 },
        "cross-site-scripting": { priority: 1010, inspect: "xss", sensitivity: 1 },
        floods: { priority: 2000, limit: { requests: 1000, seconds: 60, key: "IP", ban: { seconds: 600 } } },
      },
    });
  }
}
