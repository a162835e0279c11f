import type { CloudflareCdnProps } from "../../lib/cloudflare/cdn";
import type { DnsRecordProps } from "../../lib/cloudflare/dns";
import type { CdnRateLimits } from "../../lib/google/cloud-armor";
import type { CloudSqlProps } from "../../lib/google/cloud-sql";
import type { GkeClusterProps } from "../../lib/google/gke-cluster";
import type { Thresholds } from "../../lib/google/monitoring/levels";
import type { NetworkingProps } from "../../lib/google/networking";
import type { EnvironmentName, PlueConfig } from "./config";
import type { EnvironmentAlerts } from "./environment-alerts";

/** Props of constructs that the stack itself sets; all others are sizes. */
type SetByStack =
  | "projectId"
  | "region"
  | "name"
  | "labels"
  | "deletionProtection"
  | "googleBeta"
  // Networking
  | "subnets"
  | "privateServices"
  | "ingressAddress"
  // GkeCluster and CloudSql
  | "network"
  | "subnet"
  | "podsRange"
  | "servicesRange"
  | "filestore"
  | "databaseEncryptionKey"
  | "databases"
  | "admin"
  | "encryptionKey";

/**
 * Sizes in which staging and production differ. What they share is in {@link EnvironmentStack}.
 * @typeParam Database names of the databases that the stack makes
 */
export interface EnvironmentSizes<Database extends string = string> {
  /** Name of cluster and database instance, and beginning of the names of what belongs to them. */
  readonly name: string;
  /** NAT and firewall of the network. @default as the construct has them */
  readonly network?: Omit<NetworkingProps, SetByStack>;
  readonly cluster: Omit<GkeClusterProps, SetByStack>;
  readonly database: Omit<CloudSqlProps, SetByStack> & { readonly databases?: readonly Database[] };
  /** Values above which alerts fire. @default as `Thresholds` of `lib/google/monitoring/levels.ts` says */
  readonly alertThresholds?: Thresholds;
  /** Volumes that several pods write to at once (Filestore): the Git repositories where the API has replicas. */
  readonly sharedVolumes: boolean;
  /** Refuse deletion twice, in the API and in Terraform, and encrypt with keys of our own. */
  readonly protect: boolean;
}

/** How requests reach the Gateway: DNS, certificate, TLS, and who is let in. */
export interface Edge {
  /** Zone in Cloudflare. */
  readonly zoneId: string;
  /** Domain that the records are below, in that zone. */
  readonly zoneName: string;
  /** DNS records, by a key that becomes part of their Terraform address. @param ingressIp address of the Gateway */
  readonly records: (ingressIp: string) => Readonly<Record<string, DnsRecordProps>>;
  /** Domains of the Gateway's certificate. */
  readonly domains: readonly string[];
  /**
   * Cloudflare's cache and firewall in front of the Gateway, which then takes requests from Cloudflare alone.
   * @default none: anybody's
   */
  readonly cdn?: Omit<CloudflareCdnProps, "zoneId">;
  /** Rate limits at the Gateway, by the CDN's word for the client. @default none */
  readonly rateLimits?: CdnRateLimits;
}

/** The application where it runs once in the environment, as Google and the database know it. */
export interface ApplicationIdentity<Database extends string> {
  /** Id of its service account. */
  readonly accountId: string;
  readonly displayName: string;
  /** Kubernetes namespace of its pods. */
  readonly namespace: string;
  /** Its database, one of the sizes'. */
  readonly database: Database;
}

export interface EnvironmentStackProps<Database extends string = string> {
  readonly config: PlueConfig;
  readonly name: EnvironmentName;
  readonly sizes: EnvironmentSizes<Database>;
  readonly edge: Edge;
  readonly alerts: EnvironmentAlerts;
  /** @default none: each engineer's release has its own */
  readonly application?: ApplicationIdentity<Database>;
}
