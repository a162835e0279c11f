import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { filesBelow } from "../support/tree";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plue-tools-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the script where nothing is on the PATH but Node. */
function tools(...args: string[]) {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(process.execPath, join(bin, "node"));
  const env = { PATH: bin, TOOLS: join(folder, "tools") };
  return spawnSync(process.execPath, ["scripts/tools.mjs", ...args], { encoding: "utf8", env });
}

/** Puts a command where the script would install it. */
function install(place: string, name: string): void {
  mkdirSync(join(folder, "tools", place), { recursive: true });
  writeFileSync(join(folder, "tools", place, name), "#!/bin/sh\n");
  chmodSync(join(folder, "tools", place, name), 0o755);
}

test("the folders of all tools are those of their pinned versions", () => {
  const { status, stdout } = tools("--path");
  expect(status).toBe(0);
  const folders = stdout.trim().split(delimiter);
  const names = folders.map((each) => relative(join(folder, "tools"), each));
  expect(names).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^helm-v3\.\d+\.\d+$/),
      expect.stringMatching(/^etcd-\d+\.\d+\.\d+$/),
      expect.stringMatching(/^zizmor-\d+\.\d+\.\d+\/bin$/),
    ]),
  );
});

test("what is there is not brought again", () => {
  const [, version = ""] = /cmd\/helm@(v[\d.]+)"/.exec(readFileSync("scripts/tools.mjs", "utf8")) ?? [];
  install(`helm-${version}`, "helm");
  expect(tools("helm")).toMatchObject({ status: 0, stderr: expect.stringMatching(/^helm +was there\n$/) });
});

test("what cannot be brought is said for each tool, and fails the run", () => {
  const { status, stderr } = tools("helm", "zizmor", "terraform", "psql");
  expect(status).toBe(1);
  expect(stderr.replace(/ +/g, " ").trim().split("\n")).toEqual([
    "helm needs go, which is not on the PATH",
    "zizmor needs python3, which is not on the PATH",
    "terraform is not here, and not ours to bring: https://developer.hashicorp.com/terraform/install",
    "psql is not here: install it, on Debian and Ubuntu by sudo apt-get install postgresql-client",
  ]);
});

test("a tool that it does not know is wrong usage", () => {
  const { status, stderr } = tools("helm", "hlem");
  expect([status, stderr]).toEqual([
    2,
    expect.stringMatching(/^there is no tool hlem; there are: actionlint, /),
  ]);
});

test("every tool for want of which tests are skipped is one of them", () => {
  const wanted = filesBelow()
    .filter((file) => /^__tests__\/.*\.ts$/.test(file))
    .flatMap((file) => [
      ...readFileSync(file, "utf8").matchAll(/\b(?:test|describe)(?:Only)?(?:With|Unless)\(([^()]*)\)/g),
    ])
    .flatMap(([, list = ""]) => [...list.matchAll(/"([\w-]+)"/g)].map(([, name]) => name as string));
  expect(new Set(wanted).size).toBeGreaterThan(8);
  const { stderr } = tools("none");
  const known = stderr
    .replace(/.*there are: /s, "")
    .trim()
    .split(", ");
  for (const name of wanted) expect(known).toContain(name);
});
