import { MINUTES_PER_WEEK, timesOfWeek } from "../cron";
import { argument, type Block } from "../terraform-json";
import {
  ADDRESS_IN_USE,
  ALERT_CONDITION,
  ALERT_SERIES,
  ARMOR_POLICY,
  ARMOR_REQUESTS,
  ARMOR_RULE,
  CERTIFICATE,
  CLOUDFLARE_PRO_MONTHLY,
  CLOUDFLARE_PRO_YEARLY,
  CLUSTER_FEE,
  DATABASE_DISKS,
  DATABASES,
  DISKS,
  DNS_QUERIES,
  DNS_ZONE,
  FILESTORE_AT_LEAST,
  FILESTORE_AT_MOST,
  FILESTORE_SMALLEST_GB,
  FORWARDING_RULES,
  FURTHER_FORWARDING_RULE,
  HOURS_PER_MONTH,
  IDLE_ADDRESS,
  KEY_USES,
  KEY_VERSION,
  LOGS,
  MACHINES,
  METRICS,
  NAT_MACHINE,
  NAT_MACHINES_AT_MOST,
  NAT_TRAFFIC,
  OBJECTS,
  OBJECTS_ARCHIVE,
  OBJECTS_COLDLINE,
  OBJECTS_IN_SEVERAL,
  OBJECTS_NEARLINE,
  PRICE_LIST,
  PROMETHEUS_SAMPLES,
  type Price,
  per,
  REDIS_BY_SIZE,
  RUN_ALWAYS_ON,
  RUN_BY_REQUEST,
  RUN_IDLE,
  RUN_REQUESTS,
  RUN_TASKS,
  type RunPrices,
  SCHEDULE,
  SECRET_READS,
  SECRET_VERSION,
  UPTIME_CHECKS,
  usdIn,
} from "./prices";

/** From the least to the most of something. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** One thing that costs. Without a price it is something that the price list does not have. */
export interface Position {
  /** What it is: "e2-medium", "boot disk, pd-ssd". */
  readonly what: string;
  readonly quantity: Range;
  readonly price: Price | undefined;
  /** The most that a unit costs, where that differs. */
  readonly priceAtMost?: Price;
}

/** How a type of resource is billed. Not at all where it has neither: `{}`. */
export interface Billing {
  /** What a resource costs. @param all every resource of its stack */
  readonly positions?: (block: Block, all: readonly Block[]) => readonly Position[];
  /** What it costs beyond that, and why that is not counted. */
  readonly notCounted?: string;
}

/** Costs nothing by itself. */
export const FREE: Billing = {};
const one: Range = { low: 1, high: 1 };
const times = ({ low, high }: Range, factor: number): Range => ({ low: low * factor, high: high * factor });
const text = (block: Block, ...path: string[]) => String(argument(block.args, ...path) ?? "");

/** Zones of a region in which GKE puts a regional pool that names none. */
const ZONES_BY_DEFAULT = 3;
/** Forwarding rules of a project that have one price together. */
const FORWARDING_RULES_TOGETHER = 5;

/** Nodes of a pool in all zones together, by the bounds of its autoscaler. */
function nodesOf({ args }: Block): Range {
  const number = (...path: string[]) => Number(argument(args, ...path) ?? 0);
  const total = argument(args, "autoscaling", "total_max_node_count");
  if (total !== undefined) return { low: number("autoscaling", "total_min_node_count"), high: Number(total) };
  const zones = argument(args, "node_locations");
  const each = Array.isArray(zones) ? zones.length : ZONES_BY_DEFAULT;
  if (argument(args, "autoscaling") !== undefined)
    return {
      low: each * number("autoscaling", "min_node_count"),
      high: each * number("autoscaling", "max_node_count"),
    };
  const fixed = each * number("node_count");
  return { low: fixed, high: fixed };
}

/** Nodes of all the pools. */
function allNodes(blocks: readonly Block[]): Range {
  const pools = blocks.filter(({ type }) => type === "google_container_node_pool").map(nodesOf);
  return {
    low: pools.reduce((sum, { low }) => sum + low, 0),
    high: pools.reduce((sum, { high }) => sum + high, 0),
  };
}

/** Share of the full price that Spot machines cost: it moves with what is idle, by 60 to 91 % off. */
const SPOT = { low: 0.09, high: 0.4 };

export const nodePool: Billing = {
  positions: (block) => {
    const nodes = nodesOf(block);
    const spot = argument(block.args, "node_config", "spot") === true;
    const machine = text(block, "node_config", "machine_type") || "e2-medium";
    const disk = text(block, "node_config", "disk_type") || "pd-balanced";
    const gigabytes = Number(argument(block.args, "node_config", "disk_size_gb") ?? 100);
    const gpus = Number(argument(block.args, "node_config", "guest_accelerator", "count") ?? 0);
    const gpu = text(block, "node_config", "guest_accelerator", "type");
    return [
      {
        what: spot ? `${machine}, spot: as many at the full price` : machine,
        quantity: spot ? { low: nodes.low * SPOT.low, high: nodes.high * SPOT.high } : nodes,
        price: MACHINES[machine],
      },
      {
        what: `boot disk, ${disk}, ${gigabytes} GB a node`,
        quantity: times(nodes, gigabytes),
        price: DISKS[disk],
      },
      // No price is known of any.
      ...(gpus > 0
        ? [{ what: `GPU ${gpu}, ${gpus} a node`, quantity: times(nodes, gpus), price: undefined }]
        : []),
    ];
  },
  notCounted: "nodes that an upgrade adds for a while, volumes that pods claim, traffic between zones",
};

/** The instance that a read replica copies, where the same stack declares it. */
export function primaryOf({ args }: Block, all: readonly Block[]): Block | undefined {
  const primary = args["master_instance_name"];
  return all.find(
    ({ type, name, args: { name: called } }) =>
      type === "google_sql_database_instance" &&
      primary !== undefined &&
      (primary === called || primary === `\${google_sql_database_instance.${name}.name}`),
  );
}

export const databaseInstance: Billing = {
  positions: (block, all) => {
    const availability = text(block, "settings", "availability_type") === "REGIONAL" ? "REGIONAL" : "ZONAL";
    const shown = availability.toLowerCase();
    const tier = text(block, "settings", "tier");
    const disk = text(block, "settings", "disk_type") || "PD_SSD";
    // A replica's disk has the primary's size.
    const sized = primaryOf(block, all) ?? block;
    const gigabytes = Number(argument(sized.args, "settings", "disk_size") ?? 10);
    return [
      { what: `${tier}, ${shown}`, quantity: one, price: DATABASES[tier]?.[availability] },
      {
        what: `disk, ${disk}, ${shown}`,
        quantity: times(one, gigabytes),
        price: DATABASE_DISKS[disk]?.[availability],
      },
    ];
  },
  notCounted: "backups and logs for point-in-time recovery, what the disk grows by itself",
};

const isForwardingRule = ({ type }: Block) => type === "google_compute_global_forwarding_rule";

/** Whether a gateway of Cloud NAT takes its addresses from this reservation. */
function isOfNat({ address }: Block, all: readonly Block[]): boolean {
  return all.some(
    ({ type, args }) =>
      type === "google_compute_router_nat" &&
      JSON.stringify(args["nat_ips"] ?? []).includes(`\${${address}.`),
  );
}

export const address: Billing = {
  positions: (block, all) => {
    if ((block.args["address_type"] ?? "EXTERNAL") !== "EXTERNAL") return [];
    if (isOfNat(block, all)) return [{ what: "address of NAT", quantity: one, price: ADDRESS_IN_USE }];
    // Otherwise a Gateway makes them.
    if (all.some(isForwardingRule)) return [];
    return [{ what: "forwarding rules of the Gateway, up to five", quantity: one, price: FORWARDING_RULES }];
  },
  notCounted: `what the load balancer passes on, by the GB; an address that nothing uses: ${per(IDLE_ADDRESS)}`,
};

/** Of the stack's own, the first five are one price. */
export const forwardingRule: Billing = {
  positions: (block, all) => {
    const place = all.filter(isForwardingRule).findIndex(({ address }) => address === block.address);
    if (place === 0)
      return [{ what: "forwarding rules of the stack, up to five", quantity: one, price: FORWARDING_RULES }];
    if (place < FORWARDING_RULES_TOGETHER) return [];
    return [{ what: "forwarding rule beyond five", quantity: one, price: FURTHER_FORWARDING_RULE }];
  },
};

/** Cloud CDN has a price for each part of the world, and no estimate knows what it will serve. */
export const backendBucket: Billing = {
  notCounted:
    "what the load balancer passes on, by the GB; what Cloud CDN serves and fills, by the GB and the request",
};

/** By volume, which no estimate knows. */
export const bucket: Billing = {
  notCounted: [
    `what it holds: ${per(OBJECTS)} in one region, ${per(OBJECTS_IN_SEVERAL)} in several`,
    `NEARLINE ${per(OBJECTS_NEARLINE)}, COLDLINE ${per(OBJECTS_COLDLINE)}, ARCHIVE ${per(OBJECTS_ARCHIVE)}`,
    "old versions and what was deleted for a while alike, operations",
  ].join("; "),
};

export const zone: Billing = {
  positions: () => [{ what: "Cloud DNS zone", quantity: one, price: DNS_ZONE }],
  notCounted: `queries: ${per(DNS_QUERIES)}`,
};

/** Ports of one address. @see https://cloud.google.com/nat/docs/ports-and-addresses */
const PORTS_OF_ADDRESS = 64_512;

/** Addresses that a gateway takes by itself, for as many ports as its nodes have at least and at most. */
function ownAddresses({ args }: Block, nodes: Range): Range {
  const least = Number(args["min_ports_per_vm"] ?? 64);
  const most = args["enable_dynamic_port_allocation"] === true ? args["max_ports_per_vm"] : undefined;
  const addresses = (machines: number, ports: number) =>
    Math.max(1, Math.ceil((machines * ports) / PORTS_OF_ADDRESS));
  return { low: addresses(nodes.low, least), high: addresses(nodes.high, Number(most ?? least)) };
}

export const nat: Billing = {
  positions: (block, all) => {
    const nodes = allNodes(all);
    const counted = (number: number) => Math.min(number, NAT_MACHINES_AT_MOST);
    return [
      {
        what: "NAT of nodes without an address of their own",
        quantity: { low: counted(nodes.low), high: counted(nodes.high) },
        price: NAT_MACHINE,
      },
      // Those that are reserved are resources themselves.
      ...(block.args["nat_ip_allocate_option"] === "MANUAL_ONLY"
        ? []
        : [
            {
              what: "addresses that NAT takes, by ports",
              quantity: ownAddresses(block, nodes),
              price: ADDRESS_IN_USE,
            },
          ]),
    ];
  },
  notCounted: `what passes through it: ${per(NAT_TRAFFIC)}`,
};

export const secret: Billing = {
  positions: (block) => {
    const replicas = argument(block.args, "replication", "user_managed", "replicas");
    const places = Array.isArray(replicas) ? replicas.length : 1;
    return [
      {
        what: places > 1 ? `one version in ${places} places` : "one version",
        quantity: times(one, places),
        price: SECRET_VERSION,
      },
    ];
  },
  notCounted: `older versions that are not destroyed; ${per(SECRET_READS)}`,
};

/** At most: the versions that rotation has made after a year. */
export const key: Billing = {
  positions: (block) => {
    const level = text(block, "version_template", "protection_level") || "SOFTWARE";
    const seconds = Number.parseInt(text(block, "rotation_period"), 10);
    const rotations = Number.isNaN(seconds) ? 0 : Math.floor((365 * 86_400) / seconds);
    return [
      {
        what: level === "SOFTWARE" ? "key versions, up to a year's" : `key versions, ${level}`,
        quantity: { low: 1, high: 1 + rotations },
        price: level === "SOFTWARE" ? KEY_VERSION : undefined,
      },
    ];
  },
  notCounted: `versions beyond a year's rotations; ${per(KEY_USES)}`,
};

export const ruleset: Billing = {
  positions: ({ args }) =>
    // Only paid plans run managed rules; the plan itself is not a resource here.
    args["phase"] === "http_request_firewall_managed"
      ? [
          {
            what: "Cloudflare Pro, billed yearly to monthly",
            quantity: one,
            price: CLOUDFLARE_PRO_YEARLY,
            priceAtMost: CLOUDFLARE_PRO_MONTHLY,
          },
        ]
      : [],
};

/** A Filestore share. @param gigabytes of it */
const share = (what: string, gigabytes: number): Position => ({
  what,
  quantity: times(one, gigabytes),
  price: FILESTORE_AT_LEAST,
  priceAtMost: FILESTORE_AT_MOST,
});

/** With the driver for Filestore, one share of the smallest size: what claims it is a chart, which is not seen here. */
export const cluster: Billing = {
  positions: ({ args }) => [
    { what: "GKE, regional control plane", quantity: one, price: CLUSTER_FEE },
    ...(argument(args, "addons_config", "gcp_filestore_csi_driver_config", "enabled") === true
      ? [share("Filestore share that a chart claims, the smallest", FILESTORE_SMALLEST_GB)]
      : []),
  ],
  notCounted: `logs beyond 50 GiB: ${per(LOGS)}; metrics of its objects: ${per(PROMETHEUS_SAMPLES)}; Filestore shares beyond the first TiB`,
};

export const filestore: Billing = {
  positions: (block) => {
    const tier = text(block, "tier");
    const gigabytes = Number(argument(block.args, "file_shares", "capacity_gb") ?? FILESTORE_SMALLEST_GB);
    if (tier === "BASIC_HDD" || tier === "STANDARD") return [share(`Filestore share, ${tier}`, gigabytes)];
    return [{ what: `Filestore share, ${tier}`, quantity: times(one, gigabytes), price: undefined }];
  },
  notCounted: "backups of its shares",
};

/** By condition; how many series each reads, depends on how much there is. */
export const alertPolicy: Billing = {
  positions: ({ args }) => {
    const conditions = [args["conditions"] ?? []].flat().length;
    return [
      {
        what: conditions === 1 ? "condition" : "conditions",
        quantity: { low: conditions, high: conditions },
        price: ALERT_CONDITION,
      },
    ];
  },
  notCounted: `what its conditions read: ${per(ALERT_SERIES)}`,
};

/** Places from which a check is made, by region; all where it names none. */
const CHECKING_PLACES: Readonly<Record<string, number>> = {
  USA: 3,
  EUROPE: 1,
  SOUTH_AMERICA: 1,
  ASIA_PACIFIC: 1,
};
const FREE_CHECKS = 1_000_000;

/** Of the stack's checks together, as a million a month is free. */
export const uptimeCheck: Billing = {
  positions: ({ address }, all) => {
    const checks = all.filter(({ type }) => type === "google_monitoring_uptime_check_config");
    if (checks[0]?.address !== address) return [];
    const made = checks.reduce((sum, { args }) => sum + checksInMonth(args), 0);
    if (made <= FREE_CHECKS) return [];
    const charged = (made - FREE_CHECKS) / 1000;
    return [
      {
        what: "uptime checks of the stack beyond a million",
        quantity: { low: charged, high: charged },
        price: UPTIME_CHECKS,
      },
    ];
  },
};

function checksInMonth(args: Block["args"]): number {
  const regions = args["selected_regions"] as readonly string[] | undefined;
  const places = (regions ?? Object.keys(CHECKING_PLACES)).reduce(
    (sum, region) => sum + (CHECKING_PLACES[region] ?? 1),
    0,
  );
  return (places * HOURS_PER_MONTH * 3600) / Number.parseInt(String(args["period"] ?? "300s"), 10);
}

/** By what it counts, and by how many values its labels have. */
export const logMetric: Billing = { notCounted: `what it writes: ${per(METRICS)}` };

export const certificate: Billing = {
  positions: () => [{ what: "certificate, first hundred of a project", quantity: one, price: CERTIFICATE }],
};

/** Of rules as many as are written out; how many ranges of somebody else's make, Terraform alone knows. */
export const armorPolicy: Billing = {
  positions: ({ args }) => {
    const rules = [args["rule"] ?? []].flat().length - 1;
    return [
      { what: "Cloud Armor policy", quantity: one, price: ARMOR_POLICY },
      ...(rules > 0
        ? [
            {
              what: "Cloud Armor's rules, the last not counted",
              quantity: times(one, rules),
              price: ARMOR_RULE,
            },
          ]
        : []),
    ];
  },
  notCounted: `Cloud Armor's rules by ranges that are looked up, and requests: ${per(ARMOR_RULE)}, ${per(ARMOR_REQUESTS)}`,
};

/** A persistent disk that is claimed as such. @param zones in which it is kept */
export const disk = (zones: number): Billing => ({
  positions: (block) => {
    const type = text(block, "type") || "pd-standard";
    const gigabytes = Number(argument(block.args, "size") ?? 0);
    return [
      {
        what: zones > 1 ? `disk, ${type}, in ${zones} zones` : `disk, ${type}`,
        quantity: times(one, gigabytes * zones),
        price: gigabytes > 0 ? DISKS[type] : undefined,
      },
    ];
  },
});

export const machine: Billing = {
  positions: (block) => {
    const type = text(block, "machine_type");
    const disk = text(block, "boot_disk", "initialize_params", "type") || "pd-standard";
    const gigabytes = Number(argument(block.args, "boot_disk", "initialize_params", "size") ?? 10);
    return [
      { what: type, quantity: one, price: MACHINES[type] },
      { what: `boot disk, ${disk}`, quantity: times(one, gigabytes), price: DISKS[disk] },
    ];
  },
  notCounted: "licences, graphics processors, an address on the internet",
};

export const redis: Billing = {
  positions: (block) => {
    const tier = text(block, "tier") || "BASIC";
    const gigabytes = Number(argument(block.args, "memory_size_gb") ?? 0);
    const [, prices] = REDIS_BY_SIZE.find(([upTo]) => gigabytes <= upTo) ?? [];
    const reads = argument(block.args, "read_replicas_mode") === "READ_REPLICAS_ENABLED";
    // A replica that answers reads is billed as a node; the price of STANDARD_HA is that of two.
    const nodes = 1 + Number(argument(block.args, "replica_count") ?? 1);
    return [
      {
        what: `Redis, ${tier}, ${gigabytes} GB${reads ? `, ${nodes} nodes, of which the price is for two` : ""}`,
        quantity: times(one, reads ? (gigabytes * nodes) / 2 : gigabytes),
        price: prices?.[tier === "STANDARD_HA" ? tier : "BASIC"],
      },
    ];
  },
  notCounted: "where replicas answer reads, that their price by node may be another",
};

/** What an instance of Cloud Run has, by the limits of its container. */
function runInstance(block: Block): { cpu: number; gib: number } {
  const limit = (name: string) => text(block, "template", "containers", "resources", "limits", name);
  const [, amount, unit] = /^(\d+)([MG])i$/.exec(limit("memory")) ?? [];
  return { cpu: Number(limit("cpu")), gib: Number(amount) / (unit === "M" ? 1024 : 1) };
}

/** Instances by the clock: on average over a week, and at most. */
interface ClockedInstances {
  readonly average: number;
  readonly most: number;
}

/** What schedules set a service's least number of instances to, or the number of a worker pool's; undefined without any. */
function byTheClock({ type, name }: Block, all: readonly Block[]): ClockedInstances | undefined {
  const sets = all.filter(
    (block) =>
      block.type === "google_cloud_scheduler_job" &&
      text(block, "http_target", "uri").includes(`\${${type}.${name}.name}?updateMask=scaling.`),
  );
  const changes = sets.map((block) => {
    const [, instances] = /InstanceCount" = (\d+)/.exec(text(block, "http_target", "body")) ?? [];
    return timesOfWeek(text(block, "schedule"))?.map((from) => ({ from, instances: Number(instances) }));
  });
  // One that is not the same each week has no average.
  if (sets.length === 0 || changes.includes(undefined)) return undefined;
  const steps = changes.flatMap((each) => each ?? []).sort((a, b) => a.from - b.from);
  const minutes = steps.map(({ from, instances }, index) => {
    const next = steps[index + 1]?.from ?? (steps[0]?.from ?? 0) + MINUTES_PER_WEEK;
    return instances * (next - from);
  });
  return {
    average: minutes.reduce((sum, each) => sum + each, 0) / MINUTES_PER_WEEK,
    most: Math.max(...steps.map(({ instances }) => instances)),
  };
}

/** CPU and memory of instances, and what the clock saves of them. */
function runPositions(
  block: Block,
  shown: string,
  instances: Range,
  clocked: ClockedInstances | undefined,
  [least, most]: readonly [RunPrices, RunPrices],
): Position[] {
  const { cpu, gib } = runInstance(block);
  return [
    { what: "CPU", each: cpu, price: least.cpu, priceAtMost: most.cpu },
    { what: "memory", each: gib, price: least.memory, priceAtMost: most.memory },
  ].map(({ what, each, price, priceAtMost }) => {
    const saved = clocked
      ? (clocked.most - clocked.average) * each * (usdIn(price, PRICE_LIST.region) ?? 0)
      : 0;
    return {
      what: `${what}, ${shown}${clocked ? `; the clock saves ${saved.toFixed(2)}` : ""}`,
      quantity: times(instances, each),
      price,
      priceAtMost,
    };
  });
}

/** From the instances that are kept warm, at rest, to as many as there may be of one revision, at work. */
export const runService: Billing = {
  positions: (block, all) => {
    const clocked = byTheClock(block, all);
    const instances: Range = {
      low: clocked?.average ?? Number(argument(block.args, "scaling", "min_instance_count") ?? 0),
      high: Number(argument(block.args, "template", "scaling", "max_instance_count")),
    };
    return argument(block.args, "template", "containers", "resources", "cpu_idle") === true
      ? runPositions(block, "by request", instances, clocked, [RUN_IDLE, RUN_BY_REQUEST])
      : runPositions(block, "always on", instances, clocked, [RUN_ALWAYS_ON, RUN_ALWAYS_ON]);
  },
  notCounted: `requests of services that are billed by them: ${per(RUN_REQUESTS)}; starts, revisions beside each other`,
};

/** vCPUs that Cloud Functions gives an instance, by memory of up to so many GiB. @see https://cloud.google.com/run/docs/configuring/services/cpu */
const FUNCTION_CPU: readonly (readonly [upToGib: number, cpu: number])[] = [
  [0.125, 0.083],
  [0.25, 0.167],
  [0.5, 0.333],
  [1, 0.583],
  [2, 1],
  [8, 2],
  [16, 4],
  [32, 8],
];

/** From none, at rest, to as many as there may be, at work all month long. */
export const cloudFunction: Billing = {
  positions: (block) => {
    const [, amount, unit] = /^(\d+)([MG])i?$/.exec(text(block, "service_config", "available_memory")) ?? [];
    const gib = Number(amount) / (unit === "M" ? 1024 : 1);
    const [, cpu = 0] = FUNCTION_CPU.find(([upTo]) => gib <= upTo) ?? [];
    const most = Number(argument(block.args, "service_config", "max_instance_count"));
    return [
      { what: "CPU, by request", quantity: { low: 0, high: most * cpu }, price: RUN_BY_REQUEST.cpu },
      { what: "memory, by request", quantity: { low: 0, high: most * gib }, price: RUN_BY_REQUEST.memory },
    ];
  },
  notCounted: `requests: ${per(RUN_REQUESTS)}; builds, by the minute`,
};

export const runJob: Billing = {
  notCounted: `tasks while they run: ${per(RUN_TASKS.cpu)}, ${per(RUN_TASKS.memory)}`,
};

export const runWorkerPool: Billing = {
  positions: (block, all) => {
    const clocked = byTheClock(block, all);
    const count = clocked?.average ?? Number(argument(block.args, "scaling", "manual_instance_count"));
    const instances = times(one, count);
    return runPositions(block, "worker pool", instances, clocked, [RUN_ALWAYS_ON, RUN_ALWAYS_ON]);
  },
  notCounted: "what they cost less than services with CPU always on, at whose price they are counted",
};

export const schedule: Billing = {
  positions: () => [{ what: "schedule, beyond three of a billing account", quantity: one, price: SCHEDULE }],
};

/** By a price that the list does not have: every estimate says so. */
export const unpriced = (what: string): Billing => ({
  positions: () => [{ what, quantity: one, price: undefined }],
});
