import type { ArgumentChange } from "../changed/diff-stacks";
import type { BlockReview, EnvironmentReview, StackReview } from "../changed/review";
import { describeCost, describeEffect, describePolicy, describeRoom, shownValues } from "../changed/text";
import { type Html, html } from "./html";
import { count, type ReportProps } from "./model";
import { shorten } from "./picture";

/** What is other than in the base, stack by stack; stacks that change alike are shown once. */
export function changesSection({ review, stacks }: ReportProps): Html | undefined {
  if (!review) return undefined;
  const alike = new Map<string, StackReview[]>();
  for (const stack of review.stacks) {
    const { stack: _, cost: __, ...its } = stack;
    const key = JSON.stringify(its);
    alike.set(key, [...(alike.get(key) ?? []), stack]);
  }
  const all = new Set([...stacks.keys(), ...review.stacks.map(({ stack }) => stack)]);
  return html`<section id="changes"><h2>What this change does</h2>
${
  review.stacks.length === 0
    ? html`<p>Nothing: every stack's Terraform is the same as in ${review.base}.</p>`
    : html`<p>${count(review.stacks.length, "stack")} of ${all.size} differ from ${review.base}. What is replaced follows from what is known of its type; a plan has the last word.</p>`
}
<ul>${review.environments.map(environment)}
${review.room && html`<li>${describeRoom(review.room)}</li>`}
<li>${describePolicy(review.policy)}${review.policy.appeared.length > 0 && html`<ul>${review.policy.appeared.map(({ check, resource, title }) => html`<li><code>${check}</code> <code>${resource}</code>: ${title}</li>`)}</ul>`}</li></ul>
${[...alike.values()].map(card)}</section>`;
}

function environment({ name, cost }: EnvironmentReview): Html {
  return html`<li>${name} costs ${describeCost(cost)} USD a month</li>`;
}

function card(group: readonly StackReview[]): Html {
  const [{ change, blocks }] = group as [StackReview];
  const title = shorten(
    group.map(({ stack }) => stack),
    3,
  );
  const of = (kind: BlockReview["change"]) => blocks.filter((block) => block.change === kind);
  const parts = (["added", "changed", "removed", "forgotten"] as const).map(
    (kind) => of(kind).length > 0 && `${of(kind).length} ${kind}`,
  );
  const telling = blocks.filter(
    (block) => block.arguments.length > 0 || (change !== "removed" && describeEffect(block) !== undefined),
  );
  const rest = (kind: BlockReview["change"]) =>
    of(kind)
      .filter((block) => !telling.includes(block))
      .map(({ address }) => address);
  return html`<article class="card"><h3>${title} <span class="tag ${change}">${change}</span></h3>
<p class="dim">${parts.filter(Boolean).join(", ")}${group.length > 1 && ` in each of ${group.length} stacks`}</p>
${group.map(costChange)}
${
  telling.length > 0 &&
  html`<details open><summary>${change === "changed" ? "Changed" : "Holds data"} (${telling.length})</summary><ul class="plain">${telling.map(block)}</ul></details>`
}
${addresses("Added", "new", rest("added"))}${addresses("Removed", "removed", rest("removed"))}</article>`;
}

function block(its: BlockReview): Html {
  const effect = describeEffect(its);
  const ends = its.change === "removed" || its.replaced !== undefined;
  return html`<li><code>${its.address}</code>${effect !== undefined && html` <span class="${ends ? "removed" : "dim"}">${effect}</span>`}<ul class="plain">${its.arguments.map(argumentChange)}</ul></li>`;
}

function costChange({ stack, cost }: StackReview): Html | undefined {
  const { before = { low: 0, high: 0 }, after } = cost;
  if (before.low === after.low && before.high === after.high) return undefined;
  return html`<p>${stack}, USD a month: ${describeCost({ before, after })}</p>`;
}

function addresses(title: string, kind: string, list: readonly string[]): Html | undefined {
  if (list.length === 0) return undefined;
  return html`<details${list.length <= 12 && html` open`}><summary class="${kind}">${title} (${list.length})</summary><ul class="plain">${list.map((address) => html`<li><code>${address}</code></li>`)}</ul></details>`;
}

function argumentChange({ path, before, after }: ArgumentChange): Html {
  const [was, is] = shownValues(before, after);
  return html`<li><code>${path}</code> ${before !== undefined && html`<del><code>${was}</code></del> `}${after !== undefined && html`<ins><code>${is}</code></ins>`}</li>`;
}
