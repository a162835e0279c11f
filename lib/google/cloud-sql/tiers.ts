import { printValueProblem, type ValueProblem } from "../../core/invalid-props";
import { nearest } from "../../input/explain";

const MIB_PER_GIB = 1024;

/**
 * Default of PostgreSQL's max_connections on Cloud SQL, by memory: from so many MiB on, so many connections.
 * @see https://cloud.google.com/sql/docs/postgres/flags#postgres-m
 */
const CONNECTIONS_BY_MEMORY: readonly (readonly [fromMib: number, connections: number])[] = [
  [120 * MIB_PER_GIB, 1000],
  [60 * MIB_PER_GIB, 800],
  [30 * MIB_PER_GIB, 600],
  [15 * MIB_PER_GIB, 500],
  [7.5 * MIB_PER_GIB, 400],
  [6 * MIB_PER_GIB, 200],
  [0, 100],
];

/** What a Cloud SQL machine type says about a PostgreSQL instance of that type. */
export interface Tier {
  /** The only edition that has the machine type. */
  readonly edition: "ENTERPRISE" | "ENTERPRISE_PLUS";
  /** PostgreSQL's max_connections where no database flag sets it. */
  readonly maxConnections: number;
}

/**
 * Reads a machine type: `db-f1-micro`, `db-g1-small`, `db-custom-<vCPU>-<MiB>` or `db-perf-optimized-N-<vCPU>`.
 *
 * @see https://cloud.google.com/sql/docs/postgres/machine-series-overview
 * @throws when PostgreSQL has no such machine type
 */
export function readTier(tier: string): Tier {
  if (tier === "db-f1-micro") return { edition: "ENTERPRISE", maxConnections: 25 };
  if (tier === "db-g1-small") return { edition: "ENTERPRISE", maxConnections: 50 };
  const optimized = /^db-perf-optimized-N-(\d+)$/.exec(tier);
  if (optimized)
    return {
      edition: "ENTERPRISE_PLUS",
      maxConnections: connections(Number(optimized[1]) * 8 * MIB_PER_GIB),
    };
  const problem = customTierProblem(tier);
  if (problem) throw new Error(printValueProblem(problem));
  return { edition: "ENTERPRISE", maxConnections: connections(Number(tier.split("-")[3])) };
}

/**
 * Connections that PostgreSQL accepts: the flag `max_connections`, otherwise what follows from the machine type.
 * @throws when the flag is not set and PostgreSQL has no such machine type
 */
export function maxConnections(tier: string, databaseFlags: Record<string, string> = {}): number {
  const flag = databaseFlags["max_connections"];
  return flag === undefined ? readTier(tier).maxConnections : Number(flag);
}

/** What is wrong with a machine type; undefined when there is one of that name. */
export function tierProblem(tier: string): ValueProblem | undefined {
  return /^db-(f1-micro|g1-small|perf-optimized-N-\d+)$/.test(tier) ? undefined : customTierProblem(tier);
}

function customTierProblem(tier: string): ValueProblem | undefined {
  const [, cpus, mib] = (/^db-custom-(\d+)-(\d+)$/.exec(tier) ?? []).map(Number);
  if (cpus === undefined || mib === undefined) {
    const meant = nearest(tier, likelyTiers(tier));
    const all = "use db-f1-micro, db-g1-small, db-custom-<vCPU>-<MiB> or db-perf-optimized-N-<vCPU>";
    return {
      problem: `"${tier}" is no machine type for PostgreSQL`,
      instead: meant ? `did you mean ${meant}? Otherwise ${all}` : all,
    };
  }
  if (cpus !== 1 && (cpus < 2 || cpus > 96 || cpus % 2 !== 0))
    return { problem: `"${tier}" has ${cpus} vCPU`, instead: "use 1, or an even number up to 96" };
  if (mib % 256 !== 0 || mib < 3840 || mib < 0.9 * MIB_PER_GIB * cpus || mib > 6.5 * MIB_PER_GIB * cpus)
    return {
      problem: `"${tier}" has ${mib} MiB`,
      instead: "use a multiple of 256, at least 3840, and from 0.9 to 6.5 GiB per vCPU",
    };
  return undefined;
}

/** With the numbers of another, which may be mistyped elsewhere. */
function likelyTiers(tier: string): string[] {
  const [, first, second] = /-(\d+)(?:-(\d+))?$/.exec(tier) ?? [];
  return [
    "db-f1-micro",
    "db-g1-small",
    ...(first && second ? [`db-custom-${first}-${second}`] : []),
    ...(first && !second ? [`db-perf-optimized-N-${first}`] : []),
  ];
}

function connections(mib: number): number {
  return CONNECTIONS_BY_MEMORY.find(([from]) => mib >= from)?.[1] ?? 0;
}
