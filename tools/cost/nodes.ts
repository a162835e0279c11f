import { argument, type Block } from "../../lib/core/terraform-json";

/** From the least to the most of something. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Zones of a region in which GKE puts a regional pool that names none. */
const ZONES_BY_DEFAULT = 3;

/** Nodes of a pool in all zones together, by the bounds of its autoscaler. */
export function nodesOf({ args }: Block): Range {
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
export function allNodes(blocks: readonly Block[]): Range {
  const pools = blocks.filter(({ type }) => type === "google_container_node_pool").map(nodesOf);
  return {
    low: pools.reduce((sum, { low }) => sum + low, 0),
    high: pools.reduce((sum, { high }) => sum + high, 0),
  };
}
