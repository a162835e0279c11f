import { type Html, html } from "./html";
import { layOutWithin, type PlacedPicture } from "./layout";
import { count, type StackGroup } from "./model";
import { type Box, type Picture, stackPicture } from "./picture";
import { drawSvg } from "./svg";

/** What a picture may be wide to fit the page at 1,280 pixels without scrolling. */
const PAGE_WIDTH = 1190;

/** Providers whose colour a box has where everything in it is theirs. */
const LEGEND = ["google", "kubernetes", "helm", "cloudflare"] as const;

/** A picture of each stack: what contains what, what uses what. */
export async function picturesSection(groups: readonly StackGroup[]): Promise<Html> {
  const cards: Html[] = [];
  for (const group of groups) cards.push(await card(group));
  return html`<section id="pictures"><h2>What is in each stack</h2>
<p>A box is a construct or its resources, a frame what contains others. An arrow points from what uses to what is used.
Constructs that look alike share a box, and large ones stay closed. APIs that are switched on are left out: everything
waits for them. A picture that is wider than the screen scrolls sideways; the same stands below it in words.</p>
<ul class="legend">${LEGEND.map((kind) => html`<li style="--key:var(--${kind})">${kind}</li>`)}<li style="--key:var(--link)">of several providers</li><li class="dashed" style="--key:var(--dim)">read, not made here</li></ul>
${cards}</section>`;
}

async function card({ anchor, title, names, json }: StackGroup): Promise<Html> {
  const placed = await layOutWithin(PAGE_WIDTH, (most) => stackPicture(json, most));
  const caption =
    names.length > 1 ? `${count(names.length, "stack")} of this shape; drawn is ${names[0]}.` : undefined;
  return html`<article class="card" id="${anchor}"><h3>${title}</h3>${figure(placed, `Picture of ${title}`, caption)}</article>`;
}

/** A picture, which scrolls by itself, and the same in words. */
export function figure(placed: PlacedPicture, label: string, caption?: string): Html {
  return html`<figure>${caption && html`<figcaption class="dim">${caption}</figcaption>`}<div class="scroll" role="region" aria-label="${label}" tabindex="0">${drawSvg(placed, `${label}; in words below`)}</div></figure>
<details><summary>${label}, in words</summary>${inWords(placed.picture)}</details>`;
}

function inWords({ boxes, links }: Picture): Html {
  const titles = new Map(flatten(boxes).map((box) => [box.id, box.title.join(" ")]));
  const uses = new Map<string, string[]>();
  for (const { from, to } of links) uses.set(from, [...(uses.get(from) ?? []), titles.get(to) as string]);
  return list(boxes);

  function list(items: readonly Box[]): Html {
    return html`<ul class="plain">${items.map((box) => {
      const used = uses.get(box.id);
      return html`<li><strong>${box.title.join(" ")}</strong>${box.rows.length > 0 && `: ${box.rows.join(", ")}`}${used && html`; <span class="dim">uses ${used.join("; ")}</span>`}${box.boxes.length > 0 && list(box.boxes)}</li>`;
    })}</ul>`;
  }
}

function flatten(boxes: readonly Box[]): Box[] {
  return boxes.flatMap((box) => [box, ...flatten(box.boxes)]);
}
