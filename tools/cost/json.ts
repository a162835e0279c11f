import { HOURS_PER_MONTH, PRICE_LIST } from "../../lib/core/resource-types/prices";
import { NEVER_COUNTED, type StackCost } from "./estimate";
import type { ProgramCost } from "./program";

/** What `plue cost --json` prints. @param stack that one alone */
export function costJson({ stacks, environments, limits, ...all }: ProgramCost, stack?: string) {
  const prices = { ...PRICE_LIST, hours: HOURS_PER_MONTH };
  if (stack !== undefined) return { prices, stack, ...(stacks.get(stack) as StackCost) };
  return {
    prices,
    low: all.low,
    high: all.high,
    stacks: Object.fromEntries(stacks),
    environments,
    engineers: { stacks: all.engineers, roomFor: limits[0]?.engineers, limits },
    neverCounted: NEVER_COUNTED,
  };
}
