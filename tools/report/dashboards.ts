import { createHash } from "node:crypto";
import { blocksOf, type Stacks, type TerraformJson } from "../../lib/core/terraform-json";
import { type Html, html } from "./html";

/** A widget of Cloud Monitoring's, as far as it is drawn. @see https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards */
interface Widget {
  readonly title?: string;
  readonly text?: { readonly content?: string };
  readonly logsPanel?: object;
  readonly xyChart?: {
    readonly dataSets: readonly object[];
    readonly thresholds?: readonly { readonly value: number; readonly label?: string }[];
  };
}
interface Tile {
  readonly xPos?: number;
  readonly yPos?: number;
  readonly width: number;
  readonly height: number;
  readonly widget: Widget;
}
interface Content {
  readonly displayName: string;
  readonly mosaicLayout: { readonly tiles: readonly Tile[] };
}

/** Pixels of a column and of a row of the mosaic, which has 48 columns. */
const [COLUMN, ROW] = [24, 11];
/** Points of a line, and what is left free around it. */
const [POINTS, MARGIN, HEAD] = [24, 12, 26];

/** A picture of each dashboard, from what the stacks declare, with sample data; undefined where none is declared. */
export function dashboardsSection(stacks: Stacks): Html | undefined {
  const cards = [...stacks].flatMap(([stack, json]) =>
    blocksOf(json)
      .filter(({ type }) => type === "google_monitoring_dashboard")
      .flatMap(({ args }) => card(stack, contentOf(args["dashboard_json"], json))),
  );
  if (cards.length === 0) return undefined;
  return html`<section id="dashboards"><h2>Dashboards</h2>
<p>What is where, as Cloud Monitoring would show it. The lines are samples and no measurements.</p>
${cards}</section>`;
}

/** A dashboard's content: a local of the stack, or its text itself. */
function contentOf(written: unknown, { locals }: TerraformJson): Content | undefined {
  const [, local] = /^\$\{jsonencode\(local\.(\w+)\)\}$/.exec(String(written)) ?? [];
  if (local) return (locals as Record<string, unknown> | undefined)?.[local] as Content | undefined;
  try {
    return JSON.parse(String(written)) as Content;
  } catch {
    return undefined;
  }
}

function card(stack: string, content: Content | undefined): Html[] {
  if (!content?.mosaicLayout) return [];
  const { displayName, mosaicLayout } = content;
  const { tiles } = mosaicLayout;
  const width = COLUMN * Math.max(...tiles.map((tile) => (tile.xPos ?? 0) + tile.width));
  const height = ROW * Math.max(...tiles.map((tile) => (tile.yPos ?? 0) + tile.height));
  const label = `Picture of the dashboard ${displayName}`;
  return [
    html`<article class="card"><h3>${displayName} <span class="dim">${stack}</span></h3>
<div class="scroll" role="region" aria-label="${label}" tabindex="0"><svg role="img" aria-label="${label}; in words below" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${tiles.map(drawTile)}</svg></div>
<details><summary>${label}, in words</summary><ul class="plain">${tiles.map(({ widget }) => html`<li><strong>${widget.title ?? "Text"}</strong>: ${inWords(widget)}</li>`)}</ul></details></article>`,
  ];
}

function drawTile({ xPos = 0, yPos = 0, width, height, widget }: Tile): Html {
  const [x, y, wide, high] = [xPos * COLUMN, yPos * ROW, width * COLUMN, height * ROW];
  return html`<g class="widget"><rect x="${x + 2}" y="${y + 2}" width="${wide - 4}" height="${high - 4}" rx="4"/><text class="t" x="${x + MARGIN}" y="${y + 19}">${cut(widget.title ?? "", wide)}</text>${inside(widget, { x, y, wide, high })}</g>`;
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly wide: number;
  readonly high: number;
}

function inside({ text, logsPanel, xyChart }: Widget, area: Area): Html | readonly Html[] {
  const { x, y, wide, high } = area;
  if (text) {
    const lines = (text.content ?? "").split("\n").filter((line) => line !== "");
    return lines
      .slice(0, Math.max(1, Math.floor((high - HEAD - MARGIN) / 15)))
      .map(
        (line, index) =>
          html`<text x="${x + MARGIN}" y="${y + HEAD + 12 + index * 15}">${cut(line, wide)}</text>`,
      );
  }
  if (logsPanel)
    return Array.from({ length: Math.floor((high - HEAD - MARGIN) / 18) }, (_, index) => {
      const share = 0.4 + 0.5 * sample(`${area.x} ${area.y} ${index}`);
      return html`<path class="log" d="M${x + MARGIN} ${y + HEAD + 14 + index * 18}H${Math.round(x + MARGIN + share * (wide - 2 * MARGIN))}"/>`;
    });
  const limits = (xyChart?.thresholds ?? []).map(({ value, label }, index) => {
    const at = y + HEAD + 8 + index * 16;
    return html`<path class="limit" d="M${x + MARGIN} ${at}H${x + wide - MARGIN}"/><text x="${x + MARGIN}" y="${at + 12}">${label ?? String(value)}</text>`;
  });
  const lines = (xyChart?.dataSets ?? []).map(
    (series, index) => html`<path class="line" d="${line(JSON.stringify(series), index, area)}"/>`,
  );
  return [...limits, ...lines];
}

/** A line that looks like one: the same for the same series. */
function line(series: string, index: number, { x, y, wide, high }: Area): string {
  const [left, top] = [x + MARGIN, y + HEAD + 30];
  const [across, down] = [wide - 2 * MARGIN, Math.max(8, high - HEAD - 30 - MARGIN)];
  const level = 0.25 + 0.5 * sample(`${series} ${index}`);
  const points = Array.from({ length: POINTS }, (_, point) => {
    const wave = level + 0.18 * Math.sin(point / 2.5 + index) + 0.14 * (sample(`${series} ${point}`) - 0.5);
    return `${Math.round(left + (across * point) / (POINTS - 1))} ${Math.round(top + down * (1 - Math.min(1, Math.max(0, wave))))}`;
  });
  return `M${points.join("L")}`;
}

/** A number from 0 to 1 that a text always has. */
function sample(text: string): number {
  return createHash("sha256").update(text).digest().readUInt16BE(0) / 0xffff;
}

function cut(text: string, wide: number): string {
  const most = Math.floor((wide - 2 * MARGIN) / 7);
  return text.length > most ? `${text.slice(0, Math.max(0, most - 1))}…` : text;
}

function inWords({ text, logsPanel, xyChart }: Widget): string {
  if (text) return text.content ?? "";
  if (logsPanel) return "entries of the log";
  const series = JSON.stringify(xyChart?.dataSets ?? []);
  const metrics = [...series.matchAll(/metric\.type\s*=\s*\\"([^"\\]+)\\"/g)].map(([, metric]) => metric);
  const shown =
    [...new Set(metrics)].join(", ") || (series.includes("select_slo") ? "an objective" : "a query");
  const limits = (xyChart?.thresholds ?? []).map(({ value, label }) => label ?? String(value));
  return limits.length > 0 ? `${shown}; lines at ${limits.join(" and ")}` : shown;
}
