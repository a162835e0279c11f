import { readFileSync } from "node:fs";
import { stepsCommandLine } from "../../tools/ci/runner";
import { plueLines, plueProblem } from "../support/cli-flags";
import { steps, type Workflow, workflows } from "../support/workflows";

test("every plue command of a workflow exists, with its options", () => {
  const lines = steps.flatMap(([, { run = "" }]) => plueLines(run));
  expect(lines.length).toBeGreaterThan(7);
  expect(lines.map((line) => plueProblem(line)).filter(Boolean)).toEqual([]);
});

test("every command of a job with an identity is one of its own command line, with its options", () => {
  const lines = steps.flatMap(([, { run = "" }]) =>
    plueLines(run.replace(/^plue /gm, "npx plue ")).filter((line) => !run.includes(line)),
  );
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.map((line) => plueProblem(line, stepsCommandLine)).filter(Boolean)).toEqual([]);
});

test("every npm script of a workflow exists", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const called = steps.flatMap(([, { run = "" }]) => [
    ...run.matchAll(/npm (?:run )?(test|[\w:]+)(?= |$)/gm),
  ]);
  const names = called
    .map(([, name]) => name)
    .filter((name) => !["run", "ci", "audit", "rebuild"].includes(name ?? ""));
  expect(new Set(names)).toEqual(new Set(["test", "test:seeds", "synth", "policy", "bundle"]));
  for (const name of names) expect([name, scripts[name ?? ""]]).toEqual([name, expect.any(String)]);
});

test("every plue command of the page about the workflows exists, and every workflow and check that it names", () => {
  const page = readFileSync("docs/ci.md", "utf8");
  const lines = plueLines(page);
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.map((line) => plueProblem(line)).filter(Boolean)).toEqual([]);
  const run = [...page.matchAll(/gh workflow run ([\w-]+)\.yml/g)].map(([, name = ""]) => name);
  expect([...workflows.keys()]).toEqual(expect.arrayContaining(run));
  const table = [...page.matchAll(/^\| `([\w-]+)` \| /gm)].map(([, name]) => name);
  expect([...new Set(table)].sort()).toEqual(
    [...workflows.keys()].filter((name) => name !== "end-to-end").sort(),
  );
  const { jobs } = workflows.get("pull-request") as Workflow;
  for (const required of ["check", "policy", "secrets", "comment"])
    expect(page).toContain(`\`${jobs[required]?.name}\``);
});
