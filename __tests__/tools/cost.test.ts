import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlueFolder } from "../support/plue";

let folder: PlueFolder;
beforeEach(() => {
  folder = new PlueFolder([{ name: "alice", email: "alice@plue.dev" }]);
});
afterEach(() => folder.remove());

test("without a name, every environment and the room for engineers", async () => {
  const { status, stdout, stderr } = await folder.plue(["cost"]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^staging-base +246\.45 +773\.07$/m);
  expect(stdout).toMatch(/^stacks of 1 engineer +0\.00 +0\.00$/m);
  expect(stdout).toMatch(/^= production +1,085\.55 +4,138\.76$/m);
  expect(stdout).toMatch(/Staging has room for \d+ engineers?\. First to run out: /);
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
});

test("a stack alone, as text and as JSON", async () => {
  expect((await folder.plue(["cost", "staging-base"])).stdout).toMatch(
    /1 to 3 nodes x 24\.46 +24\.46 +73\.38/,
  );
  const { stdout } = await folder.plue(["cost", "staging-base", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    stack: "staging-base",
    low: 246.45,
    high: 773.07,
    notClassified: [],
  });
});

test("in another region only what costs the same everywhere is counted, and the rest is named", async () => {
  const file = join(folder.folder, "cdktf.json");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll("us-central1", "europe-west1"));
  const { stdout } = await folder.plue(["cost"]);
  const text = stdout.replaceAll(/\s+/g, " ");
  expect(text).toMatch(
    /TOO LOW, as these are missing: prices of europe-west1 are not known, .*: .*e2-medium;/,
  );
  const { low, withoutPrice } = JSON.parse((await folder.plue(["cost", "staging-base", "--json"])).stdout);
  expect(low).toBeLessThan(100);
  expect(withoutPrice).toEqual([expect.stringContaining("prices of europe-west1 are not known")]);
});

test("a name that is no stack ends with the one that may have been meant", async () => {
  const { status, stdout, stderr } = await folder.plue(["cost", "staging-alise"]);
  expect([status, stdout, stderr]).toEqual([
    2,
    "",
    'there is no stack "staging-alise"; did you mean staging-alice?\n',
  ]);
});

test("a registry that is not valid is said as everywhere", async () => {
  folder.registry = '{"engineers": [{"name": "Alice"}]}';
  const { status, stdout, stderr } = await folder.plue(["cost"]);
  expect([status, stdout]).toEqual([3, ""]);
  expect(stderr).toContain("engineers.json:1:");
});
