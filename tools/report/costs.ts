import { budgetAmount, percentRange } from "../cost/budget";
import {
  BASIS,
  describeLimits,
  mergeLines,
  mergeNotCounted,
  priceRange,
  unitRange,
  usd,
  usdRange,
} from "../cost/describe";
import { NEVER_COUNTED, type StackCost } from "../cost/estimate";
import type { EnvironmentCost } from "../cost/program";
import { type Html, html, table } from "./html";
import type { ReportProps } from "./model";

/** What it costs, by environment and line by line. */
export function costsSection({ cost }: ReportProps): Html {
  const costly = [...cost.stacks].filter(([, { lines }]) => lines.length);
  return html`<section id="costs"><h2>Costs</h2><p>${BASIS}</p><p>${describeLimits(cost.limits)}</p>
<div class="card">${environmentTable(cost.environments)}</div>
<div class="card"><h3>Line by line</h3>${costly.map(([stack, its]) => html`<details><summary>${stack}: ${usdRange(its)}</summary>${lineTable(stack, its)}</details>`)}
<details><summary>What is not counted</summary>${notCounted([...cost.stacks.values()])}</details></div></section>`;
}

function environmentTable(environments: readonly EnvironmentCost[]): Html {
  return table({
    caption: "A month, in USD",
    rows: environments,
    columns: [
      { title: "Environment", cell: ({ name }) => name },
      { title: "Low", numeric: true, cell: ({ low }) => usd(low) },
      { title: "High", numeric: true, cell: ({ high }) => usd(high) },
      { title: "Budget", numeric: true, cell: ({ budget }) => (budget ? budgetAmount(budget) : "none") },
      {
        title: "Of its budget",
        numeric: true,
        cell: ({ budget }) => (budget?.share ? percentRange(budget.share) : "not compared"),
      },
      {
        title: "Share of each engineer",
        numeric: true,
        cell: ({ perEngineer }) => (perEngineer ? usdRange(perEngineer) : ""),
      },
    ],
  });
}

function lineTable(stack: string, { lines, low, high }: StackCost): Html {
  const rows = mergeLines(lines).map(({ address, what, quantity, unit, price, cost }) => ({
    address,
    what,
    quantity: unitRange(quantity, unit),
    price: priceRange(price),
    cost,
  }));
  const total = { address: "total", what: "", quantity: "", price: "", cost: { low, high } };
  return table({
    caption: `${stack}: quantity x price`,
    rows: [...rows, total],
    isTotal: (row) => row === total,
    columns: [
      { title: "Resource", cell: ({ address }) => html`<code>${address}</code>` },
      { title: "What", cell: ({ what }) => what },
      { title: "Quantity", numeric: true, cell: ({ quantity }) => quantity },
      { title: "Price", numeric: true, cell: ({ price }) => price },
      { title: "Low", numeric: true, cell: ({ cost }) => usd(cost.low) },
      { title: "High", numeric: true, cell: ({ cost }) => usd(cost.high) },
    ],
  });
}

function notCounted(costs: readonly StackCost[]): Html {
  return html`<ul class="plain">${mergeNotCounted(costs).map(
    ({ type, resources, what }) => html`<li><code>${type}</code> (${resources}): ${what}</li>`,
  )}${NEVER_COUNTED.map((what) => html`<li>${what}</li>`)}</ul>`;
}
