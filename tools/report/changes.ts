import type { Stacks } from "../../lib/core/terraform-json";
import { type ArgumentChange, diffStacks, type StackDifference } from "../changed/diff-stacks";
import { usdRange } from "../cost/describe";
import { estimateStack } from "../cost/estimate";
import { type Html, html } from "./html";
import { count, type ReportProps } from "./model";
import { shorten } from "./picture";

const LONGEST_VALUE = 160;

/** What is other than in the base, stack by stack; stacks that change alike are shown once. */
export function changesSection({ stacks, base }: ReportProps): Html | undefined {
  if (!base) return undefined;
  const differences = diffStacks(base, stacks);
  const alike = new Map<string, StackDifference[]>();
  for (const { stack, ...difference } of differences) {
    const key = JSON.stringify(difference);
    alike.set(key, [...(alike.get(key) ?? []), { stack, ...difference }]);
  }
  return html`<section id="changes"><h2>What this change does</h2>
${
  differences.length === 0
    ? html`<p>Nothing: every stack's Terraform is the same as in the base.</p>`
    : html`<p>${count(differences.length, "stack")} of ${new Set([...base.keys(), ...stacks.keys()]).size} differ from the base. A plan is what says which of it recreates something.</p>`
}${[...alike.values()].map((group) => card(group, base, stacks))}</section>`;
}

function card(group: readonly StackDifference[], base: Stacks, stacks: Stacks): Html {
  const [{ change, added, removed, changed }] = group as [StackDifference];
  const title = shorten(
    group.map(({ stack }) => stack),
    3,
  );
  const parts = [
    added.length && `${added.length} added`,
    changed.length && `${changed.length} changed`,
    removed.length && `${removed.length} removed`,
  ];
  return html`<article class="card"><h3>${title} <span class="tag ${change}">${change}</span></h3>
<p class="dim">${parts.filter(Boolean).join(", ")}${group.length > 1 && ` in each of ${group.length} stacks`}</p>
${group.map(({ stack }) => costChange(stack, base, stacks))}
${addresses("Added", "new", added)}${addresses("Removed", "removed", removed)}
${
  changed.length > 0 &&
  html`<details open><summary>Changed (${changed.length})</summary><ul class="plain">${changed.map(
    ({ address, arguments: its }) =>
      html`<li><code>${address}</code><ul class="plain">${its.map(argumentChange)}</ul></li>`,
  )}</ul></details>`
}</article>`;
}

function costChange(stack: string, base: Stacks, stacks: Stacks): Html | undefined {
  const cost = (json = base.get(stack)) => (json ? estimateStack(json) : { low: 0, high: 0 });
  const [before, after] = [cost(), cost(stacks.get(stack) ?? {})];
  if (before.low === after.low && before.high === after.high) return undefined;
  return html`<p>${stack}, USD a month: <del>${usdRange(before)}</del> <ins>${usdRange(after)}</ins></p>`;
}

function addresses(title: string, kind: string, list: readonly string[]): Html | undefined {
  if (list.length === 0) return undefined;
  return html`<details${list.length <= 12 && html` open`}><summary class="${kind}">${title} (${list.length})</summary><ul class="plain">${list.map((address) => html`<li><code>${address}</code></li>`)}</ul></details>`;
}

function argumentChange({ path, before, after }: ArgumentChange): Html {
  return html`<li><code>${path}</code> ${before !== undefined && html`<del><code>${shown(before)}</code></del> `}${after !== undefined && html`<ins><code>${shown(after)}</code></ins>`}</li>`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)} …` : text;
}
