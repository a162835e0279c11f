import { isDeepStrictEqual } from "node:util";
import ELK, { type ElkNode } from "elkjs/lib/elk.bundled.js";
import type { Box, Picture } from "./picture";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A box with its place in the picture. */
export interface PlacedBox extends Point {
  readonly box: Box;
  readonly width: number;
  readonly height: number;
}

export interface PlacedPicture {
  readonly picture: Picture;
  readonly width: number;
  readonly height: number;
  /** Frames before what is in them. */
  readonly boxes: readonly PlacedBox[];
  /** The corners of each link, from where it starts to where its arrow points. */
  readonly links: readonly (readonly Point[])[];
}

/** Sizes in CSS pixels, for a monospace font, whose width is known without measuring. */
export const TEXT = { title: 12, row: 11, line: 16, padding: 9, advance: 0.61 } as const;

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.spacing.nodeNodeBetweenLayers": "26",
  "elk.layered.spacing.edgeNodeBetweenLayers": "10",
  "elk.spacing.nodeNode": "12",
  "elk.spacing.edgeEdge": "8",
  "elk.spacing.edgeNode": "10",
  "elk.padding": "[top=8,left=8,bottom=8,right=8]",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.json.shapeCoords": "ROOT",
  "elk.json.edgeCoords": "ROOT",
  "elk.randomSeed": "1",
};
const LEAF = { "elk.alignment": "LEFT" };
const FRAME = {
  ...LEAF,
  "elk.padding": "[top=32,left=10,bottom=10,right=10]",
};

/**
 * Lays out the first of several pictures of the same that is not too wide; if all are, the last.
 * @param draw a picture of at most so many boxes
 */
export async function layOutWithin(width: number, draw: (most: number) => Picture): Promise<PlacedPicture> {
  let placed: PlacedPicture | undefined;
  for (const most of [26, 23, 20, 18, 16, 14, 12, 0]) {
    const picture = draw(most);
    if (placed && isDeepStrictEqual(picture, placed.picture)) continue;
    placed = await layOut(picture);
    if (placed.width <= width) break;
  }
  return placed as PlacedPicture;
}

/** Finds a place for every box and link: the same one every time. */
export async function layOut(picture: Picture): Promise<PlacedPicture> {
  const { boxes, links } = picture;
  const elk = new ELK();
  const root: ElkNode = {
    id: "",
    layoutOptions: OPTIONS,
    children: boxes.map(toElk),
    edges: links.map(({ from, to }, index) => ({ id: `link ${index}`, sources: [from], targets: [to] })),
  };
  const graph = await elk.layout<ElkNode>(root);
  const byId = new Map(flatten(boxes).map((box) => [box.id, box]));
  return {
    picture,
    width: Math.ceil(graph.width ?? 0),
    height: Math.ceil(graph.height ?? 0),
    boxes: placed(graph.children ?? [], byId),
    links: (graph.edges ?? []).flatMap(({ sections = [] }) =>
      sections.map(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]),
    ),
  };
}

function toElk(box: Box): ElkNode {
  const widths = [
    ...box.title.map((line) => line.length * TEXT.title * TEXT.advance),
    ...box.rows.map((row) => row.length * TEXT.row * TEXT.advance),
  ];
  const width = Math.ceil(Math.max(...widths) + 2 * TEXT.padding);
  if (!box.boxes.length)
    return {
      id: box.id,
      layoutOptions: LEAF,
      width,
      height: (box.title.length + box.rows.length) * TEXT.line + TEXT.padding,
    };
  return {
    id: box.id,
    layoutOptions: {
      ...FRAME,
      "elk.nodeSize.constraints": "MINIMUM_SIZE",
      "elk.nodeSize.minimum": `(${width},40)`,
    },
    children: box.boxes.map(toElk),
  };
}

function flatten(boxes: readonly Box[]): Box[] {
  return boxes.flatMap((box) => [box, ...flatten(box.boxes)]);
}

function placed(nodes: readonly ElkNode[], byId: ReadonlyMap<string, Box>): PlacedBox[] {
  return nodes.flatMap(({ id, x = 0, y = 0, width = 0, height = 0, children = [] }) => [
    { box: byId.get(id) as Box, x, y, width, height },
    ...placed(children, byId),
  ]);
}
