import type { TerraformProvider } from "cdktf";
import type { KmsKey } from "../kms";
import type { Networking } from "../networking";
import type { MaintenanceProps } from "./maintenance";
import type { NodePoolProps } from "./node-pool";

export interface GkeClusterProps {
  /** Google Cloud project. */
  readonly projectId: string;
  /** A regional cluster: three control planes, nodes in three zones. Changing it recreates the cluster. */
  readonly region: string;
  /** At most 24 characters, since the nodes' service account is `<name>-nodes`. Changing it recreates the cluster. */
  readonly name: string;
  /** Changing it recreates the cluster, like the four after it. */
  readonly network: Pick<Networking, "networkId" | "subnets">;
  /** Key of one of the network's subnets. */
  readonly subnet: string;
  /** Name of the subnet's secondary range for pods. Each node takes a /24 of it. */
  readonly podsRange: string;
  /** Name of the subnet's secondary range for services. */
  readonly servicesRange: string;
  /** The pools by name; `default` becomes `default-pool`, its nodes have the label `pool: default`. */
  readonly nodePools: Record<string, NodePoolProps>;
  /** Who gets Kubernetes versions when: STABLE later than REGULAR; EXTENDED may keep one for 24 months, for a fee. */
  readonly releaseChannel: "RAPID" | "REGULAR" | "STABLE" | "EXTENDED";
  /**
   * Lowest Kubernetes version of the control plane (`1.33`); the channel upgrades it from there.
   * @default the channel's
   */
  readonly kubernetesVersion?: string;
  /** When GKE may upgrade cluster and nodes. @default none: GKE upgrades when it likes */
  readonly maintenanceWindow?: MaintenanceProps;
  /** Refuses to destroy the cluster, in the provider and in Terraform (`prevent_destroy`): take both off in one apply, destroy in the next. */
  readonly deletionProtection: boolean;
  /** Nodes without public addresses; they reach the internet by the network's NAT. @default true */
  readonly privateNodes?: boolean;
  /** How the Kubernetes API is reached. @default { dnsEndpoint: true } */
  readonly controlPlane?: ControlPlaneProps;
  /**
   * Encrypts Kubernetes secrets in etcd, above Google's own encryption of the disk. GKE cannot undo it: without the key
   * the cluster is lost.
   * @default none
   */
  readonly databaseEncryptionKey?: KmsKey;
  /**
   * Admits only images that the project's Binary Authorization policy allows: see `BinaryAuthorization`. Google's own
   * policy, where none is declared, allows all. Needs binaryauthorization.googleapis.com.
   * @default true
   */
  readonly binaryAuthorization?: boolean;
  /**
   * Sends traffic between pods of one node through the network too, so that firewall rules see it and flow logs, which
   * are charged by volume, hold it.
   * @default true
   */
  readonly intranodeVisibility?: boolean;
  /**
   * Whose logs go to Cloud Logging, charged by volume.
   * @default ["SYSTEM_COMPONENTS", "WORKLOADS"]
   */
  readonly logs?: LogComponent[];
  /**
   * What is measured besides the workloads' own metrics (managed Prometheus), charged by samples but for SYSTEM_COMPONENTS.
   * @default ["SYSTEM_COMPONENTS", "STORAGE", "HPA", "POD", "DAEMONSET", "DEPLOYMENT", "STATEFULSET"]
   */
  readonly metrics?: MetricComponent[];
  /**
   * The driver for Filestore volumes, which several pods may write to at once; costs nothing until one is claimed. Needs
   * file.googleapis.com.
   * @default false
   */
  readonly filestore?: boolean;
  /** The agent of Backup for GKE, which charges per pod once there is a backup plan. @default false */
  readonly backupAgent?: boolean;
  /** The google-beta provider; needed with a sandboxed pool. @default none */
  readonly googleBeta?: TerraformProvider;
  /** Labels of the cluster, and of its machines and disks. @default none */
  readonly labels?: Record<string, string>;
}

/**
 * Two doors to the Kubernetes API. The DNS endpoint is reachable from everywhere and lets in who has the IAM permission
 * `container.clusters.connect`; the IP endpoint lets in listed address ranges.
 */
export interface ControlPlaneProps {
  /** @default true */
  readonly dnsEndpoint?: boolean;
  /**
   * Ranges that may connect to the IP endpoint, by a name for each (`{office: "203.0.113.7/32"}`).
   * @default none: there is no IP endpoint
   */
  readonly authorizedNetworks?: Record<string, string>;
}

export type LogComponent =
  | "SYSTEM_COMPONENTS"
  | "WORKLOADS"
  | "APISERVER"
  | "CONTROLLER_MANAGER"
  | "SCHEDULER"
  | "KCP_CONNECTION"
  | "KCP_SSHD"
  | "KCP_HPA";

export type MetricComponent =
  | "SYSTEM_COMPONENTS"
  | "APISERVER"
  | "CONTROLLER_MANAGER"
  | "SCHEDULER"
  | "STORAGE"
  | "HPA"
  | "POD"
  | "DAEMONSET"
  | "DEPLOYMENT"
  | "STATEFULSET"
  | "CADVISOR"
  | "KUBELET"
  | "DCGM"
  | "JOBSET";
