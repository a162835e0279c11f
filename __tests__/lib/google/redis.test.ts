import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { ServiceNetworkingConnection } from "@cdktf/provider-google/lib/service-networking-connection";
import { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import type { Stack } from "../../../lib/core/stack";
import { KmsKeys } from "../../../lib/google/kms";
import { Redis, type RedisProps } from "../../../lib/google/redis";
import { synthesize } from "../../support/synth";

function build(
  over: Partial<RedisProps> | ((stack: Stack) => Partial<RedisProps>) = {},
  then?: (redis: Redis, stack: Stack) => void,
) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    const network = new ComputeNetwork(stack, "network", { name: "test" });
    const privateServicesConnection = new ServiceNetworkingConnection(stack, "private_services", {
      network: network.id,
      service: "servicenetworking.googleapis.com",
      reservedPeeringRanges: ["range"],
    });
    const redis = new Redis(stack, "cache", {
      projectId: "project",
      region: "us-central1",
      name: "cache",
      tier: "BASIC",
      memorySizeGb: 1,
      network: { networkId: network.id, privateServicesConnection },
      deletionProtection: false,
      ...(typeof over === "function" ? over(stack) : over),
    });
    then?.(redis, stack);
  });
}

const instance = (...args: Parameters<typeof build>) =>
  build(...args).resource("google_redis_instance", "cache");

describe("Redis", () => {
  test("has a private address, TLS and no password unless told otherwise", () => {
    expect(instance()).toEqual({
      project: "project",
      region: "us-central1",
      name: "cache",
      tier: "BASIC",
      memory_size_gb: 1,
      redis_version: "REDIS_7_2",
      authorized_network: "${google_compute_network.network.id}",
      connect_mode: "PRIVATE_SERVICE_ACCESS",
      read_replicas_mode: "READ_REPLICAS_DISABLED",
      auth_enabled: false,
      transit_encryption_mode: "SERVER_AUTHENTICATION",
      persistence_config: { persistence_mode: "DISABLED" },
      depends_on: ["google_service_networking_connection.private_services"],
    });
    expect(instance({ transitEncryptionMode: "DISABLED" }).transit_encryption_mode).toBe("DISABLED");
  });

  test("has a replica with STANDARD_HA, and more that answer reads when it is told", () => {
    expect(instance({ tier: "STANDARD_HA" })).toMatchObject({
      tier: "STANDARD_HA",
      replica_count: 1,
      read_replicas_mode: "READ_REPLICAS_DISABLED",
    });
    const stack = build(
      { tier: "STANDARD_HA", memorySizeGb: 6, replicaCount: 2, readReplicas: true },
      (redis, scope) => {
        scope.output("read", { value: redis.readEndpoint });
        scope.output("read_port", { value: redis.readEndpointPort });
      },
    );
    expect(stack.resource("google_redis_instance", "cache")).toMatchObject({
      replica_count: 2,
      read_replicas_mode: "READ_REPLICAS_ENABLED",
    });
    expect(stack.outputs).toEqual({
      read: { value: "${google_redis_instance.cache.read_endpoint}" },
      read_port: { value: "${google_redis_instance.cache.read_endpoint_port}" },
    });
  });

  test("tells where it is, and that there is no read endpoint without read replicas", () => {
    const { outputs } = build({}, (redis, stack) => {
      stack.output("host", { value: redis.host });
      stack.output("port", { value: redis.port });
      stack.output("name", { value: redis.instanceName });
      stack.output("url", { value: redis.connectionString });
      stack.output("ca", { value: redis.caCertificates });
      expect(() => redis.readEndpoint).toThrow(
        "test/cache: readReplicas: is missing, so there is no read endpoint: give it",
      );
    });
    expect(outputs).toEqual({
      host: { value: "${google_redis_instance.cache.host}" },
      port: { value: "${google_redis_instance.cache.port}" },
      name: { value: "${google_redis_instance.cache.name}" },
      url: {
        value: "rediss://${google_redis_instance.cache.host}:${google_redis_instance.cache.port}",
      },
      ca: { value: '${join("\\n", google_redis_instance.cache.server_ca_certs[*].cert)}' },
    });
    const open = build({ transitEncryptionMode: "DISABLED" }, (redis, stack) => {
      stack.output("url", { value: redis.connectionString });
      expect(() => redis.caCertificates).toThrow(
        "test/cache: transitEncryptionMode: is missing, so there is no certificate: give it",
      );
    });
    expect(open.outputs["url"]?.["value"]).toMatch(/^redis:\/\/\$/);
  });

  test("may have a peering of its own, and zones and a range as told", () => {
    const peered = instance({
      tier: "STANDARD_HA",
      connectMode: "DIRECT_PEERING",
      reservedIpRange: "10.9.0.0/29",
      zone: "us-central1-a",
      alternativeZone: "us-central1-b",
    });
    expect(peered).toMatchObject({
      connect_mode: "DIRECT_PEERING",
      reserved_ip_range: "10.9.0.0/29",
      location_id: "us-central1-a",
      alternative_location_id: "us-central1-b",
    });
    expect(peered).not.toHaveProperty("depends_on");
  });

  test("takes parameters, snapshots and the maintenance window, with the zeros that the API answers with", () => {
    expect(
      instance({
        version: "REDIS_7_0",
        configs: {
          activedefrag: "yes",
          "maxmemory-policy": "allkeys-lru",
          "notify-keyspace-events": "Ex",
        },
        persistence: { snapshotPeriod: "TWENTY_FOUR_HOURS", startTime: "2026-01-01T03:00:00Z" },
        maintenanceWindow: { day: 7, hour: 3 },
        labels: { environment: "test" },
      }),
    ).toMatchObject({
      redis_version: "REDIS_7_0",
      redis_configs: {
        activedefrag: "yes",
        "maxmemory-policy": "allkeys-lru",
        "notify-keyspace-events": "Ex",
      },
      persistence_config: {
        persistence_mode: "RDB",
        rdb_snapshot_period: "TWENTY_FOUR_HOURS",
        rdb_snapshot_start_time: "2026-01-01T03:00:00Z",
      },
      maintenance_policy: {
        weekly_maintenance_window: [
          { day: "SUNDAY", start_time: { hours: 3, minutes: 0, seconds: 0, nanos: 0 } },
        ],
      },
      labels: { environment: "test" },
    });
  });

  test("is encrypted with the given key, once Memorystore may use it", () => {
    const encrypted = instance((stack) => ({
      encryptionKey: new KmsKeys(stack, "keys", {
        projectId: "project",
        location: "us-central1",
        name: "ring",
        keys: { redis: { serviceAgents: ["redis.googleapis.com"] } },
        googleBeta: new GoogleBetaProvider(stack, "google-beta", {}),
      }).key("redis"),
    }));
    expect(encrypted.customer_managed_key).toBe("${google_kms_crypto_key.keys_redis.id}");
    expect(encrypted.depends_on).toEqual([
      "google_service_networking_connection.private_services",
      "google_kms_crypto_key_iam_member.keys_redis_redis",
    ]);
  });

  test("is protected in Terraform, which has the only protection there is", () => {
    expect(instance({ deletionProtection: true }).lifecycle).toEqual({ prevent_destroy: true });
  });
});
