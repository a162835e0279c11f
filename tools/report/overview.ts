import { blocksOf } from "../../lib/core/terraform-json";
import { usdRange } from "../cost/describe";
import { type Html, html, table } from "./html";
import { layOut } from "./layout";
import { count, type ReportEngineer, type ReportProps, type StackGroup } from "./model";
import type { Box, Link } from "./picture";
import { figure } from "./pictures";

/** Engineers that a table shows without being asked. */
const SHORT = 12;

/** Which environments there are, which stack reads which, and who has one. */
export async function overviewSection(props: ReportProps, groups: readonly StackGroup[]): Promise<Html> {
  const placed = await layOut(overviewPicture(props, groups));
  return html`<section id="environments"><h2>Environments</h2>
<div class="card">${figure(placed, "Stacks by environment", "An arrow points from a stack to one whose outputs it reads. Every stack is deployed by itself.")}</div>
<div class="card">${stackTable(props, groups)}</div>
${props.engineers.length > 0 && html`<details class="card"${props.engineers.length <= SHORT && html` open`}><summary>Engineers (${props.engineers.length})</summary>${engineerTable(props.engineers)}</details>`}</section>`;
}

function overviewPicture({ cost }: ReportProps, groups: readonly StackGroup[]) {
  const idOf = new Map(groups.flatMap(({ names, anchor }) => names.map((name) => [name, anchor] as const)));
  const boxes = cost.environments.map(({ name, stacks }): Box => {
    const its = groups.filter(({ names }) => stacks.includes(names[0] as string));
    return { id: name, title: [name], rows: [], kind: "construct", boxes: its.map(stackBox) };
  });
  const links = groups.flatMap(({ anchor, json }) =>
    readsOf(json).flatMap((read): Link[] => {
      const to = idOf.get(read);
      return to ? [{ from: anchor, to }] : [];
    }),
  );
  return { boxes: boxes.filter((box) => box.boxes.length), links };

  function stackBox({ anchor, title, names, json }: StackGroup): Box {
    const resources = `${count(blocksOf(json).length, "resource")}${names.length > 1 ? " each" : ""}`;
    const { low, high } = cost.stacks.get(names[0] as string) ?? { low: 0, high: 0 };
    const rows =
      high > 0 ? [resources, `${Math.round(low)} to ${Math.round(high)} USD a month`] : [resources];
    return { id: anchor, title: [title], rows, kind: "stack", boxes: [] };
  }
}

function stackTable({ cost }: ReportProps, groups: readonly StackGroup[]): Html {
  return table({
    caption: "Stacks: one Terraform root module and one state each",
    rows: groups,
    columns: [
      { title: "Stack", cell: ({ anchor, title }) => html`<a href="#${anchor}">${title}</a>` },
      { title: "Resources", numeric: true, cell: ({ json }) => blocksOf(json).length },
      { title: "Reads", cell: ({ json }) => readsOf(json).join(", ") || "nothing" },
      { title: "Providers", cell: ({ json }) => Object.keys(json.provider ?? {}).join(", ") },
      {
        title: "USD a month",
        numeric: true,
        cell: ({ names }) => usdRange(cost.stacks.get(names[0] as string) ?? { low: 0, high: 0 }),
      },
    ],
  });
}

function engineerTable(engineers: readonly ReportEngineer[]): Html {
  return table({
    caption: "Who has a staging environment, and what it is called",
    rows: engineers,
    columns: [
      { title: "Engineer", cell: ({ name }) => name },
      {
        title: "State",
        cell: ({ state }) => (state === "active" ? state : html`<span class="changed">${state}</span>`),
      },
      { title: "Stack", cell: ({ stack }) => html`<code>${stack}</code>` },
      { title: "Address", cell: ({ url }) => html`<code>${url}</code>` },
      { title: "Namespace", cell: ({ namespace }) => html`<code>${namespace}</code>` },
      { title: "Database", cell: ({ database }) => html`<code>${database}</code>` },
      { title: "Image tag", cell: ({ imageTag }) => html`<code>${imageTag}</code>` },
    ],
  });
}

/** Names of the stacks whose outputs a stack reads. */
function readsOf(json: StackGroup["json"]): string[] {
  return blocksOf(json, ["data"])
    .filter(({ type }) => type === "terraform_remote_state")
    .map(({ args }) => String((args["config"] as { prefix?: unknown } | undefined)?.prefix));
}
