import type { Stacks } from "../../lib/core/terraform-json";
import type { EngineerLimit } from "../../lib/environments/capacity";
import type { EnvironmentName } from "../../stacks/plue/config";
import { ENVIRONMENTS } from "../../stacks/plue/config/schema";
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
  readonly name: EnvironmentName;
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
  /** Names of the stacks that belong to an engineer each. */
  readonly engineers: readonly string[];
  readonly limits: readonly EngineerLimit[];
}

export function estimateProgram({ stacks, engineers, limits }: ProgramCostProps): ProgramCost {
  const costs = new Map([...stacks].map(([name, json]) => [name, estimateStack(json)]));
  const environments = ENVIRONMENTS.map((name) => {
    const ofIt = [...costs].filter(([stack]) => environmentOf(stack) === name).map(([, cost]) => cost);
    const total = sum(ofIt);
    const { total: documented, lines } = DOCUMENTED[name];
    return {
      name,
      ...total,
      documented,
      comparison: compare(lines, ofIt),
      perEngineer: name === "staging" && engineers.length ? share(total, engineers.length) : undefined,
    };
  });
  return { ...sum([...costs.values()]), stacks: costs, engineers, environments, limits };
}

/** The environment that a stack belongs to. */
export function environmentOf(stack: string): EnvironmentCost["name"] {
  return /^production(-|$)/.test(stack) ? "production" : "staging";
}

function compare(lines: Documented["lines"], costs: readonly StackCost[]): Comparison[] {
  return lines.map(({ what, groups, low, high, why }) => {
    const ours = costs.flatMap((cost) => cost.lines.filter((line) => groups.includes(line.group)));
    return { what, documented: { low, high }, estimated: sum(ours.map(({ cost }) => cost)), why };
  });
}
