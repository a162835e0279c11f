import { unitRange } from "../../../tools/cost/describe";
import { estimateStack } from "../../../tools/cost/estimate";

type Resources = Record<string, Record<string, Record<string, unknown>>>;
const estimate = (resource: Resources) => estimateStack({ resource });
const pool = (config: object, rest: object = { autoscaling: bounds(1, 3) }) => ({
  google_container_node_pool: {
    default: {
      node_config: { machine_type: "e2-medium", disk_type: "pd-ssd", disk_size_gb: 50, ...config },
      ...rest,
    },
  },
});
const bounds = (low: number, high: number) => ({ total_min_node_count: low, total_max_node_count: high });

test("a pool costs its machines and boot disks, at the lower and the upper bound of its autoscaler", () => {
  const { lines, low, high } = estimate(pool({}));
  expect(lines).toEqual([
    {
      address: "google_container_node_pool.default",
      what: "e2-medium",
      quantity: { low: 1, high: 3 },
      unit: "node",
      price: { low: 24.46, high: 24.46 },
      cost: { low: 24.46, high: 73.38 },
    },
    {
      address: "google_container_node_pool.default",
      what: "boot disk, pd-ssd, 50 GB a node",
      quantity: { low: 50, high: 150 },
      unit: "GB",
      price: { low: 0.17, high: 0.17 },
      cost: { low: 8.5, high: 25.5 },
    },
  ]);
  expect({ low, high }).toEqual({ low: 32.96, high: 98.88 });
});

test("bounds per zone count for every zone, three where none is named, and a fixed size is both bounds", () => {
  const perZone = { autoscaling: { min_node_count: 1, max_node_count: 3 } };
  const nodes = (rest: object) => estimate(pool({}, rest)).lines[0]?.quantity;
  expect(nodes(perZone)).toEqual({ low: 3, high: 9 });
  expect(nodes({ ...perZone, node_locations: ["a", "b"] })).toEqual({ low: 2, high: 6 });
  expect(nodes({ node_count: 2 })).toEqual({ low: 6, high: 6 });
});

test.each([
  ["db-f1-micro", "ZONAL", 10, 7.67 + 1.7],
  ["db-f1-micro", "REGIONAL", 10, 15.33 + 3.4],
  ["db-custom-2-7680", "ZONAL", 50, 98.63 + 8.5],
  ["db-custom-2-7680", "REGIONAL", 50, 197.25 + 17],
  ["db-custom-2-8192", "ZONAL", 50, 101.19 + 8.5],
  ["db-custom-2-8192", "REGIONAL", 50, 202.36 + 17],
])("an instance of %s, %s, costs itself and its disk", (tier, availability, disk, usd) => {
  const settings = { tier, availability_type: availability, disk_size: disk, disk_type: "PD_SSD" };
  const { low, high } = estimate({ google_sql_database_instance: { sql: { settings } } });
  expect(low).toBeCloseTo(usd, 5);
  expect(high).toBe(low);
});

test("a read replica costs its machine and a disk as large as its primary's", () => {
  const settings = { tier: "db-custom-2-8192", disk_size: 50, disk_type: "PD_SSD" };
  const replica = (primary: string) =>
    estimate({
      google_sql_database_instance: {
        sql: { name: "shop", settings },
        sql_replicas_a: { master_instance_name: primary, settings: { ...settings, disk_size: undefined } },
      },
    }).lines.filter(({ address }) => address.endsWith("_a"));
  for (const primary of ["${google_sql_database_instance.sql.name}", "shop"])
    expect(replica(primary).map(({ cost }) => cost.low)).toEqual([101.19, 8.5]);
  // Which is in another stack: what Google makes without a size.
  expect(replica("elsewhere").map(({ cost }) => cost.low)).toEqual([101.19, 1.7]);
});

test("a disk costs its size, in each of its zones", () => {
  const args = { type: "pd-ssd", size: 100 };
  const { lines } = estimate({ google_compute_disk: { a: args }, google_compute_region_disk: { b: args } });
  expect(lines.map(({ cost }) => cost.low)).toEqual([17, 34]);
});

test.each([
  ["BASIC", 2, 71.54],
  ["STANDARD_HA", 5, 197.1],
  ["STANDARD_HA", 11, 369.38],
])("Redis %s of %d GB costs by its size, which makes a GB cheaper", (tier, memory_size_gb, usd) => {
  expect(estimate({ google_redis_instance: { cache: { tier, memory_size_gb } } }).low).toBe(usd);
});

test("a Redis whose replicas answer reads is counted by node, of which STANDARD_HA is two", () => {
  const redis = (args: object) =>
    estimate({ google_redis_instance: { cache: { tier: "STANDARD_HA", memory_size_gb: 6, ...args } } }).low;
  const read_replicas_mode = "READ_REPLICAS_ENABLED";
  expect(redis({ read_replicas_mode, replica_count: 1 })).toBeCloseTo(redis({}));
  expect(redis({ read_replicas_mode, replica_count: 2 })).toBeCloseTo(1.5 * redis({}));
});

test("a Redis of a size that the list does not have is said to be without a price", () => {
  const gaps = (args: object) =>
    estimate({ google_redis_instance: { cache: { tier: "STANDARD_HA", ...args } } }).withoutPrice;
  expect(gaps({ memory_size_gb: 6 })).toEqual([]);
  expect(gaps({ memory_size_gb: 40 })).toEqual([
    expect.stringContaining("has no price for Redis, STANDARD_HA, 40 GB"),
  ]);
});

test("a function costs nothing at rest, and at most all its instances at work", () => {
  const service_config = { available_memory: "256Mi", max_instance_count: 2 };
  const { lines, notCounted } = estimate({ google_cloudfunctions2_function: { rotate: { service_config } } });
  expect(lines.map(({ what, quantity, cost }) => [what, quantity.high, cost.low, cost.high])).toEqual([
    ["CPU, by request", 0.334, 0, 21.07],
    ["memory, by request", 0.5, 0, 3.29],
  ]);
  expect(notCounted.map(({ what }) => what)).toEqual([
    "requests: 0.40 per million requests; builds, by the minute",
  ]);
});

test("what is billed by use alone is told with its prices", () => {
  const { low, notCounted } = estimate({
    google_pubsub_topic: { orders: {} },
    google_pubsub_subscription: { billing: {} },
    google_bigquery_dataset: { logs: {} },
  });
  expect(low).toBe(0);
  expect(Object.fromEntries(notCounted.map(({ type, what }) => [type, what]))).toEqual({
    google_pubsub_topic:
      "messages: 40.00 per TiB published from the first 10 GiB on, 0.27 per GiB that the topic keeps",
    google_pubsub_subscription:
      "messages: 40.00 per TiB delivered from the first 10 GiB on, 0.27 per GiB kept longer than a day",
    google_bigquery_dataset: expect.stringContaining("0.023 per GB active"),
  });
});

test("NAT costs by the nodes behind it, and never more than its gateway's maximum", () => {
  const nat = { google_compute_router_nat: { nat: {} } };
  const costOf = (low: number, high: number) =>
    estimate({ ...nat, ...pool({}, { autoscaling: bounds(low, high) }) }).lines.find(({ address }) =>
      address.startsWith("google_compute_router_nat"),
    )?.cost;
  expect(costOf(5, 30)).toEqual({ low: 5.11, high: 30.66 });
  expect(costOf(2, 40)).toEqual({ low: 2.04, high: 32.12 });
});

test("NAT takes an address for each 64,512 ports of its nodes, of those they have at least and at most", () => {
  const addresses = (nat: object, low = 1, high = 8) =>
    estimate({
      google_compute_router_nat: { nat: { ...nat } },
      ...pool({}, { autoscaling: bounds(low, high) }),
    }).lines.find(({ what }) => what.startsWith("addresses"))?.cost;
  expect(addresses({})).toEqual({ low: 3.65, high: 3.65 });
  const dynamic = { enable_dynamic_port_allocation: true, min_ports_per_vm: 64, max_ports_per_vm: 65536 };
  expect(addresses(dynamic)).toEqual({ low: 3.65, high: 9 * 3.65 });
  expect(addresses({ min_ports_per_vm: 32768 }, 2, 4)).toEqual({ low: 2 * 3.65, high: 3 * 3.65 });
});

test("addresses that are reserved for NAT cost as themselves, and are not an ingress", () => {
  const { lines } = estimate({
    google_compute_address: { "nat-1": {}, ingress: {} },
    google_compute_router_nat: {
      nat: { nat_ip_allocate_option: "MANUAL_ONLY", nat_ips: ["${google_compute_address.nat-1.self_link}"] },
    },
  });
  expect(lines.map(({ address, cost }) => [address, cost.low])).toEqual([
    ["google_compute_address.nat-1", 3.65],
    ["google_compute_address.ingress", 18.25],
    ["google_compute_router_nat.nat", 0],
  ]);
});

test("Filestore costs by its size, and a cluster with its driver one share of the smallest", () => {
  const costOf = (resource: Resources) => {
    const { low, high } = estimate(resource);
    return { low, high };
  };
  const file_shares = { name: "a", capacity_gb: 2048 };
  expect(costOf({ google_filestore_instance: { share: { tier: "BASIC_HDD", file_shares } } })).toEqual({
    low: 327.68,
    high: 409.6,
  });
  const driver = (enabled: boolean) => ({ gcp_filestore_csi_driver_config: { enabled } });
  const cluster = (enabled: boolean) =>
    costOf({ google_container_cluster: { cluster: { addons_config: driver(enabled) } } });
  expect(cluster(true)).toEqual({ low: 73 + 163.84, high: 73 + 204.8 });
  expect(cluster(false)).toEqual({ low: 73, high: 73 });
});

test("of another region only what costs the same everywhere is counted, and the rest named in a sentence", () => {
  const resource = {
    google_container_cluster: { cluster: { location: "europe-west1" } },
    ...pool({}, { autoscaling: bounds(1, 3), location: "europe-west1-b" }),
    google_secret_manager_secret: { token: {} },
  };
  const { lines, withoutPrice } = estimateStack({
    resource,
    provider: { google: [{ region: "europe-west1" }] },
  });
  expect(lines.map(({ what }) => what)).toEqual(["GKE, regional control plane", "one version"]);
  expect(withoutPrice).toEqual([
    "prices of europe-west1 are not known, as lib/core/resource-types/prices.ts has those of us-central1: e2-medium; boot disk, pd-ssd, 50 GB a node",
  ]);
});

test("a resource's own region counts, and its provider's where it names none or Terraform computes it", () => {
  const disk = (region: string) =>
    estimateStack({
      resource: { google_compute_disk: { a: { type: "pd-ssd", size: 100, zone: region } } },
      provider: { google: [{ region: "us-central1" }] },
    }).low;
  expect([disk("us-central1-a"), disk("${var.zone}"), disk("us-east1-b")]).toEqual([17, 17, 0]);
});

test("a cluster costs its fee, a public address the first five forwarding rules, a private range nothing", () => {
  const { lines } = estimate({
    google_container_cluster: { cluster: {} },
    google_compute_global_address: { ingress: {}, range: { address_type: "INTERNAL" } },
  });
  expect(lines.map(({ address, cost }) => [address, cost.low])).toEqual([
    ["google_container_cluster.cluster", 73],
    ["google_compute_global_address.ingress", 18.25],
  ]);
});

test("forwarding rules of the stack cost as one up to five, then each, and their addresses nothing", () => {
  const lines = (count: number) =>
    estimate({
      google_compute_global_address: { edge: {} },
      google_compute_global_forwarding_rule: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`rule_${index}`, {}]),
      ),
    }).lines.map(({ address, cost }) => [address, cost.low]);
  const first = ["google_compute_global_forwarding_rule.rule_0", 18.25];
  expect(lines(2)).toEqual([first]);
  expect(lines(5)).toEqual([first]);
  expect(lines(7)).toEqual([
    first,
    ["google_compute_global_forwarding_rule.rule_5", 7.3],
    ["google_compute_global_forwarding_rule.rule_6", 7.3],
  ]);
});

test("a Cloud Armor policy costs itself and the rules that are written out, but the last; a zone of Cloud DNS itself", () => {
  const rule = [{ priority: 1 }, { priority: 2 }, { priority: 2 ** 31 - 1 }];
  const { lines } = estimate({
    google_compute_security_policy: {
      api: { rule },
      gateway: { rule: rule.slice(2), dynamic: { rule: {} } },
    },
    google_dns_managed_zone: { zone: {} },
  });
  expect(lines.map(({ address, cost }) => [address, cost.low])).toEqual([
    ["google_compute_security_policy.api", 5],
    ["google_compute_security_policy.api", 2],
    ["google_compute_security_policy.gateway", 5],
    ["google_dns_managed_zone.zone", 0.2],
  ]);
});

describe("Cloud Run", () => {
  const template = (cpu: string, memory: string, rest: object = {}, scaling: object = {}) => ({
    template: { scaling, containers: [{ resources: { limits: { cpu, memory }, ...rest } }] },
  });
  const service = (args: object) => estimate({ google_cloud_run_v2_service: { api: { ...args } } });
  const least = (min_instance_count: number) => ({ scaling: { min_instance_count } });

  test("by request costs what is kept warm at rest, up to all instances at work", () => {
    const of = template("1", "512Mi", { cpu_idle: true }, { max_instance_count: 10 });
    const { lines, low, high } = service({ ...of, ...least(2) });
    expect(lines.map(({ what, quantity, unit }) => [what, quantity, unit])).toEqual([
      ["CPU, by request", { low: 2, high: 10 }, "vCPU"],
      ["memory, by request", { low: 1, high: 5 }, "GiB"],
    ]);
    expect(unitRange({ low: 1, high: 5 }, "GiB")).toBe("1 to 5 GiB");
    expect(low).toBe(13.14 + 6.57);
    expect(high).toBe(630.72 + 32.85);
    expect(service(of)).toMatchObject({ low: 0, high });
  });

  test("with CPU always on costs the same for each hour of an instance, at rest or not", () => {
    const of = template("2", "1Gi", { cpu_idle: false }, { max_instance_count: 100 });
    expect(service({ ...of, ...least(1) })).toMatchObject({ low: 94.61 + 5.26, high: 9460.8 + 525.6 });
  });

  const clock = (target: string, schedules: Record<string, number>) => ({
    google_cloud_scheduler_job: Object.fromEntries(
      Object.entries(schedules).map(([schedule, instances], index) => [
        `step_${index}`,
        {
          schedule,
          http_target: {
            uri: `https://run.googleapis.com/v2/projects/p/locations/r/x/\${${target}.name}?updateMask=scaling.x`,
            body: `\${base64encode(jsonencode({"scaling" = {"minInstanceCount" = ${instances}}}))}`,
          },
        },
      ]),
    ),
  });
  const night = { "0 22 * * *": 0, "0 6 * * 1-5": 1 };
  const linesOf = (resource: Resources) =>
    estimate(resource)
      .lines.filter(({ address }) => address.startsWith("google_cloud_run"))
      .map(({ what, quantity, cost }) => [what, Math.round(quantity.low * 168), cost.low]);

  test("by the clock is kept warm for the hours of a week that it is, and says what that saves", () => {
    const api = template("1", "1Gi", { cpu_idle: true }, { max_instance_count: 10 });
    // 80 hours of 168.
    expect(
      linesOf({
        google_cloud_run_v2_service: { api },
        ...clock("google_cloud_run_v2_service.api", night),
      }),
    ).toEqual([
      ["CPU, by request; the clock saves 3.44", 80, 3.13],
      ["memory, by request; the clock saves 3.44", 80, 3.13],
    ]);
  });

  test("by a clock that is another service's, or not the same each week, is kept warm by nobody", () => {
    const api = template("1", "1Gi", { cpu_idle: true }, { max_instance_count: 10 });
    for (const clocks of [
      clock("google_cloud_run_v2_service.api_2", night),
      clock("google_cloud_run_v2_service.api", { ...night, "0 0 1 * *": 2 }),
    ])
      expect(linesOf({ google_cloud_run_v2_service: { api }, ...clocks })).toEqual([
        ["CPU, by request", 0, 0],
        ["memory, by request", 0, 0],
      ]);
  });

  test("has worker pools, which cost as long as they are there", () => {
    const worker = { ...template("1", "1Gi"), scaling: { manual_instance_count: 2 } };
    const resource = { google_cloud_run_v2_worker_pool: { worker } };
    expect(linesOf(resource)).toEqual([
      ["CPU, worker pool", 336, 94.61],
      ["memory, worker pool", 336, 10.51],
    ]);
    expect(linesOf({ ...resource, ...clock("google_cloud_run_v2_worker_pool.worker", night) })).toEqual([
      ["CPU, worker pool; the clock saves 24.78", 80, 22.53],
      ["memory, worker pool; the clock saves 2.75", 80, 2.5],
    ]);
  });

  test("says what of it is not counted", () => {
    const { notCounted } = estimate({ google_cloud_run_v2_job: { migrate: {} } });
    expect(notCounted).toEqual([
      {
        type: "google_cloud_run_v2_job",
        resources: 1,
        what: "tasks while they run: 0.0648 per vCPU and hour, 0.0072 per GiB and hour",
      },
    ]);
  });

  test("has schedules, which cost ten cents each", () => {
    expect(estimate({ google_cloud_scheduler_job: { down: {}, up: {} } })).toMatchObject({
      low: 0.2,
      high: 0.2,
    });
  });
});

test("a secret costs a version in each place that keeps it", () => {
  const replication = { user_managed: { replicas: [{ location: "a" }, { location: "b" }] } };
  const { lines } = estimate({ google_secret_manager_secret: { one: {}, two: { replication } } });
  expect(lines.map(({ cost }) => cost.low)).toEqual([0.06, 0.12]);
});

test("a key costs its versions, which rotation makes more of within a year", () => {
  const versions = (args: object) =>
    estimate({ google_kms_crypto_key: { key: { ...args } } }).lines[0]?.quantity;
  expect(versions({})).toEqual({ low: 1, high: 1 });
  expect(versions({ rotation_period: "7776000s" })).toEqual({ low: 1, high: 5 });
  expect(versions({ purpose: "ASYMMETRIC_SIGN" })).toEqual({ low: 1, high: 1 });
});

test("managed firewall rules stand for Cloudflare's plan Pro, other rules for none", () => {
  const { low, high } = estimate({
    cloudflare_ruleset: {
      managed: { phase: "http_request_firewall_managed" },
      cache: { phase: "http_request_cache_settings" },
    },
  });
  expect({ low, high }).toEqual({ low: 20, high: 25 });
});

test("Spot machines cost between 9 and 40 % of what others do", () => {
  const [full] = estimate(pool({})).lines;
  const [spot] = estimate(pool({ spot: true })).lines;
  const share = ({ low = 0, high = 0 } = {}, { low: of = 1, high: most = 1 } = {}) => [low / of, high / most];
  expect(share(spot?.quantity, full?.quantity).map((part) => Number(part.toFixed(2)))).toEqual([0.09, 0.4]);
  expect(spot?.price).toEqual(full?.price);
});

test("what the price list lacks is named with its resource and not taken for free", () => {
  const gaps = (resource: Resources) => estimate(resource).withoutPrice;
  expect(gaps(pool({ machine_type: "n2-highmem-8" }))).toEqual([
    "google_container_node_pool.default: lib/core/resource-types/prices.ts has no price for n2-highmem-8",
  ]);
  expect(gaps(pool({ guest_accelerator: [{ type: "nvidia-l4", count: 2 }] }))).toEqual([
    "google_container_node_pool.default: lib/core/resource-types/prices.ts has no price for GPU nvidia-l4, 2 a node",
  ]);
  expect(gaps({ google_redis_instance: { cache: { memory_size_gb: 300 } } })).toEqual([
    "google_redis_instance.cache: lib/core/resource-types/prices.ts has no price for Redis, BASIC, 300 GB",
  ]);
  expect(gaps({ google_filestore_instance: { share: { tier: "ENTERPRISE" } } })).toEqual([
    "google_filestore_instance.share: lib/core/resource-types/prices.ts has no price for Filestore share, ENTERPRISE",
  ]);
  expect(gaps({ google_sql_database_instance: { sql: { settings: { tier: "db-custom-96-1" } } } })).toEqual([
    "google_sql_database_instance.sql: lib/core/resource-types/prices.ts has no price for db-custom-96-1, zonal",
  ]);
});

test("a type without a row is named, also one that is called as every object's properties are", () => {
  const { notClassified, low } = estimate({
    google_tpu_node: { one: {}, two: {} },
    constructor: { one: {} },
  });
  expect(notClassified).toEqual(["google_tpu_node", "constructor"]);
  expect(low).toBe(0);
});

test("what a type costs by use is named with how many there are", () => {
  expect(
    estimate({ google_storage_bucket: { a: {}, b: {} }, google_sql_user: { c: {} } }).notCounted,
  ).toEqual([
    {
      type: "google_storage_bucket",
      resources: 2,
      what: expect.stringMatching(/^what it holds: 0.02 per GB in one region, /),
    },
  ]);
});

test.each([
  ["google_cloudbuild_trigger", /^minutes of builds: 0\.016 per minute on E2_HIGHCPU_8/],
  ["google_cloudbuild_worker_pool", /nothing while none runs/],
  ["google_compute_region_commitment", /paid whether used or not/],
])("%s is not taken for free", (type, said) => {
  const { notCounted } = estimate({ [type]: { it: {} } });
  expect(notCounted).toEqual([{ type, resources: 1, what: expect.stringMatching(said) }]);
});
