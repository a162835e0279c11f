import { budgetOf, budgetWarning, compareBudget } from "../../../tools/cost/budget";

const declared = (units: string, rules: object[], currency_code?: string) => ({
  resource: {
    google_billing_budget: {
      budget: { amount: { specified_amount: { units, currency_code } }, threshold_rules: rules },
    },
  },
});
const rule = (threshold_percent: number) => ({ threshold_percent, spend_basis: "CURRENT_SPEND" });
const warn = (low: number, high: number, budget = budgetOf([declared("400", [rule(0.9), rule(0.5)])])) => {
  if (!budget) throw new Error("no budget");
  return budgetWarning("staging", compareBudget(budget, { low, high }), { low, high });
};

test("a budget is what the stacks declare, and what the configuration says where they declare none", () => {
  expect(budgetOf([{}, declared("400", [rule(0.9), rule(0.5), rule(0.5)], "USD")])).toEqual({
    amount: 400,
    currency: "USD",
    alertsAt: [0.5, 0.9],
  });
  expect(budgetOf([{}], { amount: 300 })).toEqual({ amount: 300, alertsAt: [] });
  expect(budgetOf([{}])).toBeUndefined();
});

test("it warns from the first alert on that what runs when nothing happens passes", () => {
  expect(warn(199, 900)).toBeUndefined();
  expect(warn(200, 900)).toBe(
    "The budget of staging, 400 USD, alerts every month, at 50 %: when nothing happens, it costs 200.00, 50 % of it; at most 900.00, 225 %. Raise its monthlyBudget in cdktf.json, or make the environment smaller.",
  );
  expect(warn(380, 900)).toContain("alerts every month, at 50 %, 90 %:");
});

test("one that nothing alerts for is too small where the least costs as much", () => {
  expect(warn(299, 900, budgetOf([], { amount: 300 }))).toBeUndefined();
  expect(warn(300, 900, budgetOf([], { amount: 300 }))).toContain(
    "The budget of staging, 300 USD, is too small:",
  );
});

test("in another currency than the prices' it is not compared", () => {
  const euros = budgetOf([declared("400", [rule(0.5)], "EUR")]);
  expect(euros && compareBudget(euros, { low: 900, high: 900 })).toEqual({
    amount: 400,
    currency: "EUR",
    alertsAt: [0.5],
    everyMonth: [],
  });
  expect(warn(900, 900, euros)).toBeUndefined();
});
