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
    { name: "staging", low: 246.45, high: 773.07 },
    { name: "production", low: 1085.55, high: 4138.76 },
  ]);
  expect({ low: two.low, high: two.high }).toEqual({ low: 1332, high: 4911.83 });
});

test("nothing that the program declares is left out without a word", () => {
  for (const { notClassified, withoutPrice } of two.stacks.values())
    expect([...notClassified, ...withoutPrice]).toEqual([]);
});

test("production's repositories are in its total: a share that its chart claims, of the smallest size", () => {
  const lines = two.stacks.get("production")?.lines.filter(({ what }) => what.startsWith("Filestore"));
  expect(lines).toMatchObject([
    { address: "google_container_cluster.cluster", cost: { low: 163.84, high: 204.8 } },
  ]);
});

test("each environment stands beside its budget, and an alert that comes every month is a warning with figures", () => {
  expect(staging?.budget).toMatchObject({ amount: 400, currency: "USD", everyMonth: [0.5] });
  const text = programText(two);
  expect(text).toMatch(/^ {2}of its budget of 400 USD +62 % +193 %$/m);
  expect(text.replaceAll(/\s+/g, " ")).toContain(
    "WARNING: The budget of staging, 400 USD, alerts every month, at 50 %: when nothing happens, it costs 246.45, 62 % of it; at most 773.07, 193 %.",
  );
  expect(costJson(two)).toMatchObject({
    warnings: [expect.stringContaining("budget of staging"), expect.anything()],
  });
});

test("more engineers than there is room for are a warning that says what runs out", () => {
  const text = programText(costOf(4)).replaceAll(/\s+/g, " ");
  expect(text).toContain(
    "WARNING: Staging has 4 engineers and room for 3: it runs out of connections of the database at 3.",
  );
  expect(programText(two)).not.toContain("WARNING: Staging has");
});

test("an engineer's stack costs nothing by itself, and has its share of staging", () => {
  expect(two.stacks.get("staging-engineer-00")).toMatchObject({ low: 0, high: 0, lines: [] });
  expect(staging?.perEngineer).toEqual({ low: 123.23, high: 386.54 });
  expect(stackText("staging-engineer-00", two)).toContain(
    "Its share of staging, which 2 use: 123.23 to 386.54.",
  );
  expect(costOf(0).environments[0]?.perEngineer).toBeUndefined();
});

test("the text names the price list, what is not counted and the room there is", () => {
  const text = programText(two);
  expect(text).toContain("list prices of us-central1 as of 2026-11");
  expect(text).toMatch(/^= staging +246\.45 +773\.07$/m);
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
  expect(text).toMatch(/^total +1,085\.49 +4,138\.46$/m);
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
  // But the warning that there is no room for them.
  const lines = (text: string) => text.replace(/^WARNING: Staging has [\s\S]*?\n\n/m, "").split("\n").length;
  expect(lines(programText(sixty))).toBe(lines(programText(two)));
});

test("JSON has the same numbers, for all and for one stack", () => {
  const all = JSON.parse(JSON.stringify(costJson(two)));
  expect(all).toMatchObject({ low: 1332, high: 4911.83, prices: { currency: "USD", hours: 730 } });
  expect(all.stacks["staging-base"].low).toBe(246.45);
  expect(all.engineers).toMatchObject({
    stacks: ["staging-engineer-00", "staging-engineer-01"],
    roomFor: 3,
  });
  expect(costJson(two, "production")).toMatchObject({ stack: "production", high: 4138.46 });
});
