import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plue } from "../../stacks/plue";
import { readRegistry } from "../../stacks/plue/registry";
import { printedBy } from "../support/problems";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "plue-project-"));
  for (const file of ["cdktf.json", "engineers.json"]) cpSync(file, join(directory, file));
});
afterEach(() => rmSync(directory, { recursive: true }));
const printed = () =>
  printedBy(() => plue.readProject(directory)).map((line) => line.replace(`${directory}/`, ""));

test("the project in the current directory is Plue", () => {
  const { config, registry } = plue.readProject();
  expect(config.domain).toBe("plue.dev");
  expect(registry).toEqual(readRegistry("engineers.json"));
});

test("what is wrong with both files is told at once", () => {
  writeFileSync(join(directory, "cdktf.json"), '{"context": {}}');
  writeFileSync(join(directory, "engineers.json"), "[");
  expect(printed()).toEqual([
    'cdktf.json:1:13: context: the key "plue" is missing',
    'engineers.json:1:2: a "]" is missing here for the "[" of line 1',
  ]);
});

test("one missing file does not hide what is wrong with the other", () => {
  rmSync(join(directory, "cdktf.json"));
  writeFileSync(join(directory, "engineers.json"), "{}");
  expect(printed()).toEqual([
    "cdktf.json: there is no such file: run this in the directory that holds it",
    'engineers.json:1:1: the key "engineers" is missing: for instance "engineers": [{"name":"bob","email":"bob@plue.dev"}]',
  ]);
});

test("files are named as the caller would", () => {
  expect(printedBy(() => plue.readProject("nowhere"))[0]).toMatch(/^nowhere\/cdktf\.json: /);
});
