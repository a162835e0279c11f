import { RedisInstance } from "@cdktf/provider-google/lib/redis-instance";
import { Construct } from "constructs";
import { expression } from "../../core/expression";
import { rejectProps } from "../../core/invalid-props";
import { lifecycle, optionalOutput } from "../../core/props";
import { redisProblems } from "./checks";
import { DEFAULT_VERSION, type RedisMaintenanceWindowProps, type RedisProps } from "./props";

export type * from "./props";

/** 1 is Monday, as for Cloud SQL. */
const DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

/**
 * Memorystore for Redis instance with a private address, TLS and no password.
 *
 * There is none because Terraform would keep it in its state (`auth_string`). Whoever reaches the address may read and write
 * everything: let in by the network's firewall what has to, and put nothing here that pods beside must not see.
 *
 * With BASIC a failure, an update or a change of size empties it, up to the last snapshot of `persistence`. Google has no
 * protection against deletion of it, so whoever may delete instances can.
 *
 * Who applies it needs roles/redis.admin, and with DIRECT_PEERING compute.networks.use and a peering's rights. For its cost
 * see `plue cost`; replicas that answer reads are counted as nodes, two at the price of STANDARD_HA.
 *
 * Source: OctoLLM document, section "Redis Module"; Copy-That document, section "Redis Configuration".
 * @see https://cloud.google.com/memorystore/docs/redis/redis-tiers
 * @throws when the network has no private services access, `authEnabled` is on, or a value is one that Memorystore refuses
 * @example
 * ```ts
 * const network = new Networking(stack, "network", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "acme-vpc",
 *   subnets: { cluster: { cidr: "10.0.0.0/20" } },
 *   privateServices: { cidr: "10.3.0.0/16" },
 * });
 * const redis = new Redis(stack, "sessions", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "sessions",
 *   tier: "STANDARD_HA",
 *   memorySizeGb: 5,
 *   readReplicas: true,
 *   network,
 *   configs: { "maxmemory-policy": "allkeys-lru", "notify-keyspace-events": "Ex" },
 *   persistence: { snapshotPeriod: "TWENTY_FOUR_HOURS" },
 *   maintenanceWindow: { day: 7, hour: 3 },
 *   deletionProtection: true,
 * });
 * stack.output("redis_host", { value: redis.host });
 * ```
 */
export class Redis extends Construct {
  /** The instance's id: `name`. */
  readonly instanceName: string;
  /** Private address of the primary. */
  readonly host: string;
  /** Its port: 6378 with TLS, otherwise 6379. */
  readonly port: number;
  /** Both as clients take them: `rediss://10.3.0.4:6378`, and without TLS `redis://…`. It has no password. */
  readonly connectionString: string;
  /** Whom it exports and imports as, an IAM member: let it write to the bucket of `gcloud redis instances export`. */
  readonly exportMember: string;
  private readonly reading?: { readonly host: string; readonly port: number };
  private readonly authorities?: string;

  constructor(scope: Construct, id: string, props: RedisProps) {
    super(scope, id);
    rejectProps(this, redisProblems(props));
    const { tier, network, persistence, readReplicas = false, encryptionKey: key } = props;
    const connectMode = props.connectMode ?? "PRIVATE_SERVICE_ACCESS";
    const connection =
      connectMode === "PRIVATE_SERVICE_ACCESS" ? network.privateServicesConnection : undefined;
    const first = [...(connection ? [connection] : []), ...(key?.grants ?? [])];

    const instance = new RedisInstance(this, "Resource", {
      project: props.projectId,
      region: props.region,
      name: props.name,
      tier,
      memorySizeGb: props.memorySizeGb,
      redisVersion: props.version ?? DEFAULT_VERSION,
      authorizedNetwork: network.networkId,
      connectMode,
      reservedIpRange: props.reservedIpRange,
      locationId: props.zone,
      alternativeLocationId: props.alternativeZone,
      replicaCount: tier === "BASIC" ? undefined : (props.replicaCount ?? 1),
      readReplicasMode: readReplicas ? "READ_REPLICAS_ENABLED" : "READ_REPLICAS_DISABLED",
      authEnabled: false,
      transitEncryptionMode: props.transitEncryptionMode ?? "SERVER_AUTHENTICATION",
      redisConfigs: props.configs && { ...props.configs },
      // Written out when it is off too: a block that leaves the code would stay in force.
      persistenceConfig: persistence
        ? {
            persistenceMode: "RDB",
            rdbSnapshotPeriod: persistence.snapshotPeriod,
            rdbSnapshotStartTime: persistence.startTime,
          }
        : { persistenceMode: "DISABLED" },
      maintenancePolicy: props.maintenanceWindow && maintenancePolicy(props.maintenanceWindow),
      customerManagedKey: key?.id,
      labels: props.labels,
      dependsOn: first.length > 0 ? first : undefined,
      lifecycle: lifecycle(props.deletionProtection),
    });
    this.instanceName = instance.name;
    this.host = instance.host;
    this.port = instance.port;
    this.exportMember = instance.persistenceIamIdentity;
    const scheme = instance.transitEncryptionModeInput === "DISABLED" ? "redis" : "rediss";
    this.connectionString = `${scheme}://${instance.host}:${instance.getStringAttribute("port")}`;
    if (readReplicas) this.reading = { host: instance.readEndpoint, port: instance.readEndpointPort };
    if (scheme === "rediss")
      this.authorities = expression`join(${"\n"}, ${instance.fqn}.server_ca_certs[*].cert)`;
  }

  /**
   * Google's certificates of authority that clients have to trust, as PEM: a new one is there before the old one ends. No secret.
   * @throws without TLS
   */
  get caCertificates(): string {
    return optionalOutput(this, "certificate", this.authorities, "transitEncryptionMode");
  }

  /**
   * Private address at which the replicas answer reads, somewhat later than the primary.
   * @throws without `readReplicas`
   */
  get readEndpoint(): string {
    return optionalOutput(this, "read endpoint", this.reading, "readReplicas").host;
  }

  /**
   * Its port.
   * @throws without `readReplicas`
   */
  get readEndpointPort(): number {
    return optionalOutput(this, "read endpoint", this.reading, "readReplicas").port;
  }
}

function maintenancePolicy({ day, hour }: RedisMaintenanceWindowProps) {
  return {
    weeklyMaintenanceWindow: [
      // With the zeros that the API answers with.
      { day: DAYS[day - 1] as string, startTime: { hours: hour, minutes: 0, seconds: 0, nanos: 0 } },
    ],
  };
}
