/** What one unit costs in a month. */
export interface Price {
  /** USD by region; one number where every region has the same. */
  readonly usd: number | Readonly<Record<string, number>>;
  /** What is counted: "node", "GB", "10,000 reads". */
  readonly unit: string;
  readonly source: string;
}

/** Hours in a month, as Google's own price pages count. */
export const HOURS_PER_MONTH = 730;

/**
 * Where and when the prices are those of the vendors' lists, before discounts, free tiers and taxes. Of other regions only
 * what costs the same everywhere is known; an estimate names the rest as missing.
 */
export const PRICE_LIST = { region: "us-central1", date: "2026-11", currency: "USD" } as const;

const COMPUTE = "https://cloud.google.com/compute/vm-instance-pricing";
const PERSISTENT_DISKS = "https://cloud.google.com/compute/disks-image-pricing";
const GKE = "https://cloud.google.com/kubernetes-engine/pricing";
const SQL = "https://cloud.google.com/sql/pricing";
const VPC = "https://cloud.google.com/vpc/network-pricing";
const NAT = "https://cloud.google.com/nat/pricing";
const SECRETS = "https://cloud.google.com/secret-manager/pricing";
const KMS = "https://cloud.google.com/kms/pricing";
const CERTIFICATES = "https://cloud.google.com/certificate-manager/pricing";
const ARMOR = "https://cloud.google.com/armor/pricing";
const STORAGE = "https://cloud.google.com/storage/pricing";
const ARTIFACTS = "https://cloud.google.com/artifact-registry/pricing";
const BIGQUERY = "https://cloud.google.com/bigquery/pricing";
const FILESTORE = "https://cloud.google.com/filestore/pricing";
const PUBSUB = "https://cloud.google.com/pubsub/pricing";
const BUILD = "https://cloud.google.com/build/pricing";
const CLOUD_DNS = "https://cloud.google.com/dns/pricing";
const REDIS = "https://cloud.google.com/memorystore/docs/redis/pricing";
const RUN = "https://cloud.google.com/run/pricing";
const SCHEDULER = "https://cloud.google.com/scheduler/pricing";
const MONITORING = "https://cloud.google.com/products/observability/pricing";
const CLOUDFLARE = "https://www.cloudflare.com/plans/";

/** @param usd in the region of the list, or by region */
const price = (usd: number | Readonly<Record<string, number>>, unit: string, source: string): Price => ({
  usd: typeof usd === "number" ? { [PRICE_LIST.region]: usd } : usd,
  unit,
  source,
});

/** A price that is the same in every region. */
const everywhere = (usd: number, unit: string, source: string): Price => ({ usd, unit, source });

/** What a unit costs in a region, in USD; undefined where that is not known. */
export function usdIn({ usd }: Price, region: string): number | undefined {
  if (typeof usd === "number") return usd;
  return Object.hasOwn(usd, region) ? usd[region] : undefined;
}

/** A price in a sentence, that of the list's region: `0.045 per GB`. */
export function per(price: Price): string {
  const usd = usdIn(price, PRICE_LIST.region) ?? Number.NaN;
  return `${usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 4 })} per ${price.unit}`;
}

/** GKE's fee for a cluster that is regional or not Autopilot. */
export const CLUSTER_FEE = everywhere(73, "cluster", GKE);

/** Virtual machines on demand, by machine type. */
export const MACHINES: Readonly<Record<string, Price>> = {
  "e2-small": price(12.23, "node", COMPUTE),
  "e2-medium": price(24.46, "node", COMPUTE),
  "e2-standard-2": price(48.92, "node", COMPUTE),
  "e2-standard-4": price(97.84, "node", COMPUTE),
  "e2-standard-8": price(195.67, "node", COMPUTE),
  "e2-standard-16": price(391.35, "node", COMPUTE),
  "n2-standard-8": price(283.59, "node", COMPUTE),
};

/** Zonal persistent disks, by type. */
export const DISKS: Readonly<Record<string, Price>> = {
  "pd-standard": price(0.04, "GB", PERSISTENT_DISKS),
  "pd-balanced": price(0.1, "GB", PERSISTENT_DISKS),
  "pd-ssd": price(0.17, "GB", PERSISTENT_DISKS),
};

interface ByAvailability {
  readonly ZONAL: Price;
  readonly REGIONAL: Price;
}

const database = (zonal: number, regional: number): ByAvailability => ({
  ZONAL: price(zonal, "instance", SQL),
  REGIONAL: price(regional, "instance", SQL),
});

/** PostgreSQL instances of the edition Enterprise, by machine type; a regional one has a standby. */
export const DATABASES: Readonly<Record<string, ByAvailability>> = {
  "db-f1-micro": database(7.67, 15.33),
  "db-g1-small": database(25.55, 51.1),
  "db-custom-1-3840": database(49.31, 98.62),
  "db-custom-2-7680": database(98.63, 197.25),
  "db-custom-2-8192": database(101.19, 202.36),
  "db-custom-4-16384": database(202.36, 404.71),
};

/** Storage of a database instance. */
export const DATABASE_DISKS: Readonly<Record<string, ByAvailability>> = {
  PD_SSD: { ZONAL: price(0.17, "GB", SQL), REGIONAL: price(0.34, "GB", SQL) },
};

/** The first five forwarding rules of a project together. */
export const FORWARDING_RULES = price(18.25, "set", VPC);

/** Each further forwarding rule of a project. */
export const FURTHER_FORWARDING_RULE = price(7.3, "forwarding rule", VPC);
/** An address on the internet that is reserved and not in use. */
export const IDLE_ADDRESS = everywhere(7.3, "address", VPC);

/** Cloud NAT, for each machine behind it. */
export const NAT_MACHINE = everywhere(0.0014 * HOURS_PER_MONTH, "node", NAT);
/** What passes through Cloud NAT, in either direction. */
export const NAT_TRAFFIC = everywhere(0.045, "GB", NAT);
/** From so many machines on, a gateway costs no more. */
export const NAT_MACHINES_AT_MOST = 0.044 / 0.0014;

/** An address on the internet that is in use. */
export const ADDRESS_IN_USE = everywhere(0.005 * HOURS_PER_MONTH, "address", VPC);

/** A version of a secret, in each place where it is kept. */
export const SECRET_VERSION = everywhere(0.06, "version", SECRETS);

/** Reads of secret versions. */
export const SECRET_READS = everywhere(0.03, "10,000 reads", SECRETS);

/** A version of a key that is kept in software; rotation adds versions, and old ones stay active. */
export const KEY_VERSION = everywhere(0.06, "key version", KMS);

/** Encrypting, decrypting and the like with a key that is kept in software. */
export const KEY_USES = everywhere(0.03, "10,000 uses", KMS);

/** Certificates of Certificate Manager: the first hundred of a project. */
export const CERTIFICATE = everywhere(0, "certificate", CERTIFICATES);

/** A Cloud Armor policy, without its rules. */
export const ARMOR_POLICY = everywhere(5, "policy", ARMOR);
export const ARMOR_RULE = everywhere(1, "rule", ARMOR);
export const ARMOR_REQUESTS = everywhere(0.75, "million requests", ARMOR);

/** Objects of the class STANDARD in one region. */
export const OBJECTS = price(0.02, "GB", STORAGE);

/** Objects of the class STANDARD in several regions, and of the colder classes in one. */
export const OBJECTS_IN_SEVERAL = price(0.026, "GB", STORAGE);
export const OBJECTS_NEARLINE = price(0.01, "GB", STORAGE);
export const OBJECTS_COLDLINE = price(0.004, "GB", STORAGE);
export const OBJECTS_ARCHIVE = price(0.0012, "GB", STORAGE);

/** A managed zone, of the first 25, and what is asked of it. */
export const DNS_ZONE = everywhere(0.2, "zone", CLOUD_DNS);
export const DNS_QUERIES = everywhere(0.4, "million queries", CLOUD_DNS);

/** Images and their layers, beyond the first half GB. */
export const IMAGES = price(0.1, "GB", ARTIFACTS);

/** Rows of tables that were changed in the last 90 days, and of the others. */
export const BIGQUERY_ACTIVE = price(0.023, "GB", BIGQUERY);
export const BIGQUERY_LONG_TERM = price(0.016, "GB", BIGQUERY);

/** A Filestore share on hard disks (tiers BASIC_HDD and STANDARD): what it costs at least, and at most. */
export const FILESTORE_AT_LEAST = price(0.16, "GB", FILESTORE);
export const FILESTORE_AT_MOST = price(0.2, "GB", FILESTORE);
/** No share is smaller. */
export const FILESTORE_SMALLEST_GB = 1024;

/** What is published to and delivered from Pub/Sub, beyond the first 10 GiB. */
export const MESSAGES = everywhere(40, "TiB", PUBSUB);
/** Messages that a topic or a subscription keeps for longer than a day. */
export const MESSAGES_KEPT = everywhere(0.27, "GiB", PUBSUB);

/** A minute of a build on the machine type E2_HIGHCPU_8 of Google's own pool. */
export const BUILD_MINUTE = everywhere(0.016, "minute", BUILD);

interface ByTier {
  readonly BASIC: Price;
  readonly STANDARD_HA: Price;
}

const redis = (basic: number, standard: number): ByTier => ({
  BASIC: price(basic, "GB", REDIS),
  STANDARD_HA: price(standard, "GB", REDIS),
});

/** Memorystore for Redis, without read replicas, up to so many GB. */
export const REDIS_BY_SIZE: readonly (readonly [upToGb: number, prices: ByTier])[] = [
  [4, redis(35.77, 46.72)],
  [10, redis(19.71, 39.42)],
  [35, redis(16.79, 33.58)],
];

const perSecond = (usd: number, unit: string): Price => price(usd * HOURS_PER_MONTH * 3600, unit, RUN);

/** What a vCPU and a GiB of Cloud Run cost. */
export interface RunPrices {
  readonly cpu: Price;
  readonly memory: Price;
}

const run = (cpu: number, memory: number): RunPrices => ({
  cpu: perSecond(cpu, "vCPU"),
  memory: perSecond(memory, "GiB"),
});

/** Instances of Cloud Run that answer requests, all month long. */
export const RUN_BY_REQUEST = run(0.000024, 0.0000025);
/** The same without any request: those that are kept warm. */
export const RUN_IDLE = run(0.0000025, 0.0000025);
/** The same with CPU all the time, requests or not. */
export const RUN_ALWAYS_ON = run(0.000018, 0.000002);
export const RUN_REQUESTS = price(0.4, "million requests", RUN);
/** Tasks of Cloud Run jobs while they run. */
export const RUN_TASKS: RunPrices = {
  cpu: price(0.000018 * 3600, "vCPU and hour", RUN),
  memory: price(0.000002 * 3600, "GiB and hour", RUN),
};

/** A job of Cloud Scheduler, beyond the first three of a billing account. */
export const SCHEDULE = everywhere(0.1, "job", SCHEDULER);

/** A condition of an alert policy, and the time series that it reads whenever it is evaluated. */
export const ALERT_CONDITION = price(0.1, "condition", MONITORING);
export const ALERT_SERIES = price(0.35, "million series read", MONITORING);

/** Uptime checks, each from one place, beyond the first million of a project. */
export const UPTIME_CHECKS = price(0.3, "1,000 checks", MONITORING);

/** Logs that are kept, beyond the first 50 GiB of a project. */
export const LOGS = price(0.5, "GiB", MONITORING);
/** Metrics that logs are counted into, and that an application writes, beyond the first 150 MiB of a billing account. */
export const METRICS = price(0.258, "MiB", MONITORING);
/** Metrics of Managed Service for Prometheus, of a cluster's own objects among them. */
export const PROMETHEUS_SAMPLES = price(0.06, "million samples", MONITORING);

/** A Cloudflare zone on the plan Pro, billed by the year and by the month. */
export const CLOUDFLARE_PRO_YEARLY = everywhere(20, "zone", CLOUDFLARE);
export const CLOUDFLARE_PRO_MONTHLY = everywhere(25, "zone", CLOUDFLARE);
