import { layOut, layOutWithin } from "../../../tools/report/layout";
import { type Box, type Picture, stackPicture } from "../../../tools/report/picture";
import { synthesizeProgram } from "../../support/program";

/** A stack of terraform_data-like resources, by construct path; each with the addresses that it refers to. */
function stack(resources: Record<string, { type?: string; args?: object }>) {
  const resource: Record<string, Record<string, Record<string, unknown>>> = {};
  for (const [path, { type = "google_thing", args = {} }] of Object.entries(resources)) {
    const name = path.replaceAll("/Resource", "").replaceAll("/", "_");
    resource[type] = {
      ...resource[type],
      [name]: { "//": { metadata: { path: `stack/${path}` } }, ...args },
    };
  }
  return { resource };
}

const outline = (boxes: readonly Box[]): unknown[] =>
  boxes.map(({ title, rows, boxes: inner }) => [title.join(" "), ...rows, ...outline(inner)]);

/** Links by the titles of their ends. */
function linksOf({ boxes, links }: Picture): string[] {
  const titles = new Map<string, string>();
  const collect = (box: Box): void => {
    titles.set(box.id, box.title.join(" "));
    box.boxes.forEach(collect);
  };
  boxes.forEach(collect);
  return links.map(({ from, to }) => `${titles.get(from)} -> ${titles.get(to)}`);
}

test("constructs are frames around what they declare, their main resource the first box in it", () => {
  const json = stack({
    "cluster/Resource": { type: "google_container_cluster" },
    "cluster/pool": { type: "google_container_node_pool" },
    "sql/Resource": { type: "google_sql_database_instance" },
  });
  expect(outline(stackPicture(json, 10).boxes)).toEqual([
    ["cluster", ["container_cluster"], ["pool", "container_node_pool"]],
    ["sql", "sql_database_instance"],
  ]);
});

test("where there is no room, the constructs with the least in them stay closed and list their types", () => {
  const json = stack({
    "a/one": { type: "google_a" },
    "a/two": { type: "google_b" },
    "b/one": { type: "google_a" },
    "b/two": { type: "google_b" },
    "b/three": { type: "google_c" },
  });
  expect(outline(stackPicture(json, 4).boxes)).toEqual([
    ["a", "a", "b"],
    ["b", ["one", "a"], ["two", "b"], ["three", "c"]],
  ]);
  expect(outline(stackPicture(json, 0).boxes)).toEqual([
    ["a", "a", "b"],
    ["b", "a", "b", "c"],
  ]);
});

test("constructs side by side that look alike are one box, whatever they are called", () => {
  const people = ["ann", "bea", "cy", "dot", "eve"].flatMap((name) => [
    [`${name}/deployer`, { type: "google_service_account" }] as const,
    [`${name}/state`, { type: "google_storage_managed_folder" }] as const,
  ]);
  expect(outline(stackPicture(stack(Object.fromEntries(people)), 10).boxes)).toEqual([
    ["ann, bea, cy and 2 more", ["deployer", "5 x service_account"], ["state", "5 x storage_managed_folder"]],
  ]);
});

test("a link goes from what refers to what is referred to, also through locals, once for each pair of boxes", () => {
  const json = {
    ...stack({
      network: { type: "google_network" },
      cluster: {
        type: "google_cluster",
        args: { network: "${google_network.network.id}", again: ["${google_network.network.name}"] },
      },
      release: {
        type: "helm_release",
        args: { values: ["${yamlencode(local.values)}"], depends_on: ["google_network.network"] },
      },
    }),
    locals: { values: { inner: "${local.deeper}" }, deeper: "${google_cluster.cluster.name}" },
  };
  expect(linksOf(stackPicture(json, 10))).toEqual(["cluster -> network", "release -> cluster"]);
});

test("locals that refer to each other come to an end", () => {
  const json = {
    ...stack({ one: { args: { value: "${local.a}" } } }),
    locals: { a: "${local.b}", b: "${local.a}" },
  };
  expect(linksOf(stackPicture(json, 10))).toEqual([]);
});

test("another stack that is read is a box with the outputs that are read of it", () => {
  const json = {
    ...stack({ one: { args: { value: "${data.terraform_remote_state.base.outputs.region}" } } }),
    data: {
      terraform_remote_state: { base: { config: { prefix: "staging-base" } } },
    },
  };
  const picture = stackPicture(json, 10);
  expect(outline(picture.boxes)).toEqual([
    ["one", "thing"],
    ["staging-base", "region"],
  ]);
  expect(linksOf(picture)).toEqual(["one -> staging-base"]);
});

test("APIs that are switched on are left out", () => {
  const json = stack({ "services/compute": { type: "google_project_service" } });
  expect(stackPicture(json, 10)).toEqual({ boxes: [], links: [] });
});

describe("every stack of the program", () => {
  const program = [...synthesizeProgram()].map(([name, { json }]) => ({ name, json }));

  test.each(program)("$name: boxes lie within their frames and beside each other", async ({ json }) => {
    const { boxes, width, height } = await layOut(stackPicture(json, 26));
    for (const placed of boxes) {
      expect(placed.x).toBeGreaterThanOrEqual(0);
      expect(placed.x + placed.width).toBeLessThanOrEqual(width);
      expect(placed.y + placed.height).toBeLessThanOrEqual(height);
      const inner = boxes.filter(({ box }) => placed.box.boxes.includes(box));
      for (const { x, y, width: w, height: h } of inner) {
        expect(x).toBeGreaterThan(placed.x);
        expect(y).toBeGreaterThan(placed.y);
        expect(x + w).toBeLessThan(placed.x + placed.width);
        expect(y + h).toBeLessThan(placed.y + placed.height);
      }
    }
    const leaves = boxes.filter(({ box }) => box.boxes.length === 0);
    const overlaps = leaves.flatMap((a, index) =>
      leaves
        .slice(index + 1)
        .filter(
          (b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
        )
        .map((b) => [a.box.id, b.box.id]),
    );
    expect(overlaps).toEqual([]);
  });

  test.each(program)("$name: is drawn no wider than a page", async ({ json }) => {
    const { width } = await layOutWithin(1190, (most) => stackPicture(json, most));
    expect(width).toBeLessThanOrEqual(1190);
  });
});
