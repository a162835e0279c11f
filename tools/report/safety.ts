import { type HeldData, lossOf, missing, resourceType } from "../../lib/core/resource-types";
import {
  argument,
  type Block,
  blocksOf,
  type Stacks,
  type TerraformJson,
} from "../../lib/core/terraform-json";
import { type Html, html, table } from "./html";
import type { ReportProps, StackGroup } from "./model";
import { shorten } from "./picture";

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

/** What the program's own rules say. */
export function policySection({ policy }: ReportProps): Html {
  const { findings, green } = policy;
  return html`<section id="policy"><h2>Policy</h2>
<p>${green ? "The program's own rules hold, but for what policy/waivers.yaml explains." : "The program's own rules find what no waiver explains."} Scanners and charts: <code>npm run policy</code>.</p>
${
  findings.length > 0 &&
  html`<div class="card">${table({
    caption: "Findings",
    rows: findings,
    columns: [
      { title: "Rule", cell: ({ check }) => html`<code>${check}</code>` },
      { title: "Resource", cell: ({ resource }) => html`<code>${resource}</code>` },
      { title: "What", cell: ({ title }) => title },
    ],
  })}</div>`
}</section>`;
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

/** What keeps resources that hold data from being lost. */
export interface Protection {
  /** Address, or type and how many, where several are protected alike. */
  readonly what: string;
  /** Terraform refuses to plan its end (`prevent_destroy`). */
  readonly inTerraform: boolean;
  /** The API or the provider refuses it; undefined where there is no such switch. */
  readonly byProvider: boolean | undefined;
  /** What remains for how long. */
  readonly kept: string;
}

/** The protections of a stack, of like resources together. */
export function protectionsOf(json: TerraformJson): Protection[] {
  const alike = new Map<
    string,
    { type: string; addresses: string[]; protection: Omit<Protection, "what"> }
  >();
  const blocks = blocksOf(json);
  for (const block of blocks) {
    const inTerraform = argument(block.args, "lifecycle", "prevent_destroy") === true;
    const held = heldBy(block);
    if (!held && !inTerraform) continue;
    const { guards = [], kept = "nothing" } = held ?? {};
    const protection = {
      inTerraform,
      byProvider: guards.length > 0 ? guards.every((guard) => !missing(block, guard, blocks)) : undefined,
      kept: typeof kept === "string" ? kept : kept(block),
    };
    const key = JSON.stringify([block.type, protection]);
    const entry = alike.get(key) ?? { type: block.type, addresses: [], protection };
    entry.addresses.push(block.address);
    alike.set(key, entry);
  }
  return [...alike.values()].map(({ type, addresses, protection }) => ({
    what: addresses.length === 1 ? (addresses[0] as string) : `${type} (${addresses.length})`,
    ...protection,
  }));
}

/** What a resource holds; undefined for nothing. Of a type without a row that is not known. */
function heldBy({ type }: Block): Pick<HeldData, "guards" | "kept"> | undefined {
  const row = resourceType(type);
  return row ? row.holdsData || undefined : { guards: [], kept: lossOf(type) };
}

/** A secret, by name: no value of any is in Terraform's files. */
export interface SecretEntry {
  readonly stack: string;
  readonly name: string;
  /** Terraform writes it once, by a write-only argument; otherwise people fill it in. */
  readonly writtenByTerraform: boolean;
  /** Who may read it: members of IAM, where Terraform computes one by the address that it comes from. */
  readonly readers: readonly string[];
}

/** The secrets that the stacks declare, with who reads them in any stack. */
export function secretsOf(stacks: Stacks): SecretEntry[] {
  const blocks = [...stacks].flatMap(([stack, json]) => blocksOf(json).map((block) => ({ stack, block })));
  const secrets = blocks.filter(({ block }) => block.type === "google_secret_manager_secret");
  return secrets.map(({ stack, block }) => {
    const isMeant = (other: { stack: string; block: Block }) => refersTo(other, { stack, block });
    const of = (type: string) => blocks.filter((other) => other.block.type === type && isMeant(other));
    return {
      stack,
      name: String(block.args["secret_id"]),
      writtenByTerraform: of("google_secret_manager_secret_version").length > 0,
      readers: of("google_secret_manager_secret_iam_member").map((member) => memberName(member.block)),
    };
  });
}

interface Placed {
  readonly stack: string;
  readonly block: Block;
}

/** By reference within a stack; by project and name from another one. */
function refersTo({ stack, block }: Placed, secret: Placed): boolean {
  const named = String(block.args["secret_id"] ?? block.args["secret"] ?? "");
  if (named.includes("${")) return stack === secret.stack && named.includes(`\${${secret.block.address}.`);
  return (
    named === secret.block.args["secret_id"] &&
    argument(block.args, "project") === argument(secret.block.args, "project")
  );
}

function memberName({ args }: Block): string {
  return String(args["member"])
    .replace(/^serviceAccount:/, "")
    .replace(/\$\{([^.}]+\.[^.}]+)[^}]*\}/g, "$1");
}
