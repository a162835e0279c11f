import { allocatable } from "../google/machine-types";
import { parseBytes, parseCpu } from "../kubernetes/quantity";

/** CPU and memory, as Kubernetes quantities: `{ cpu: "940m", memory: "2810Mi" }`. */
export interface Room {
  readonly cpu: string;
  readonly memory: string;
}

/** The database instance that all engineers share. */
export interface DatabaseCapacity {
  /** Its `max_connections`: 25 for db-f1-micro. */
  readonly maxConnections: number;
  /** Connections that are not for engineers: PostgreSQL's for superusers (3) and the platform's own. */
  readonly reservedConnections: number;
  /** Connections one environment may hold: the API's pool and a migration. */
  readonly connectionsPerEngineer: number;
}

/** A node pool that all engineers share. */
export interface NodePoolCapacity {
  /** Machine type of its nodes, from which what each has for pods follows: `e2-standard-4`. */
  readonly machineType: string;
  /** Nodes the autoscaler may add up to, in all zones together. */
  readonly maxNodes: number;
  /** What the pods that run on every node request. */
  readonly systemPerNode: Room;
  /**
   * What pods request that run in this pool, but not for one engineer and not on every node.
   * @default nothing
   */
  readonly shared?: Room;
  /** Pods one environment keeps here. */
  readonly podsPerEngineer: number;
  /** What each of these requests. */
  readonly pod: Room;
}

export interface StagingCapacityProps {
  readonly engineers: number;
  readonly database: DatabaseCapacity;
  /** By name of the pool. */
  readonly nodePools: Readonly<Record<string, NodePoolCapacity>>;
}

/**
 * What the shared staging environment is too small for, a sentence each with by how much and what to change; empty
 * while there is room. It counts what environments keep when idle. It is an estimate that errs to the hopeful side:
 * rolling updates and how pods happen to be spread are left out.
 *
 * @throws when a quantity is not one, or a machine type not known
 */
export function stagingCapacityWarnings({ engineers, database, nodePools }: StagingCapacityProps): string[] {
  return [
    databaseWarning(engineers, database),
    ...Object.entries(nodePools).map(([name, pool]) => nodePoolWarning(engineers, name, pool)),
  ].filter((warning) => warning !== undefined);
}

/** How many environments one of the things that they share has room for. */
export interface EngineerLimit {
  /** What runs out first: "connections of the database", "CPU of node pool default". */
  readonly scarce: string;
  readonly engineers: number;
}

/**
 * How many engineers the shared staging environment has room for, by what would run out: the smallest number first,
 * which is how many it carries.
 *
 * @throws when a quantity is not one, or a machine type not known
 */
export function engineerLimits({
  database,
  nodePools,
}: Pick<StagingCapacityProps, "database" | "nodePools">): EngineerLimit[] {
  const limits = [
    { scarce: "connections of the database", engineers: engineersOfDatabase(database) },
    ...Object.entries(nodePools).map(([name, pool]) => ({
      scarce: `${podsOn(pool.maxNodes, pool).scarce} of node pool ${name}`,
      engineers: engineersOfPool(pool),
    })),
  ];
  return limits.sort((a, b) => a.engineers - b.engineers);
}

/**
 * That the shared staging environment has less room than its engineers need, with what runs out first, in a sentence;
 * undefined while there is room.
 *
 * @param limits what `engineerLimits` says
 */
export function describeShortage(limits: readonly EngineerLimit[], engineers: number): string | undefined {
  const short = limits.filter((limit) => limit.engineers < engineers);
  const [first] = short;
  if (!first) return undefined;
  const things = short.map(({ scarce, engineers: room }) => `${scarce} at ${room}`).join(", ");
  return `Staging has ${count(engineers, "engineer")} and room for ${first.engineers}: it runs out of ${things}. docs/capacity.md says what gives more.`;
}

function engineersOfDatabase(database: DatabaseCapacity): number {
  return Math.floor(connectionsOfEngineers(database) / database.connectionsPerEngineer);
}

function connectionsOfEngineers({ maxConnections, reservedConnections }: DatabaseCapacity): number {
  return Math.max(0, maxConnections - reservedConnections);
}

function engineersOfPool(pool: NodePoolCapacity): number {
  return Math.floor(podsOn(pool.maxNodes, pool).pods / pool.podsPerEngineer);
}

function databaseWarning(engineers: number, database: DatabaseCapacity): string | undefined {
  const { maxConnections, reservedConnections, connectionsPerEngineer } = database;
  const available = connectionsOfEngineers(database);
  const needed = engineers * connectionsPerEngineer;
  if (needed <= available) return undefined;
  return [
    `The database is short of ${count(needed - available, "connection")}: ${count(engineers, "engineer")} may hold`,
    `${needed} (${connectionsPerEngineer} each), and ${available} of its ${maxConnections} are theirs.`,
    `It is full at ${count(engineersOfDatabase(database), "engineer")}:`,
    `take a tier whose max_connections is ${needed + reservedConnections} or more, or fewer connections for each.`,
  ].join(" ");
}

function nodePoolWarning(engineers: number, name: string, pool: NodePoolCapacity): string | undefined {
  const { maxNodes, podsPerEngineer, pod } = pool;
  const needed = engineers * podsPerEngineer;
  const { pods, scarce } = podsOn(maxNodes, pool);
  if (needed <= pods) return undefined;
  const enough = nodesFor(needed, pool);
  return [
    `Node pool ${name} is short of room for ${count(needed - pods, "pod")}: ${count(engineers, "engineer")} keep`,
    `${needed} there (${pod.cpu} CPU and ${pod.memory} each), and ${count(maxNodes, "node")} have ${scarce} for ${pods}.`,
    `It is full at ${count(engineersOfPool(pool), "engineer")}:`,
    enough === undefined
      ? "no number of nodes suffices, take a larger machine type."
      : `raise its maximum to ${count(enough, "node")}, or take a larger machine type.`,
  ].join(" ");
}

/** How many of the engineers' pods a number of nodes holds at most, and what more of them would lack. */
function podsOn(nodes: number, pool: NodePoolCapacity): { pods: number; scarce: string } {
  const bounds = [
    { scarce: "CPU", pods: podsByOne(nodes, pool, ({ cpu }) => parseCpu(cpu)) },
    { scarce: "memory", pods: podsByOne(nodes, pool, ({ memory }) => parseBytes(memory)) },
  ];
  return bounds.reduce((least, bound) => (bound.pods < least.pods ? bound : least));
}

function podsByOne(nodes: number, pool: NodePoolCapacity, amount: (room: Room) => number): number {
  const freePerNode = Math.max(0, amount(allocatable(pool.machineType)) - amount(pool.systemPerNode));
  const shared = pool.shared ? amount(pool.shared) : 0;
  // A pod fits on one node or on none: what several nodes have left over does not add up.
  const apart = nodes * Math.floor(freePerNode / amount(pool.pod));
  const together = Math.floor((nodes * freePerNode - shared) / amount(pool.pod));
  return Math.max(0, Math.min(apart, together));
}

function nodesFor(pods: number, pool: NodePoolCapacity): number | undefined {
  if (podsOn(1, { ...pool, shared: { cpu: "0", memory: "0" } }).pods === 0) return undefined;
  let nodes = pool.maxNodes;
  while (podsOn(nodes, pool).pods < pods) nodes++;
  return nodes;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
