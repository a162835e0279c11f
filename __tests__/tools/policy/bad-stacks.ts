import { ComputeFirewall } from "@cdktf/provider-google/lib/compute-firewall";
import { ContainerCluster, type ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";
import { KmsCryptoKey } from "@cdktf/provider-google/lib/kms-crypto-key";
import { LoggingProjectSink } from "@cdktf/provider-google/lib/logging-project-sink";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import {
  SqlDatabaseInstance,
  type SqlDatabaseInstanceConfig,
} from "@cdktf/provider-google/lib/sql-database-instance";
import { StorageBucket, type StorageBucketConfig } from "@cdktf/provider-google/lib/storage-bucket";
import { GoogleContainerNodePool } from "@cdktf/provider-google-beta/lib/google-container-node-pool";
import { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { Stack } from "../../../lib/core/stack";

/**
 * Stacks of which checkov has to say one thing each, and nothing else: each in another shape of arguments, so that one that
 * is not seen as it is shows. The name is the id of the check, and what is bad.
 */
export const BAD_STACKS: Readonly<Record<string, (stack: Stack) => void>> = {
  "CKV_GCP_29-an-argument": (stack) => bucket(stack, { uniformBucketLevelAccess: false }),
  "CKV_GCP_78-a-block": (stack) => bucket(stack, { versioning: { enabled: false } }),
  "CKV_GCP_62-a-block-that-is-missing": (stack) => bucket(stack, { logging: undefined }),
  "CKV_GCP_11-a-block-in-a-block-in-a-block": (stack) =>
    sql(stack, { authorizedNetworks: [{ name: "all", value: "0.0.0.0/0" }] }),
  "CKV_GCP_51-one-of-several-blocks": (stack) => sql(stack, {}, { log_checkpoints: "off" }),
  "CKV_GCP_2-a-list-in-a-block": (stack) => {
    new GoogleProvider(stack, "google", { project: "test" });
    new ComputeFirewall(stack, "firewall", {
      name: "ssh",
      network: "test",
      allow: [{ protocol: "tcp", ports: ["22"] }],
      sourceRanges: ["0.0.0.0/0"],
    });
  },
  "CKV_GCP_21-a-map": (stack) => cluster(stack, { resourceLabels: undefined }),
  "CKV_GCP_13-a-block-in-a-block": (stack) =>
    cluster(stack, { masterAuth: { clientCertificateConfig: { issueClientCertificate: true } } }),
  "CKV_GCP_68-a-block-of-google-beta": (stack) => {
    new GoogleBetaProvider(stack, "google-beta", { project: "test" });
    new GoogleContainerNodePool(stack, "pool", {
      cluster: "test",
      management: { autoRepair: true, autoUpgrade: true },
      nodeConfig: {
        shieldedInstanceConfig: { enableSecureBoot: false, enableIntegrityMonitoring: true },
        workloadMetadataConfig: { mode: "GKE_METADATA" },
      },
    });
  },
  "CKV_GCP_46-a-member": (stack) => {
    new GoogleProvider(stack, "google", { project: "test" });
    const member = "serviceAccount:1-compute@developer.gserviceaccount.com";
    new ProjectIamMember(stack, "everybody", { project: "test", role: "roles/logging.logWriter", member });
  },
  "CKV_GCP_43-a-duration": (stack) => {
    new GoogleProvider(stack, "google", { project: "test" });
    new KmsCryptoKey(stack, "key", {
      name: "key",
      keyRing: "ring",
      rotationPeriod: "31536000s",
      lifecycle: { preventDestroy: true },
    });
  },
  "CKV2_GCP_4-a-reference-between-resources": (stack) => {
    const archive = bucket(stack, { retentionPolicy: { isLocked: false, retentionPeriod: 86_400 } });
    new LoggingProjectSink(stack, "sink", {
      name: "sink",
      destination: `storage.googleapis.com/\${${archive.fqn}.name}`,
    });
  },
  "CKV_K8S_49-a-block-of-kubernetes": (stack) => {
    new KubernetesProvider(stack, "kubernetes", {});
    new RoleV1(stack, "role", {
      metadata: { name: "role", namespace: "test" },
      rule: [{ apiGroups: [""], resources: ["*"], verbs: ["get"] }],
    });
  },
};

function bucket(stack: Stack, differently: Partial<StorageBucketConfig>): StorageBucket {
  new GoogleProvider(stack, "google", { project: "test" });
  return new StorageBucket(stack, "bucket", {
    name: "test",
    location: "EU",
    uniformBucketLevelAccess: true,
    publicAccessPrevention: "enforced",
    versioning: { enabled: true },
    logging: { logBucket: "logs" },
    ...differently,
  });
}

function sql(
  stack: Stack,
  ipConfiguration: NonNullable<SqlDatabaseInstanceConfig["settings"]>["ipConfiguration"],
  flags: Readonly<Record<string, string>> = {},
): void {
  new GoogleProvider(stack, "google", { project: "test" });
  const wanted = {
    log_checkpoints: "on",
    log_connections: "on",
    log_disconnections: "on",
    log_duration: "on",
    log_hostname: "on",
    log_lock_waits: "on",
    log_min_duration_statement: "-1",
    log_min_error_statement: "error",
    log_min_messages: "warning",
    log_statement: "all",
    log_temp_files: "0",
    "cloudsql.enable_pgaudit": "on",
    ...flags,
  };
  new SqlDatabaseInstance(stack, "sql", {
    name: "test",
    databaseVersion: "POSTGRES_18",
    settings: {
      tier: "db-f1-micro",
      backupConfiguration: { enabled: true },
      databaseFlags: Object.entries(wanted).map(([name, value]) => ({ name, value })),
      ipConfiguration: {
        ipv4Enabled: false,
        sslMode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
        ...ipConfiguration,
      },
    },
  });
}

function cluster(stack: Stack, differently: Partial<ContainerClusterConfig>): void {
  new GoogleProvider(stack, "google", { project: "test" });
  new ContainerCluster(stack, "cluster", {
    name: "test",
    location: "europe-west1",
    removeDefaultNodePool: true,
    enableIntranodeVisibility: true,
    networkPolicy: { enabled: true },
    ipAllocationPolicy: {},
    resourceLabels: { environment: "test" },
    privateClusterConfig: { enablePrivateNodes: true },
    masterAuthorizedNetworksConfig: {},
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    authenticatorGroupsConfig: { securityGroup: "gke-security-groups@example.com" },
    binaryAuthorization: { evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE" },
    releaseChannel: { channel: "REGULAR" },
    nodeConfig: {
      shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
      workloadMetadataConfig: { mode: "GKE_METADATA" },
    },
    ...differently,
  });
}
