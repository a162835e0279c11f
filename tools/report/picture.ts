import { type Block, blocksOf, type TerraformJson } from "../../lib/core/terraform-json";
import { ReferenceFinder } from "./references";
import { blocksWithin, containment, type TreeNode } from "./tree";

/** A box of a picture; one with boxes in it is a frame. */
export interface Box {
  readonly id: string;
  /** Lines of the title. */
  readonly title: readonly string[];
  /** Lines below it. */
  readonly rows: readonly string[];
  /** What it is, by which it is coloured: a provider's name, or "stack". */
  readonly kind: string;
  /** Drawn dashed: it is read, not made, here. */
  readonly foreign?: boolean;
  readonly boxes: readonly Box[];
}

/** The box `from` uses the box `to`. */
export interface Link {
  readonly from: string;
  readonly to: string;
}

export interface Picture {
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
}

const MOST_ROWS = 6;
const MOST_NAMES = 3;
/** Characters of a line of a title, if its words are not longer. */
const TITLE_WIDTH = 26;

/** APIs that are switched on: everything waits for them, so they would only make the picture dense. */
const LEFT_OUT = new Set(["google_project_service", "terraform_remote_state"]);

/**
 * Draws a stack: what contains what by its constructs, what uses what by references between resources.
 *
 * @param most how many boxes without others in them to draw: constructs are opened, the fullest first, up to that many
 */
export function stackPicture(json: TerraformJson, most: number): Picture {
  const blocks = blocksOf(json, ["resource", "data", "ephemeral"]);
  const shown = blocks.filter(({ type }) => !LEFT_OUT.has(type));
  const roots = containment(shown);
  const open = openNodes(roots, most);
  const places = new Map<string, string>();
  const boxes = roots.map((node) => boxOf(node, open, places));
  const finder = new ReferenceFinder(json);
  const foreign = foreignBoxes(blocks, shown, finder);
  return { boxes: [...boxes, ...foreign.boxes], links: links(shown, finder, places, foreign.idOf) };
}

/** Short name of a type: `container_node_pool`. */
export function shortType(type: string): string {
  return type.slice(type.indexOf("_") + 1);
}

function openNodes(roots: readonly TreeNode[], most: number): Set<TreeNode> {
  const open = new Set<TreeNode>();
  let boxes = roots.length;
  let candidates = roots.filter(({ children }) => children.length);
  while (candidates.length) {
    const byContent = candidates.map((node) => ({ node, adds: boxesWhenOpen(node) - 1 }));
    byContent.sort((a, b) => b.adds - a.adds || (a.node.id < b.node.id ? -1 : 1));
    const next = byContent.find(({ adds }) => boxes + adds <= most);
    if (!next) break;
    open.add(next.node);
    boxes += next.adds;
    candidates = [
      ...candidates.filter((node) => node !== next.node),
      ...next.node.children.filter(({ children }) => children.length),
    ];
  }
  return open;
}

function boxesWhenOpen({ blocks, children }: TreeNode): number {
  return children.length + (blocks.length ? 1 : 0);
}

/** @param places by address, the box that stands for a block */
function boxOf(node: TreeNode, open: ReadonlySet<TreeNode>, places: Map<string, string>): Box {
  if (!open.has(node)) return leaf(node.id, titleOf(node), blocksWithin(node), places);
  const own = node.blocks.length ? [leaf(`${node.id}/`, typeRows(node.blocks), node.blocks, places, [])] : [];
  return {
    id: node.id,
    title: [shorten(node.names)],
    rows: [],
    kind: "construct",
    boxes: [...own, ...node.children.map((child) => boxOf(child, open, places))],
  };
}

function leaf(
  id: string,
  title: readonly string[],
  blocks: readonly Block[],
  places: Map<string, string>,
  rows = typeRows(blocks),
): Box {
  for (const { address } of blocks) places.set(address, id);
  const made = blocks.filter(({ mode }) => mode !== "ephemeral");
  const kinds = new Set(made.map(({ type }) => type.slice(0, type.indexOf("_"))));
  return {
    id,
    title,
    rows,
    kind: kinds.size === 1 ? ([...kinds][0] as string) : "construct",
    foreign: blocks.every(({ mode }) => mode === "data"),
    boxes: [],
  };
}

/** A line for each type, with how many there are. */
function typeRows(blocks: readonly Block[]): string[] {
  const counts = new Map<string, number>();
  for (const block of blocks) counts.set(labelOf(block), (counts.get(labelOf(block)) ?? 0) + 1);
  const rows = [...counts].map(([label, count]) => (count === 1 ? label : `${count} x ${label}`));
  if (rows.length <= MOST_ROWS) return rows;
  return [...rows.slice(0, MOST_ROWS - 1), `and ${rows.length - MOST_ROWS + 1} more types`];
}

function labelOf({ mode, type }: Block): string {
  return `${mode === "resource" ? "" : `${mode} `}${shortType(type)}`;
}

/** The names of a node, over several lines where there are many. */
function titleOf({ names }: TreeNode): string[] {
  const lines: string[] = [];
  for (const word of shorten(names).split(/(?<=,) /)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && longer.length <= TITLE_WIDTH) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** `alice, bob, carol and 57 more` */
export function shorten(names: readonly string[], most = MOST_NAMES): string {
  if (names.length <= most + 1) return names.join(", ");
  return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}

/** A box for each other stack whose outputs are read, with what is read of it. */
function foreignBoxes(all: readonly Block[], shown: readonly Block[], finder: ReferenceFinder) {
  const states = all.filter(({ type }) => type === "terraform_remote_state");
  const used = new Set(shown.flatMap((block) => [...finder.of(block)]));
  const idOf = new Map(states.map(({ address }) => [address, `other stack ${address}`]));
  const boxes = states.map(({ address, args }): Box => {
    const prefix = `${address}.outputs.`;
    const outputs = [...used].filter((reference) => reference.startsWith(prefix));
    const rows = outputs.map((reference) => reference.slice(prefix.length)).sort();
    const config = args["config"] as { prefix?: string } | undefined;
    return {
      id: idOf.get(address) as string,
      title: [config?.prefix ?? address],
      rows:
        rows.length > MOST_ROWS
          ? [...rows.slice(0, MOST_ROWS - 1), `and ${rows.length - MOST_ROWS + 1} more outputs`]
          : rows,
      kind: "stack",
      foreign: true,
      boxes: [],
    };
  });
  return { boxes, idOf };
}

function links(
  shown: readonly Block[],
  finder: ReferenceFinder,
  places: ReadonlyMap<string, string>,
  foreign: ReadonlyMap<string, string>,
): Link[] {
  const found = new Map<string, Link>();
  for (const block of shown)
    for (const reference of finder.of(block)) {
      const [address] = reference.split(".outputs.") as [string];
      const from = places.get(block.address) as string;
      const to = places.get(address) ?? foreign.get(address);
      if (to !== undefined && to !== from) found.set(JSON.stringify([from, to]), { from, to });
    }
  return [...found.values()];
}
