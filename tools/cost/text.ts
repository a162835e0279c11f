import type { Range } from "../../lib/core/resource-types/billing";
import { outputWidth, wrap } from "../command-line/terminal";
import { type BudgetComparison, budgetAmount, percent } from "./budget";
import {
  BASIS,
  describeGaps,
  describeLimits,
  mergeLines,
  mergeNotCounted,
  priceRange,
  unitRange,
  usd,
  usdRange,
} from "./describe";
import { NEVER_COUNTED, type StackCost } from "./estimate";
import { costWarnings, type EnvironmentCost, type ProgramCost } from "./program";

/** Columns that nothing here exceeds, nor the terminal's. */
const WIDEST = 100;
const MONEY = 11;

const width = () => Math.min(WIDEST, outputWidth());
const labelWidth = () => width() - 2 * MONEY;

/** All stacks, a line each, and how many engineers there is room for. */
export function programText(cost: ProgramCost): string {
  return [
    ...wrap(BASIS, width()),
    "",
    row("STACK", "LOW", "HIGH"),
    ...cost.environments.flatMap((environment) => environmentText(cost, environment)),
    moneyRow("together", cost),
    "",
    ...wrap(describeLimits(cost.limits), width()),
    "",
    ...costWarnings(cost).flatMap((warning) => [...wrap(`WARNING: ${warning}`, width()), ""]),
    ...notCountedText([...cost.stacks.values()]),
    "",
    "Lines of one stack: npx plue cost <stack>",
  ].join("\n");
}

/** One stack, line by line. */
export function stackText(stack: string, program: ProgramCost): string {
  const cost = program.stacks.get(stack) as StackCost;
  const staging = program.environments.find(({ perEngineer }) => perEngineer);
  const its = program.engineers.includes(stack) ? staging?.perEngineer : undefined;
  return [
    ...wrap(BASIS, width()),
    "",
    row(stack, "LOW", "HIGH"),
    ...lineTexts(cost),
    moneyRow("total", cost),
    ...(its
      ? [
          "",
          ...wrap(`Its share of staging, which ${program.engineers.length} use: ${usdRange(its)}.`, width()),
        ]
      : []),
    "",
    ...notCountedText([cost]),
  ].join("\n");
}

function environmentText(cost: ProgramCost, environment: EnvironmentCost): string[] {
  const { name, perEngineer, budget } = environment;
  const stacks = [...cost.stacks].filter(
    ([stack]) => stack.startsWith(name) && !cost.engineers.includes(stack),
  );
  const engineers = cost.engineers.length;
  return [
    ...stacks.map(([stack, its]) => moneyRow(stack, its)),
    ...(perEngineer ? [moneyRow(`stacks of ${count(engineers, "engineer")}`, { low: 0, high: 0 })] : []),
    moneyRow(`= ${name}`, environment),
    ...(budget ? [budgetRow(budget)] : []),
    ...(perEngineer ? [moneyRow("  share of each engineer", perEngineer)] : []),
    "",
  ];
}

function lineTexts(cost: StackCost): string[] {
  let shown: string | undefined;
  return mergeLines(cost.lines).flatMap(({ address, what, quantity, unit, price, cost: its }) => {
    const heading = address === shown ? [] : [address];
    shown = address;
    const terms = `${unitRange(quantity, unit)} x ${priceRange(price)}`;
    const gap = labelWidth() - what.length - terms.length - 2;
    const label = gap > 0 ? `  ${what}${" ".repeat(gap)}${terms}` : `  ${what}`;
    return [...heading, ...(gap > 0 ? [moneyRow(label, its)] : [label, moneyRow(`    ${terms}`, its)])];
  });
}

function notCountedText(costs: readonly StackCost[]): string[] {
  const gaps = costs.flatMap(describeGaps);
  const types = mergeNotCounted(costs);
  return [
    ...(gaps.length ? ["TOO LOW, as these are missing:", ...gaps.flatMap((gap) => item(gap)), ""] : []),
    "Not counted:",
    ...types.flatMap(({ type, resources, what }) => item(`${type} (${resources}): ${what}`)),
    ...NEVER_COUNTED.flatMap(item),
  ];
}

function budgetRow(budget: BudgetComparison): string {
  const label = `  of its budget of ${budgetAmount(budget)}`;
  const { share } = budget;
  return share
    ? row(label, percent(share.low), percent(share.high))
    : `${label}: not compared, prices are in USD`;
}

function item(text: string): string[] {
  return wrap(text, width(), "  ", "    ");
}

function moneyRow(label: string, { low, high }: Range): string {
  return row(label, usd(low), usd(high));
}

function row(label: string, low: string, high: string): string {
  return label.padEnd(labelWidth()) + low.padStart(MONEY) + high.padStart(MONEY);
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
