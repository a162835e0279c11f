import type { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { CloudflareDns, type DnsRecordProps } from "../../../lib/cloudflare/dns";
import type { Stack } from "../../../lib/core/stack";
import { StagingNamespace, type StagingNamespaceProps } from "../../../lib/environments/staging-namespace";
import { CloudSql, type CloudSqlProps } from "../../../lib/google/cloud-sql";
import { GkeCluster, type GkeClusterProps } from "../../../lib/google/gke-cluster";
import { Networking, type NetworkingProps } from "../../../lib/google/networking";
import { Chart } from "../../../lib/kubernetes/chart";
import type { PlueValues } from "../../../stacks/plue/chart-values";
import { engineerNames } from "../../../stacks/plue/registry/engineer-names";

/** Constructs with every feature on, with every feature off, and with sizes that other systems' documents have. */
export type Declare = (stack: Stack, googleBeta: GoogleBetaProvider) => void;

const REGION = "us-central1";
const project = { projectId: "my-project", region: REGION };
const cidr = "10.0.0.0/16";
const ranges = { pods: "10.1.0.0/16", services: "10.2.0.0/16" };
const network = (props: Partial<NetworkingProps>): NetworkingProps => ({
  ...project,
  name: "vpc",
  subnets: { cluster: { cidr, secondaryRanges: ranges } },
  ...props,
});

const NETWORKS: Readonly<Record<string, NetworkingProps>> = {
  plain: network({ subnets: { only: { cidr } } }),
  off: network({
    subnets: { a: { cidr, flowLogs: false, privateGoogleAccess: false, secondaryRanges: {} } },
    nat: false,
    defaultDenyIngress: false,
    firewallRules: {},
    labels: {},
  }),
  full: network({
    subnets: {
      a: {
        cidr,
        name: "first",
        secondaryRanges: ranges,
        flowLogs: { sampling: 1, interval: "INTERVAL_1_MIN" },
      },
      b: { cidr: "10.8.0.0/20", flowLogs: { sampling: 0.1 } },
      c: { cidr: "10.9.0.0/20", flowLogs: false },
    },
    firewallRules: {
      health: {
        ranges: ["35.191.0.0/16"],
        allow: [{ protocol: "tcp", ports: ["80", "8000-8100"] }, { protocol: "icmp" }],
      },
      out: {
        direction: "EGRESS",
        ranges: ["0.0.0.0/0"],
        deny: [{ protocol: "all" }],
        priority: 65000,
        logging: true,
      },
      tagged: {
        description: "From machines to machines",
        sourceTags: ["web"],
        targetTags: ["db"],
        allow: [{ protocol: "tcp", ports: ["5432"] }],
      },
      accounts: {
        sourceServiceAccounts: ["a@my-project.iam.gserviceaccount.com"],
        targetServiceAccounts: ["b@my-project.iam.gserviceaccount.com"],
        allow: [{ protocol: "udp" }],
      },
    },
    nat: { minPortsPerVm: 128, maxPortsPerVm: 1024, log: "ALL", staticAddresses: 3 },
    privateServices: { cidr: "10.3.0.0/20" },
    ingressAddress: { scope: "global" },
    labels: { team: "platform" },
  }),
  regional: network({
    nat: { staticAddresses: 0 },
    privateServices: { prefixLength: 20 },
    ingressAddress: { scope: "regional", name: "entry" },
    labels: { team: "platform" },
  }),
  // OctoLLM document, section "Networking Module".
  octollm: network({
    name: "octollm-dev-vpc",
    subnets: {
      gke: { cidr: "10.0.0.0/20", secondaryRanges: { pods: "10.4.0.0/14", services: "10.8.0.0/20" } },
      database: { cidr: "10.1.0.0/24" },
    },
    firewallRules: {
      "allow-internal": {
        description: "Allow all internal traffic",
        ranges: ["10.0.0.0/8"],
        allow: [{ protocol: "all" }],
      },
      "allow-ssh": {
        description: "Allow SSH from specific IPs",
        ranges: ["203.0.113.7/32"],
        allow: [{ protocol: "tcp", ports: ["22"] }],
      },
    },
  }),
  "regional-unnamed": network({ privateServices: {}, ingressAddress: { scope: "regional" } }),
};

export const declareNetworks: Declare = (stack) => {
  for (const [id, props] of Object.entries(NETWORKS)) new Networking(stack, id, props);
};

const cluster = (props: Partial<GkeClusterProps>): Omit<GkeClusterProps, "network"> => ({
  ...project,
  name: "main",
  subnet: "cluster",
  podsRange: "pods",
  servicesRange: "services",
  nodePools: { default: { machineType: "e2-medium", minNodes: 1, maxNodes: 3, diskSizeGb: 50 } },
  releaseChannel: "REGULAR",
  deletionProtection: false,
  ...props,
});

const CLUSTERS: Readonly<Record<string, Omit<GkeClusterProps, "network">>> = {
  plain: cluster({}),
  off: cluster({
    privateNodes: false,
    binaryAuthorization: false,
    intranodeVisibility: false,
    logs: [],
    metrics: [],
    filestore: false,
    backupAgent: false,
    labels: {},
  }),
  full: cluster({
    nodePools: {
      core: {
        machineType: "e2-standard-4",
        minNodes: 3,
        maxNodes: 10,
        diskSizeGb: 100,
        diskType: "pd-balanced",
      },
      arms: {
        machineType: "n2-standard-8",
        minNodes: 2,
        maxNodes: 20,
        diskSizeGb: 200,
        spot: true,
        labels: { tier: "arm", pool2: "x" },
        gpus: { type: "nvidia-l4", count: 2, driver: "LATEST" },
        taints: [
          { key: "arm", value: "true", effect: "NO_SCHEDULE" },
          { key: "spot", value: "true", effect: "PREFER_NO_SCHEDULE" },
        ],
        tags: ["arms"],
        nodeLocations: [`${REGION}-a`, `${REGION}-b`],
        imageType: "UBUNTU_CONTAINERD",
        upgrade: { maxSurge: 2, maxUnavailable: 1 },
      },
      sandbox: {
        machineType: "e2-standard-4",
        minNodes: 0,
        maxNodes: 4,
        diskSizeGb: 50,
        sandbox: "gvisor",
        gpus: { type: "nvidia-tesla-t4", count: 1 },
        spot: true,
        locationPolicy: "BALANCED",
      },
      zonal: {
        machineType: "e2-medium",
        minNodes: 1,
        maxNodes: 1,
        diskSizeGb: 20,
        nodeLocations: [`${REGION}-c`],
      },
    },
    releaseChannel: "STABLE",
    kubernetesVersion: "1.33",
    maintenanceWindow: {
      start: "2024-01-06T02:00:00Z",
      end: "2024-01-06T09:00:00Z",
      recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
      exclusions: {
        holidays: { start: "2025-12-20T00:00:00Z", end: "2026-01-02T00:00:00Z" },
        launch: { start: "2026-03-01T00:00:00Z", end: "2026-03-05T00:00:00Z", scope: "NO_MINOR_UPGRADES" },
      },
    },
    deletionProtection: true,
    controlPlane: {
      dnsEndpoint: false,
      authorizedNetworks: { office: "203.0.113.7/32", vpn: "198.51.100.0/24" },
    },
    databaseEncryptionKey: { id: "projects/p/locations/l/keyRings/r/cryptoKeys/k", grants: [] },
    logs: ["SYSTEM_COMPONENTS", "APISERVER"],
    metrics: ["SYSTEM_COMPONENTS"],
    filestore: true,
    backupAgent: true,
    labels: { team: "platform" },
  }),
  // OctoLLM document, section "GKE Module".
  octollm: cluster({
    name: "octollm-dev-cluster",
    nodePools: {
      default: { machineType: "e2-standard-2", minNodes: 1, maxNodes: 3, diskSizeGb: 50, spot: true },
    },
    kubernetesVersion: "1.28",
  }),
  windowed: cluster({
    maintenanceWindow: {
      start: "2024-01-01T02:00:00Z",
      end: "2024-01-01T08:00:00Z",
      recurrence: "FREQ=DAILY",
    },
    controlPlane: {},
  }),
};

export const declareClusters: Declare = (stack, googleBeta) => {
  const vpc = new Networking(stack, "vpc", network({}));
  for (const [id, props] of Object.entries(CLUSTERS))
    new GkeCluster(stack, id, { ...props, network: vpc, googleBeta });
};

const key = (name: string) => ({
  id: `projects/p/locations/${REGION}/keyRings/r/cryptoKeys/${name}`,
  grants: [],
});
const sql = (props: Partial<CloudSqlProps>): Omit<CloudSqlProps, "network"> => ({
  ...project,
  name: "db",
  tier: "db-f1-micro",
  highAvailability: false,
  diskSizeGb: 10,
  backup: { retained: 7, pointInTimeRecovery: false },
  deletionProtection: false,
  ...props,
});

const DATABASES: Readonly<Record<string, Omit<CloudSqlProps, "network">>> = {
  plain: sql({}),
  off: sql({
    iamAuthentication: false,
    databases: [],
    replicas: {},
    databaseFlags: {},
    labels: {},
    backup: { retained: 3, pointInTimeRecovery: true, retainedAfterDelete: false },
    sslMode: "ENCRYPTED_ONLY",
  }),
  full: sql({
    tier: "db-custom-4-16384",
    highAvailability: true,
    diskSizeGb: 100,
    diskAutoresizeLimitGb: 500,
    databaseVersion: "POSTGRES_15",
    backup: { retained: 30, pointInTimeRecovery: true, startTime: "02:00", transactionLogRetentionDays: 5 },
    queryInsights: {
      queryStringLength: 2048,
      plansPerMinute: 10,
      recordApplicationTags: true,
      recordClientAddress: true,
    },
    maintenanceWindow: { day: 7, hour: 3, updateTrack: "week5" },
    databaseFlags: { log_connections: "off", max_connections: "300", log_min_duration_statement: "1000" },
    databases: ["octollm", "audit"],
    replicas: {
      reader: { tier: "db-custom-8-32768", zone: `${REGION}-b`, highAvailability: true },
      far: { region: "europe-west1", name: "far-away", encryptionKey: key("far") },
    },
    admin: { name: "root", secretId: "db-password", passwordVersion: 3, secretEncryptionKey: key("secrets") },
    deletionProtection: true,
    encryptionKey: key("sql"),
    labels: { team: "platform" },
  }),
  // OctoLLM document, section "Database Module".
  octollm: sql({
    name: "octollm-dev-postgres",
    databaseVersion: "POSTGRES_15",
    diskSizeGb: 20,
    databases: ["octollm"],
  }),
  // Infrastructure analysis, section "Database Configuration", production.
  analysis: sql({
    tier: "db-custom-2-7680",
    highAvailability: true,
    diskSizeGb: 100,
    backup: { retained: 30, startTime: "03:00", pointInTimeRecovery: true },
    maintenanceWindow: { day: 7, hour: 3, updateTrack: "stable" },
    queryInsights: { queryStringLength: 4500, recordApplicationTags: true, recordClientAddress: false },
    databaseFlags: { log_min_duration_statement: "1000", max_connections: "200" },
    replicas: { replica: { tier: "db-custom-2-7680" } },
    deletionProtection: true,
  }),
  plus: sql({
    tier: "db-perf-optimized-N-8",
    queryInsights: {},
    maintenanceWindow: { day: 1, hour: 0 },
    admin: { name: "root", secretId: "other-password", passwordVersion: 1 },
    databases: ["app"],
  }),
};

export const declareDatabases: Declare = (stack) => {
  const vpc = new Networking(stack, "vpc", network({ privateServices: {} }));
  for (const [id, props] of Object.entries(DATABASES)) new CloudSql(stack, id, { ...props, network: vpc });
};

const RECORDS: Readonly<Record<string, Record<string, DnsRecordProps>>> = {
  none: {},
  full: {
    apex: { name: "@", type: "A", content: "203.0.113.7", proxied: true },
    api: { type: "AAAA", content: "2001:db8::1", comment: "ingress" },
    www: { type: "CNAME", content: "example.com", proxied: true },
    deep: { name: "a.b", type: "A", content: "203.0.113.8", proxied: true, advancedCertificate: true },
    mail: { name: "@", type: "MX", content: "mx.example.net", priority: 10, ttl: 3600 },
    spf: { name: "@", type: "TXT", content: 'v=spf1 include:"x" -all' },
    long: { type: "TXT", content: "x".repeat(600) },
    lines: { type: "TXT", content: "a\nb" },
    bytes: { type: "TXT", content: `${"é€😀".repeat(40)} "\\" +%20\t~\x7f ${"x".repeat(255)}` },
    quoted_twice: { type: "TXT", content: '"as" "it \\" is"' },
    quote_first: { type: "TXT", content: '"first' },
    template: { type: "TXT", content: "v=spf1 exists:%{i}._spf.${x} -all" },
    quoted: { type: "TXT", content: '"as it is"' },
  },
};

export const declareRecords: Declare = (stack) => {
  for (const [id, records] of Object.entries(RECORDS))
    new CloudflareDns(stack, id, { zoneId: "0123456789abcdef", zoneName: "example.com", records });
};

const chart = new Chart<PlueValues>("helm/plue");
const environment = (name: string, props: Partial<StagingNamespaceProps>): StagingNamespaceProps => ({
  projectId: "my-project",
  environment: "staging",
  names: engineerNames(name, "my-project"),
  email: `${name}@example.com`,
  domain: "staging.example.com",
  gateway: {
    name: "shared",
    namespace: "gateway",
    routesFrom: { label: "example.com/routes", value: "yes" },
  },
  deployerClusterRole: "deployer",
  sqlInstance: { name: "db", connectionName: "p:r:db", privateIp: "10.3.0.3" },
  application: {
    chart,
    releaseName: "plue",
    valuesFiles: ["values-staging.yaml"],
    images: {
      registry: { projectId: "my-project", location: REGION, repositoryId: "images" },
      names: { image: "api", "runner.image": "runner", "ui.image": "ui" },
      tag: name,
    },
    secrets: { environment: { KEY: "a-key" }, files: {}, versions: { "a-key": 2 } },
  },
  ...props,
});

/** One per stack, as its variables are the stack's. */
export const declareEnvironments: readonly Declare[] = [
  (stack) => new StagingNamespace(stack, "staging", environment("al-ice", {})),
  (stack) => {
    const props = environment("bob", {});
    const { application } = props;
    new StagingNamespace(stack, "staging", {
      ...props,
      readers: ["carol@example.com", "bob@example.com", "carol@example.com"],
      quota: { cpu: "6", pods: 25 },
      controlPlaneRanges: ["10.64.0.0/20"],
      podLimits: { cpu: "2", memory: "4Gi", ephemeralStorage: "1Gi" },
      labels: { team: "platform", environment: "overridden" },
      application: {
        ...application,
        valuesFiles: [],
        images: { ...application.images, resolveDigests: false },
        secrets: { environment: {}, files: { FILE: "a-file" }, versions: {} },
      },
    });
  },
];
