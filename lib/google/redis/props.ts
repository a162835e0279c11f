import type { KmsKey } from "../kms";
import type { Networking } from "../networking";
import type { RedisConfigName } from "./configs";

export interface RedisPersistenceProps {
  /** Time between snapshots. */
  readonly snapshotPeriod: "ONE_HOUR" | "SIX_HOURS" | "TWELVE_HOURS" | "TWENTY_FOUR_HOURS";
  /** Moment to which snapshots are aligned, RFC 3339 in UTC: `2026-01-01T03:00:00Z`. @default when it is switched on */
  readonly startTime?: string;
}

export interface RedisMaintenanceWindowProps {
  /** 1 (Monday) to 7 (Sunday). */
  readonly day: number;
  /** Start of the hour, 0 to 23 UTC; the window is an hour. */
  readonly hour: number;
}

export interface RedisProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Changing it recreates the instance, without its data. */
  readonly region: string;
  /** Instance id. Changing it recreates the instance, without its data. */
  readonly name: string;
  /**
   * BASIC is one node, which loses its data with a failure or an update; STANDARD_HA has a replica in another zone that takes
   * over. Changing it recreates the instance, without its data.
   */
  readonly tier: "BASIC" | "STANDARD_HA";
  /** Memory in GB, 1 to 300. A change is made in place; a BASIC instance is empty afterwards. */
  readonly memorySizeGb: number;
  /**
   * Memorystore for Redis ends at 7.2; what comes after is Valkey. A later version upgrades in place, an earlier one recreates.
   * @default "REDIS_7_2"
   */
  readonly version?: "REDIS_6_X" | "REDIS_7_0" | "REDIS_7_2";
  /** The network to be reachable from, by private address only. */
  readonly network: Pick<Networking, "networkId" | "privateServicesConnection">;
  /**
   * PRIVATE_SERVICE_ACCESS takes an address of the network's private services access, DIRECT_PEERING of a range and a
   * peering of its own. Changing it recreates the instance, without its data.
   * @default "PRIVATE_SERVICE_ACCESS"
   */
  readonly connectMode?: "PRIVATE_SERVICE_ACCESS" | "DIRECT_PEERING";
  /**
   * For its address: name of an allocated range of private services access, or with DIRECT_PEERING a free IPv4 range of /29,
   * with read replicas /28. Changing it recreates the instance, without its data.
   * @default Google chooses
   */
  readonly reservedIpRange?: string;
  /** Zone of the primary. Changing it recreates the instance, without its data. @default Google chooses */
  readonly zone?: string;
  /** Another zone, for the replica of STANDARD_HA. Changing it recreates the instance, without its data. @default Google chooses */
  readonly alternativeZone?: string;
  /** Replicas: none with BASIC; 1 with STANDARD_HA, and 1 to 5 with read replicas. @default 0 with BASIC, otherwise 1 */
  readonly replicaCount?: number;
  /**
   * Replicas answer reads at {@link Redis.readEndpoint}. Needs STANDARD_HA and 5 GB. Can be chosen at creation only:
   * changing it recreates the instance, without its data.
   * @default false
   */
  readonly readReplicas?: boolean;
  /**
   * Refused where it is true: Terraform reads the password that Google makes (`auth_string`) into its state. TLS, the
   * private address and the network's firewall keep others out; who needs users without passwords takes Memorystore for
   * Valkey, which has IAM authentication.
   * @default false
   */
  readonly authEnabled?: boolean;
  /**
   * TLS, at port 6378: clients need Google's certificates of authority, {@link Redis.caCertificates}. Changing it recreates the
   * instance, without its data.
   * @default "SERVER_AUTHENTICATION"
   */
  readonly transitEncryptionMode?: "SERVER_AUTHENTICATION" | "DISABLED";
  /** Parameters of Redis, as Redis calls them: `{"maxmemory-policy": "allkeys-lru"}`. @default Google's */
  readonly configs?: Readonly<Partial<Record<RedisConfigName, string>>>;
  /** RDB snapshots, from which it comes back after it has lost its memory. Free. @default none */
  readonly persistence?: RedisPersistenceProps;
  /** When Google may update the instance. @default any time */
  readonly maintenanceWindow?: RedisMaintenanceWindowProps;
  /** Key in the region that Memorystore may use. Changing it recreates the instance, without its data. @default Google's keys */
  readonly encryptionKey?: KmsKey;
  /** Terraform refuses to destroy or recreate the instance; the API has no such switch. Switch off and apply before a destroy. */
  readonly deletionProtection: boolean;
  /** Labels of the instance. @default none */
  readonly labels?: Record<string, string>;
}

/** The last there is. */
export const DEFAULT_VERSION = "REDIS_7_2";
