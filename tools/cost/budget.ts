import type { Range } from "../../lib/core/resource-types/billing";
import { PRICE_LIST } from "../../lib/core/resource-types/prices";
import { argument, blocksOf, type TerraformJson } from "../../lib/core/terraform-json";
import { usd } from "./describe";

/** Budget of an environment. */
export interface Budget {
  /** Of a month, in whole units of the currency. */
  readonly amount: number;
  /** @default the billing account's */
  readonly currency?: string;
  /** Shares of the amount at which it alerts, ascending: 0.5 for 50 %. */
  readonly alertsAt: readonly number[];
}

/** A budget beside the estimate of what it watches. */
export interface BudgetComparison extends Budget {
  /** Shares of the amount that low and high are; undefined where the budget is in another currency than the prices. */
  readonly share?: Range;
  /** The alerts that come every month, as what runs when nothing happens costs that much. */
  readonly everyMonth: readonly number[];
}

/**
 * The budget that stacks of an environment declare, or the amount of its configuration where they declare none: without a
 * billing account nothing alerts.
 */
export function budgetOf(
  stacks: readonly TerraformJson[],
  configured?: { readonly amount: number; readonly currency?: string },
): Budget | undefined {
  const [declared] = stacks
    .flatMap((json) => blocksOf(json))
    .filter(({ type }) => type === "google_billing_budget");
  const amount = Number(argument(declared?.args, "amount", "specified_amount", "units"));
  if (!declared || !(amount > 0)) return configured && { ...configured, alertsAt: [] };
  const currency = argument(declared.args, "amount", "specified_amount", "currency_code");
  const rules = declared.args["threshold_rules"];
  const shares = (Array.isArray(rules) ? rules : [rules]).map((rule) =>
    Number(argument(rule, "threshold_percent")),
  );
  return {
    amount,
    ...(typeof currency === "string" && { currency }),
    alertsAt: [...new Set(shares)].filter((share) => share > 0).sort((a, b) => a - b),
  };
}

/** Holds a budget against an estimate. */
export function compareBudget(budget: Budget, { low, high }: Range): BudgetComparison {
  const { amount, currency = PRICE_LIST.currency, alertsAt } = budget;
  if (currency !== PRICE_LIST.currency) return { ...budget, everyMonth: [] };
  const share = { low: low / amount, high: high / amount };
  return { ...budget, share, everyMonth: alertsAt.filter((at) => at <= share.low) };
}

/** `400 USD` */
export function budgetAmount({ amount, currency = PRICE_LIST.currency }: Budget): string {
  return `${amount.toLocaleString("en-US")} ${currency}`;
}

/** `61 %` */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** `61 % to 193 %` */
export function percentRange({ low, high }: Range): string {
  return percent(low) === percent(high) ? percent(low) : `${percent(low)} to ${percent(high)}`;
}

/** That a budget alerts every month or is less than what the least costs, with figures; undefined where it is neither. */
export function budgetWarning(
  environment: string,
  budget: BudgetComparison,
  { low, high }: Range,
): string | undefined {
  const { share, everyMonth } = budget;
  if (!share || (everyMonth.length === 0 && share.low < 1)) return undefined;
  const wrong =
    everyMonth.length > 0 ? `alerts every month, at ${everyMonth.map(percent).join(", ")}` : "is too small";
  return [
    `The budget of ${environment}, ${budgetAmount(budget)}, ${wrong}:`,
    `when nothing happens, it costs ${usd(low)}, ${percent(share.low)} of it; at most ${usd(high)}, ${percent(share.high)}.`,
    "Raise its monthlyBudget in cdktf.json, or make the environment smaller.",
  ].join(" ");
}
