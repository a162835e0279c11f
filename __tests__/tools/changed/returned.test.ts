import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { fileAt, findReturned, listed } from "../../../tools/changed/returned";
import { registryText } from "../../support/plue";

const FILE = "engineers.json";
const entry = (name: string, more: object = {}) => ({ name, email: `${name}@plue.dev`, ...more });
const [alice, bob, carol] = [entry("alice"), entry("bob"), entry("carol")];
const leaving = entry("bob", { state: "offboarding" });

const started = process.cwd();
let folder: string;

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@plue.dev", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
const write = (...engineers: Parameters<typeof registryText>[0]) =>
  writeFileSync(FILE, registryText(engineers));
function commit(subject: string, ...engineers: Parameters<typeof registryText>[0]): string {
  write(...engineers);
  git("add", FILE);
  git("commit", "-q", "--allow-empty", "-m", subject);
  return git("rev-parse", "HEAD").slice(0, 10);
}
const branch = (name: string, from: string) => git("checkout", "-q", "-b", name, from);
/** A merge that somebody settled by hand, as this registry. */
function settle(other: string, ...engineers: Parameters<typeof registryText>[0]): void {
  git("merge", "-q", "--no-commit", "-s", "ours", other);
  commit(`Merge ${other}`, ...engineers);
}
const returned = (base = "main") => findReturned(FILE, listed(fileAt(base, FILE) ?? "") ?? new Map());
const today = new Date().toISOString().slice(0, 10);

let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plue-returned-"));
  process.chdir(folder);
  git("init", "-q", "-b", "main");
  commit("Start", alice, bob);
  said = [];
  jest.spyOn(process.stderr, "write").mockImplementation((text) => Boolean(said.push(String(text))));
});
afterEach(() => {
  jest.restoreAllMocks();
  process.chdir(started);
  rmSync(folder, { recursive: true, force: true });
});

test("names who is back by a merge that kept the lines of both sides, with the commit that removed her", () => {
  branch("addition", "main");
  commit("Add carol", alice, bob, carol);
  git("checkout", "-q", "main");
  const removal = commit("Remove bob", alice);
  git("checkout", "-q", "addition");
  settle("main", alice, bob, carol);
  expect(returned()).toEqual([
    { name: "bob", was: "removed", commit: removal, date: today, subject: "Remove bob" },
  ]);
});

test("names her before the merge is committed, and after a rebase", () => {
  branch("addition", "main");
  commit("Add carol", alice, bob, carol);
  git("checkout", "-q", "main");
  const removal = commit("Remove bob", alice);
  git("checkout", "-q", "addition");
  git("merge", "-q", "--no-commit", "-s", "ours", "main");
  expect(returned()).toMatchObject([{ name: "bob", commit: removal }]);
  git("merge", "--abort");
  git("reset", "-q", "--hard", "main");
  commit("Add carol", alice, bob, carol);
  expect(returned()).toMatchObject([{ name: "bob", commit: removal }]);
});

test("names who is active again after somebody set her to offboarding", () => {
  branch("quota", "main");
  commit("More for bob", alice, entry("bob", { quota: { cpu: "4" } }));
  git("checkout", "-q", "main");
  const offboarding = commit("Offboard bob", alice, leaving);
  git("checkout", "-q", "quota");
  settle("main", alice, entry("bob", { quota: { cpu: "4" } }));
  expect(returned()).toMatchObject([{ name: "bob", was: "offboarding", commit: offboarding }]);
});

test("names the latest removal of somebody who came and went", () => {
  commit("Remove bob", alice);
  commit("Add bob", alice, bob);
  const latest = commit("Remove bob again", alice);
  branch("return", "main");
  commit("Add bob again", alice, bob);
  expect(returned()).toMatchObject([{ name: "bob", commit: latest }]);
});

test("finds a removal on a side branch that a merge undid on main itself", () => {
  branch("removal", "main");
  const removal = commit("Remove bob", alice);
  git("checkout", "-q", "main");
  const before = git("rev-parse", "HEAD");
  settle("removal", alice, bob);
  // By the simplified history of the file, nothing ever happened.
  expect(git("log", "--format=%s", "--", FILE)).not.toContain("Remove bob");
  expect(returned(before)).toEqual([]);
  expect(returned("removal")).toMatchObject([{ name: "bob", commit: removal }]);
});

test("names nobody who is new, stays, or is still in a branch from before", () => {
  branch("work", "main");
  commit("Add carol", alice, bob, carol);
  expect(returned()).toEqual([]);
  git("checkout", "-q", "main");
  commit("Remove bob", alice);
  git("checkout", "-q", "work");
  expect(returned()).toEqual([]);
});

test("reads over versions that are no registry", () => {
  const removal = commit("Remove bob", alice);
  writeFileSync(FILE, "<<<<<<< HEAD\n");
  git("commit", "-qam", "Break");
  commit("Mend", alice);
  branch("return", "main");
  commit("Add bob", alice, bob);
  expect(returned()).toMatchObject([{ name: "bob", commit: removal }]);
});

test("says what a shallow clone does not know, where somebody may be back", () => {
  commit("Remove bob", alice);
  commit("Add bob", alice, bob);
  const clone = mkdtempSync(join(tmpdir(), "plue-returned-"));
  git("clone", "-q", "--depth=1", pathToFileURL(folder).href, clone);
  process.chdir(clone);
  expect(
    findReturned(
      FILE,
      new Map([
        ["alice", "active"],
        ["bob", "active"],
      ]),
    ),
  ).toEqual([]);
  expect(said).toEqual([]);
  expect(findReturned(FILE, new Map([["alice", "active"]]))).toEqual([]);
  expect(said.join("")).toContain("Whether bob had been removed is not known: this clone is shallow");
  rmSync(clone, { recursive: true, force: true });
});

test("outside of git nobody is back", () => {
  rmSync(".git", { recursive: true });
  expect(findReturned(FILE, new Map())).toEqual([]);
});
