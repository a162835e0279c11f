import type { Stacks } from "../../lib/core/terraform-json";
import type { EngineerLimit } from "../../lib/environments/capacity";
import type { DeclaredStack } from "../../lib/environments/system";
import { DOCUMENTED, type Documented } from "./documented";
import { estimateStack, type StackCost, share, sum } from "./estimate";
import type { Range } from "./nodes";

/** A line of the documents beside what it comes to here. */
export interface Comparison {
  readonly what: string;
  readonly documented: Range;
  readonly estimated: Range;
  readonly why: string;
}

export interface EnvironmentCost extends Range {
  readonly name: string;
  /** Its stacks, in the order of a first deployment. */
  readonly stacks: readonly string[];
  readonly documented: Range;
  readonly comparison: readonly Comparison[];
  /** What each engineer has of it: an engineer's stack costs nothing that is not already in the shared ones. */
  readonly perEngineer?: Range;
}

/** What everything costs in a month, in USD. */
export interface ProgramCost extends Range {
  readonly stacks: ReadonlyMap<string, StackCost>;
  /** Those of {@link stacks} that belong to an engineer each. */
  readonly engineers: readonly string[];
  readonly environments: readonly EnvironmentCost[];
  /** How many engineers staging has room for, by what runs out; the first decides. */
  readonly limits: readonly EngineerLimit[];
}

export interface ProgramCostProps {
  readonly stacks: Stacks;
  /** Every stack that the program declares. */
  readonly declared: readonly DeclaredStack[];
  readonly limits: readonly EngineerLimit[];
}

export function estimateProgram({ stacks, declared, limits }: ProgramCostProps): ProgramCost {
  const costs = new Map([...stacks].map(([name, json]) => [name, estimateStack(json)]));
  const engineers = declared.filter(({ owner }) => owner).map(({ stack }) => stack);
  const names = [...new Set(declared.map(({ environment }) => environment))];
  const environments = names.map((name) => {
    const own = declared.filter(({ environment }) => environment === name);
    const ofIt = own.flatMap(({ stack }) => costs.get(stack) ?? []);
    const total = sum(ofIt);
    const { total: documented = { low: 0, high: 0 }, lines = [] } = DOCUMENTED[name] ?? {};
    const owned = own.filter(({ owner }) => owner).length;
    return {
      name,
      stacks: own.map(({ stack }) => stack),
      ...total,
      documented,
      comparison: compare(lines, ofIt),
      perEngineer: owned > 0 ? share(total, owned) : undefined,
    };
  });
  return { ...sum([...costs.values()]), stacks: costs, engineers, environments, limits };
}

function compare(lines: Documented["lines"], costs: readonly StackCost[]): Comparison[] {
  return lines.map(({ what, groups, low, high, why }) => {
    const ours = costs.flatMap((cost) => cost.lines.filter((line) => groups.includes(line.group)));
    return { what, documented: { low, high }, estimated: sum(ours.map(({ cost }) => cost)), why };
  });
}
