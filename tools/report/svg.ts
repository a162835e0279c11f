import { type Html, html } from "./html";
import { type PlacedBox, type PlacedPicture, type Point, TEXT } from "./layout";

/** Kinds of boxes that the style sheet knows; any other is drawn as a construct. */
const KINDS = new Set(["google", "kubernetes", "helm", "cloudflare", "random", "stack"]);

/** How far before a corner a link begins to turn. */
const RADIUS = 5;

/** Draws a picture as inline SVG: colours come from the page's style sheet. */
export function drawSvg(picture: PlacedPicture, label: string): Html {
  const { width, height, boxes, links } = picture;
  return html`<svg role="img" aria-label="${label}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${boxes
    .filter(({ box }) => box.boxes.length)
    .map(drawFrame)}${links.map(drawLink)}${boxes.filter(({ box }) => !box.boxes.length).map(drawBox)}</svg>`;
}

function drawFrame({ box, x, y, width, height }: PlacedBox): Html {
  return html`<g class="frame"><rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="6"/><text class="t" x="${round(x + 10)}" y="${round(y + 20)}">${box.title}</text></g>`;
}

function drawBox({ box, x, y, width, height }: PlacedBox): Html {
  const kind = KINDS.has(box.kind) ? box.kind : "construct";
  const left = round(x + TEXT.padding);
  const lines = [...box.title, ...box.rows].map(
    (line, index) =>
      html`<text${index < box.title.length && html` class="t"`} x="${left}" y="${round(y + 16 + index * TEXT.line)}">${line}</text>`,
  );
  return html`<g class="box ${kind}${box.foreign ? " foreign" : ""}"><rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="4"/>${lines}</g>`;
}

function drawLink(points: readonly Point[]): Html {
  return html`<path class="link" d="${pathOf(points)}"/>${arrow(points)}`;
}

function pathOf(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const [before, after] = [points[index - 1], points[index + 1]];
      if (!before) return `M${at(point)}`;
      if (!after) return `L${at(point)}`;
      return `L${at(towards(point, before))}Q${at(point)} ${at(towards(point, after))}`;
    })
    .join("");
}

/** A head on the last piece; SVG's markers cannot take the colour of the line. */
function arrow(points: readonly Point[]): Html {
  const [from, tip] = [points.at(-2), points.at(-1)] as [Point, Point];
  const length = Math.hypot(tip.x - from.x, tip.y - from.y) || 1;
  const [dx, dy] = [(tip.x - from.x) / length, (tip.y - from.y) / length];
  const back = { x: tip.x - 7 * dx, y: tip.y - 7 * dy };
  const side = (sign: number) => at({ x: back.x - sign * 3.5 * dy, y: back.y + sign * 3.5 * dx });
  return html`<path class="head" d="M${at(tip)}L${side(1)}L${side(-1)}Z"/>`;
}

function towards(corner: Point, other: Point): Point {
  const length = Math.hypot(other.x - corner.x, other.y - corner.y) || 1;
  const part = Math.min(RADIUS, length / 2) / length;
  return { x: corner.x + (other.x - corner.x) * part, y: corner.y + (other.y - corner.y) * part };
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
