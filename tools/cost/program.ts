import type { Range } from "../../lib/core/resource-types/billing";
import { HOURS_PER_MONTH, PRICE_LIST } from "../../lib/core/resource-types/prices";
import type { Stacks } from "../../lib/core/terraform-json";
import { describeShortage, type EngineerLimit } from "../../lib/environments/capacity";
import type { DeclaredStack, Project } from "../../lib/environments/system";
import { type BudgetComparison, budgetOf, budgetWarning, compareBudget } from "./budget";
import { estimateStack, NEVER_COUNTED, type StackCost, share, sum } from "./estimate";

export interface EnvironmentCost extends Range {
  readonly name: string;
  /** Its stacks, in the order of a first deployment. */
  readonly stacks: readonly string[];
  /** What each engineer has of it: an engineer's stack costs nothing that is not already in the shared ones. */
  readonly perEngineer?: Range;
  /** What it may cost, beside what it does. @default it has no budget */
  readonly budget?: BudgetComparison;
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
  /** Budget in the configuration of each environment. @default none */
  readonly budgets?: Readonly<Record<string, { readonly amount: number; readonly currency?: string }>>;
}

export function estimateProgram({ stacks, declared, limits, budgets }: ProgramCostProps): ProgramCost {
  const costs = new Map([...stacks].map(([name, json]) => [name, estimateStack(json)]));
  const engineers = declared.filter(({ owner }) => owner).map(({ stack }) => stack);
  const names = [...new Set(declared.map(({ environment }) => environment))];
  const environments = names.map((name) => {
    const own = declared.filter(({ environment }) => environment === name);
    const ofIt = own.flatMap(({ stack }) => costs.get(stack) ?? []);
    const total = sum(ofIt);
    const owned = own.filter(({ owner }) => owner).length;
    const jsons = own.map(({ stack }) => stacks.get(stack)).filter((json) => json !== undefined);
    const budget = budgetOf(jsons, budgets?.[name]);
    return {
      name,
      stacks: own.map(({ stack }) => stack),
      ...total,
      perEngineer: owned > 0 ? share(total, owned) : undefined,
      budget: budget && compareBudget(budget, total),
    };
  });
  return { ...sum([...costs.values()]), stacks: costs, engineers, environments, limits };
}

/** What the program's stacks cost. */
export function programCost(project: Project, stacks: Stacks): ProgramCost {
  const budgets = Object.fromEntries(
    Object.entries(project.environments).map(([name, { monthlyBudget }]) => [name, monthlyBudget]),
  );
  return estimateProgram({ stacks, declared: project.declared, limits: project.room(), budgets });
}

/** What somebody has to look at, a sentence each: budgets that are passed every month, and more engineers than there is room for. */
export function costWarnings({ environments, limits, engineers }: ProgramCost): string[] {
  const budgets = environments.map(
    (environment) => environment.budget && budgetWarning(environment.name, environment.budget, environment),
  );
  return [...budgets, describeShortage(limits, engineers.length)].filter((warning) => warning !== undefined);
}

/** What `plue cost --json` prints. @param stack that one alone */
export function costJson(cost: ProgramCost, stack?: string) {
  const { stacks, environments, limits, ...all } = cost;
  const prices = { ...PRICE_LIST, hours: HOURS_PER_MONTH };
  if (stack !== undefined) return { prices, stack, ...(stacks.get(stack) as StackCost) };
  return {
    prices,
    low: all.low,
    high: all.high,
    stacks: Object.fromEntries(stacks),
    environments,
    engineers: { stacks: all.engineers, roomFor: limits[0]?.engineers, limits },
    warnings: costWarnings(cost),
    neverCounted: NEVER_COUNTED,
  };
}
