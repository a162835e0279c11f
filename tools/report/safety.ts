import { type Html, html, table } from "./html";
import type { ReportProps, StackGroup } from "./model";
import { shorten } from "./picture";
import { type Protection, protectionsOf } from "./protections";
import { secretsOf } from "./secrets";

/** What keeps data from being lost, stack by stack. */
export function protectionsSection(groups: readonly StackGroup[]): Html {
  const rows = groups.flatMap(({ title, json }) =>
    protectionsOf(json).map((protection) => ({ stack: title, ...protection })),
  );
  return html`<section id="protections"><h2>Protections</h2>
<p>What holds data, and what else refuses to be destroyed. Terraform refuses where it says <code>prevent_destroy</code>,
the provider or the API behind it where deletion protection is on.</p>
<div class="card">${table<Protection & { stack: string }>({
    caption: "What refuses deletion, and what remains after it",
    rows,
    columns: [
      { title: "Resource", cell: ({ what }) => html`<code>${what}</code>` },
      { title: "Stack", cell: ({ stack }) => stack },
      { title: "Terraform refuses", cell: ({ inTerraform }) => yesNo(inTerraform) },
      {
        title: "Provider refuses",
        cell: ({ byProvider }) => (byProvider === undefined ? "no such switch" : yesNo(byProvider)),
      },
      { title: "Kept", cell: ({ kept }) => kept },
    ],
  })}</div></section>`;
}

/** Which secrets there are, by name. */
export function secretsSection({ stacks }: ReportProps): Html {
  return html`<section id="secrets"><h2>Secrets</h2><p>By name only: no value is in Terraform's files, plans or states.</p>
<div class="card">${table({
    caption: "Secrets, who fills them in and who reads them",
    rows: secretsOf(stacks),
    columns: [
      { title: "Secret", cell: ({ name }) => html`<code>${name}</code>` },
      { title: "Stack", cell: ({ stack }) => stack },
      {
        title: "Filled in by",
        cell: ({ writtenByTerraform }) => (writtenByTerraform ? "Terraform, write-only" : "people"),
      },
      { title: "Read by", cell: ({ readers }) => shorten(readers, 2) || "nobody by a grant on the secret" },
    ],
  })}</div></section>`;
}

function yesNo(value: boolean): Html {
  return value ? html`<span class="yes">yes</span>` : html`<span class="no">no</span>`;
}
