import { describeLimits } from "../../../tools/cost/describe";
import { costJson, estimateProgram } from "../../../tools/cost/program";
import { programText, stackText } from "../../../tools/cost/text";
import { projectOf, synthesizeProgram } from "../../support/program";

const limits = [
  { scarce: "connections of the database", engineers: 3 },
  { scarce: "CPU of node pool default", engineers: 4 },
];

function costOf(people: number) {
  const names = [...Array(people).keys()].map((index) => `engineer-${String(index).padStart(2, "0")}`);
  const props = { engineers: names.map((name) => ({ name, email: `${name}@plue.dev` })) };
  const program = synthesizeProgram(props);
  const stacks = new Map([...program].map(([name, { json }]) => [name, json]));
  return estimateProgram({ stacks, declared: projectOf(props).declared, limits });
}

const two = costOf(2);
const staging = two.environments[0];

test("staging and production cost what their sizes and the price list come to", () => {
  expect(two.environments.map(({ name, low, high }) => ({ name, low, high }))).toEqual([
    { name: "staging", low: 242.8, high: 740.22 },
    { name: "production", low: 917.96, high: 3820.71 },
  ]);
  expect({ low: two.low, high: two.high }).toEqual({ low: 1160.76, high: 4560.93 });
});

test("nothing that the program declares is left out without a word", () => {
  for (const { notClassified, withoutPrice } of two.stacks.values())
    expect([...notClassified, ...withoutPrice]).toEqual([]);
});

test("an engineer's stack costs nothing by itself, and has its share of staging", () => {
  expect(two.stacks.get("staging-engineer-00")).toMatchObject({ low: 0, high: 0, lines: [] });
  expect(staging?.perEngineer).toEqual({ low: 121.4, high: 370.11 });
  expect(stackText("staging-engineer-00", two)).toContain(
    "Its share of staging, which 2 use: 121.40 to 370.11.",
  );
  expect(costOf(0).environments[0]?.perEngineer).toBeUndefined();
});

test("the text names the price list, what is not counted and the room there is", () => {
  const text = programText(two);
  expect(text).toContain("list prices of us-central1 as of 2026-11");
  expect(text).toMatch(/^= staging +242\.80 +740\.22$/m);
  expect(text).toContain("Staging has room for 3 engineers. First to run out: connections of the database;");
  expect(text).toMatch(/google_sql_database_instance \(2\): backups and logs/);
  expect(text).not.toContain("TOO LOW");
});

test("one thing that runs out, and one engineer, are said in the singular", () => {
  const one = [{ scarce: "connections of the database", engineers: 1 }];
  expect(describeLimits(one)).toBe(
    "Staging has room for 1 engineer. First to run out: connections of the database.",
  );
});

test("a stack's text multiplies quantities and prices", () => {
  const text = stackText("production", two);
  expect(text).toMatch(
    /google_container_node_pool\.cluster_sandbox\n {2}e2-standard-4 +2 to 20 nodes x 97\.84 +195\.68 +1,956\.80\n/,
  );
  expect(text).toMatch(/google_kms_crypto_key \(4\)\n.* 4 to 20 key versions x 0\.06 +0\.24 +1\.20\n/);
  expect(text).toMatch(/^total +917\.90 +3,820\.41$/m);
});

test("what is missing from an estimate stands in its text", () => {
  const program = estimateProgram({
    stacks: new Map([["staging-base", { resource: { google_tpu_node: { one: {} } } }]]),
    declared: [],
    limits,
  });
  expect(stackText("staging-base", program)).toContain(
    "TOO LOW, as these are missing:\n  google_tpu_node: not classified, as it has no row in lib/core/resource-types/google.ts",
  );
});

test("no line is longer than 100 columns, and sixty engineers take no more lines than two", () => {
  const sixty = costOf(60);
  const stacks = [...sixty.stacks.keys()].map((stack) => stackText(stack, sixty));
  for (const line of [programText(sixty), ...stacks].join("\n").split("\n"))
    expect(line.length).toBeLessThanOrEqual(100);
  expect(programText(sixty).split("\n").length).toBe(programText(two).split("\n").length);
});

test("JSON has the same numbers, for all and for one stack", () => {
  const all = JSON.parse(JSON.stringify(costJson(two)));
  expect(all).toMatchObject({ low: 1160.76, high: 4560.93, prices: { currency: "USD", hours: 730 } });
  expect(all.stacks["staging-base"].low).toBe(242.8);
  expect(all.engineers).toMatchObject({
    stacks: ["staging-engineer-00", "staging-engineer-01"],
    roomFor: 3,
  });
  expect(costJson(two, "production")).toMatchObject({ stack: "production", high: 3820.41 });
});
