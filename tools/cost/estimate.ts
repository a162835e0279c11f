import { resourceType } from "../../lib/core/resource-types";
import type { Position, Range } from "../../lib/core/resource-types/billing";
import { type Block, blocksOf, type TerraformJson } from "../../lib/core/terraform-json";

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
    })),
  );
  const lines = positions.flatMap(({ block, position }) => lineOf(block, position) ?? []);
  return {
    ...sum(lines.map(({ cost }) => cost)),
    lines,
    notCounted: notCounted(blocks),
    withoutPrice: positions
      .filter(({ position }) => !position.price)
      .map(
        ({ block, position }) =>
          `${block.address}: lib/core/resource-types/prices.ts has no price for ${position.what}`,
      ),
    notClassified: [...new Set(blocks.map(({ type }) => type))].filter((type) => !resourceType(type)),
  };
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

function lineOf(block: Block, { what, quantity, price, priceAtMost }: Position): CostLine | undefined {
  if (!price) return undefined;
  const prices = { low: price.usd, high: (priceAtMost ?? price).usd };
  return {
    address: block.address,
    what,
    quantity,
    unit: price.unit,
    price: prices,
    cost: { low: cents(quantity.low * prices.low), high: cents(quantity.high * prices.high) },
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
