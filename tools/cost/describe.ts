import { fileOf } from "../../lib/core/resource-types";
import type { Range } from "../../lib/core/resource-types/billing";
import { HOURS_PER_MONTH, PRICE_LIST } from "../../lib/core/resource-types/prices";
import type { EngineerLimit } from "../../lib/environments/capacity";
import { type CostLine, type NotCounted, type StackCost, sum } from "./estimate";

/** An amount of money: `1,956.80`. */
export function usd(amount: number): string {
  return amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** `24.46`, or `24.46 to 73.38`. */
export function usdRange({ low, high }: Range): string {
  return low === high ? usd(low) : `${usd(low)} to ${usd(high)}`;
}

function quantityRange({ low, high }: Range): string {
  const shown = (quantity: number) => quantity.toLocaleString("en-US", { maximumFractionDigits: 2 });
  return low === high ? shown(low) : `${shown(low)} to ${shown(high)}`;
}

/** A number of units: `1 node`, `50 GB`, `1 to 5 nodes`. */
export function unitRange(quantity: Range, unit: string): string {
  const plural =
    quantity.high === 1 || /^Gi?B$/.test(unit) ? unit : `${unit}${/(?:ss|x)$/.test(unit) ? "es" : "s"}`;
  return `${quantityRange(quantity)} ${plural}`;
}

/** A price of a unit, with as many digits as it has: `0.17`, `1.022`. */
export function priceRange({ low, high }: Range): string {
  const shown = (price: number) =>
    price.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 4 });
  return low === high ? shown(low) : `${shown(low)} to ${shown(high)}`;
}

/** How the numbers come about, in a sentence. */
export const BASIS = `USD for a month of ${HOURS_PER_MONTH} hours, list prices of ${PRICE_LIST.region} as of ${PRICE_LIST.date}; low and high are the lower and upper bounds of the autoscalers.`;

/** How many engineers there is room for, and what decides, in sentences. */
export function describeLimits(limits: readonly EngineerLimit[]): string {
  const [first, ...others] = limits;
  if (!first) return "";
  const people = `${first.engineers} engineer${first.engineers === 1 ? "" : "s"}`;
  const rest = others.map(({ scarce, engineers }) => `${scarce} at ${engineers}`).join(", ");
  return `Staging has room for ${people}. First to run out: ${first.scarce}${rest && `; then ${rest}`}.`;
}

/** What is not counted, of all these stacks, each said once. */
export function mergeNotCounted(costs: Iterable<StackCost>): NotCounted[] {
  const merged = new Map<string, NotCounted>();
  for (const { notCounted } of costs)
    for (const entry of notCounted)
      merged.set(entry.type, {
        ...entry,
        resources: entry.resources + (merged.get(entry.type)?.resources ?? 0),
      });
  return [...merged.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
}

/** What makes an estimate too low, a sentence each; empty when nothing is missing. */
export function describeGaps({ withoutPrice, notClassified }: StackCost): string[] {
  return [
    ...withoutPrice,
    ...notClassified.map((type) => `${type}: not classified, as it has no row in ${fileOf(type)}`),
  ];
}

/** Lines of several resources that differ in nothing but the resource, as one. */
export function mergeLines(lines: readonly CostLine[]): CostLine[] {
  const merged = new Map<string, { line: CostLine; resources: number }>();
  for (const line of lines) {
    const [type] = line.address.split(".");
    const key = JSON.stringify([type, line.what, line.quantity, line.price]);
    const before = merged.get(key);
    const resources = (before?.resources ?? 0) + 1;
    if (!before) merged.set(key, { line, resources });
    else
      merged.set(key, {
        resources,
        line: {
          ...line,
          address: `${type} (${resources})`,
          quantity: {
            low: line.quantity.low * resources,
            high: line.quantity.high * resources,
          },
          cost: sum([before.line.cost, line.cost]),
        },
      });
  }
  return [...merged.values()].map(({ line }) => line);
}
