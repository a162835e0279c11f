import { blocksOf } from "../../lib/core/terraform-json";
import { budgetAmount } from "../cost/budget";
import { describeGaps, usdRange } from "../cost/describe";
import { costWarnings } from "../cost/program";
import { changesSection } from "./changes";
import { costsSection } from "./costs";
import { dashboardsSection } from "./dashboards";
import { type Html, html, Html as Raw } from "./html";
import { groupStacks, type ReportProps } from "./model";
import { overviewSection } from "./overview";
import { picturesSection } from "./pictures";
import { policySection, protectionsSection, secretsSection } from "./safety";
import { STYLE } from "./style";

/**
 * One page about everything that is declared: it needs no network, no script and no file beside it (and forbids the
 * browser all three), follows the reader's light or dark, and is the same bytes for the same stacks.
 */
export async function renderReport(props: ReportProps): Promise<string> {
  const groups = groupStacks(props);
  const changes = changesSection(props);
  const dashboards = dashboardsSection(props.stacks);
  const contents = {
    ...(changes && { changes: "What this change does" }),
    environments: "Environments",
    pictures: "What is in each stack",
    ...(dashboards && { dashboards: "Dashboards" }),
    costs: "Costs",
    policy: "Policy",
    protections: "Protections",
    secrets: "Secrets",
  };
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Plue infrastructure</title>
<style>${new Raw(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>
<h1>Plue infrastructure</h1>
<p class="dim">What the program declares, read from its Terraform; what is deployed says <code>npx plue status</code>.${props.commit !== undefined && html` Commit <code>${props.commit}</code>.`}</p>
<nav aria-label="Sections"><ul>${Object.entries(contents).map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main id="main">
${tiles(props)}
${warnings(props)}
${changes}
${await overviewSection(props, groups)}
${await picturesSection(groups)}
${dashboards}
${costsSection(props)}
${policySection(props)}
${protectionsSection(groups)}
${secretsSection(props)}
</main>
</body>
</html>
`;
  return page.text;
}

function tiles({ stacks, engineers, cost, policy }: ReportProps): Html {
  const resources = [...stacks.values()].reduce((sum, json) => sum + blocksOf(json).length, 0);
  const values: readonly (readonly [string, string])[] = [
    ["stacks", String(stacks.size)],
    ["resources", resources.toLocaleString("en-US")],
    [`engineers; there is room for ${cost.limits[0]?.engineers ?? "any number"}`, String(engineers.length)],
    ["findings of policy's own rules", String(policy.findings.length)],
    ...cost.environments.map(({ name, low, high, budget }): [string, string] => [
      `USD a month, ${name}${budget ? `; its budget is ${budgetAmount(budget)}` : ""}`,
      usdRange({ low: Math.round(low), high: Math.round(high) }).replaceAll(".00", ""),
    ]),
  ];
  return html`<dl class="tiles">${values.map(([label, value]) => html`<div class="tile"><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function warnings({ cost }: ReportProps): Html | undefined {
  const messages = [...costWarnings(cost), ...new Set([...cost.stacks.values()].flatMap(describeGaps))];
  if (messages.length === 0) return undefined;
  return html`<div class="note" role="note"><strong>To look at</strong><ul>${messages.map((message) => html`<li>${message}</li>`)}</ul></div>`;
}
