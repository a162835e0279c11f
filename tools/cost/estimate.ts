import { resourceType } from "../../lib/core/resource-types";
import type { Position, Range } from "../../lib/core/resource-types/billing";
import { PRICE_LIST, usdIn } from "../../lib/core/resource-types/prices";
import { argument, type Block, blocksOf, type TerraformJson } from "../../lib/core/terraform-json";

/** One resource's quantity of one thing, times its price. */
export interface CostLine {
  /** `google_container_node_pool.cluster_default` */
  readonly address: string;
  readonly what: string;
  readonly quantity: Range;
  readonly unit: string;
  /** USD for a unit and a month. */
  readonly price: Range;
  /** USD a month, to the cent. */
  readonly cost: Range;
}

/** What resources of a type cost beyond the estimate, or instead. */
export interface NotCounted {
  readonly type: string;
  readonly resources: number;
  readonly what: string;
}

/** A month of a stack, in USD. */
export interface StackCost extends Range {
  readonly lines: readonly CostLine[];
  readonly notCounted: readonly NotCounted[];
  /** What the price list lacks, a sentence each: the estimate is too low by it. */
  readonly withoutPrice: readonly string[];
  /** Types without a row in the table, which only a folder of another version can hold: the estimate may be too low by them. */
  readonly notClassified: readonly string[];
}

/** What no resource stands for, and no estimate here has in it. */
export const NEVER_COUNTED: readonly string[] = [
  "traffic to the internet and between zones",
  "logs beyond 50 GiB a project and month, metrics by volume",
  "backups and images, by the GB",
  "free tiers, committed use discounts, negotiated prices and taxes",
  "what is used from others: the model's API, PagerDuty, GitHub",
];

/** Estimates what a stack costs in a month: at the lower and at the upper bounds of its autoscalers. */
export function estimateStack(json: TerraformJson): StackCost {
  const blocks = blocksOf(json);
  const positions = blocks.flatMap((block) =>
    (resourceType(block.type)?.billing.positions?.(block, blocks) ?? []).map((position) => ({
      block,
      position,
      region: regionOf(block, json),
    })),
  );
  const lines = positions.flatMap((placed) => lineOf(placed) ?? []);
  return {
    ...sum(lines.map(({ cost }) => cost)),
    lines,
    notCounted: notCounted(blocks),
    withoutPrice: withoutPrice(positions),
    notClassified: [...new Set(blocks.map(({ type }) => type))].filter((type) => !resourceType(type)),
  };
}

interface Placed {
  readonly block: Block;
  readonly position: Position;
  /** Where the resource is, or what it is used by. */
  readonly region: string;
}

/** Region of a resource: its own, or its provider's. */
function regionOf({ args }: Block, json: TerraformJson): string {
  const named = [
    args["region"],
    args["location"],
    args["zone"],
    argument(json.provider?.["google"], "region"),
  ];
  const place = named.find((value) => typeof value === "string" && !value.includes("${"));
  return place === undefined
    ? PRICE_LIST.region
    : String(place)
        .toLowerCase()
        .replace(/^(\w+-\w+\d)-[a-z]$/, "$1");
}

/** What no price is known of: of the resources of another region one sentence, as that may be all of them. */
function withoutPrice(positions: readonly Placed[]): string[] {
  const unknown = positions.filter(({ position }) => !position.price);
  const elsewhere = new Map<string, Set<string>>();
  for (const { position, region } of positions)
    if (position.price && usdIn(position.price, region) === undefined)
      // An amount behind it is of the list's region.
      elsewhere.set(region, (elsewhere.get(region) ?? new Set()).add(position.what.replace(/;.*/, "")));
  return [
    ...unknown.map(
      ({ block, position }) =>
        `${block.address}: lib/core/resource-types/prices.ts has no price for ${position.what}`,
    ),
    ...[...elsewhere].map(
      ([region, things]) =>
        `prices of ${region} are not known, as lib/core/resource-types/prices.ts has those of ${PRICE_LIST.region}: ${[...things].join("; ")}`,
    ),
  ];
}

/** Adds up amounts of money, to the cent. */
export function sum(amounts: readonly Range[]): Range {
  const total = (bound: keyof Range) => cents(amounts.reduce((all, amount) => all + amount[bound], 0));
  return { low: total("low"), high: total("high") };
}

/** The part that each of a number of people has of an amount. */
export function share({ low, high }: Range, people: number): Range {
  return { low: cents(low / people), high: cents(high / people) };
}

function lineOf({ block, position, region }: Placed): CostLine | undefined {
  const { what, quantity, price, priceAtMost = price } = position;
  const low = price && usdIn(price, region);
  const high = priceAtMost && usdIn(priceAtMost, region);
  if (!price || low === undefined || high === undefined) return undefined;
  return {
    address: block.address,
    what,
    quantity,
    unit: price.unit,
    price: { low, high },
    cost: { low: cents(quantity.low * low), high: cents(quantity.high * high) },
  };
}

function notCounted(blocks: readonly Block[]): NotCounted[] {
  const counts = new Map<string, number>();
  for (const { type } of blocks) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].flatMap(([type, resources]) => {
    const what = resourceType(type)?.billing.notCounted;
    return what === undefined ? [] : [{ type, resources, what }];
  });
}

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}
