import fs, { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RegistryFile } from "../../../lib/environments/registry";
import { parseRegistry } from "../../../stacks/plue/registry";
import { PlueFolder, registryText } from "../../support/plue";
import { problemsOf } from "../../support/problems";

const [alice, bob] = ["alice", "bob"].map((name) => ({ name, email: `${name}@plue.dev` }));
const before = registryText([alice as never]);
const after = registryText([alice as never, bob as never]);
let folder: PlueFolder;
let file: string;

beforeEach(() => {
  folder = new PlueFolder();
  folder.registry = before;
  file = join(folder.folder, "engineers.json");
});
afterEach(() => {
  jest.restoreAllMocks();
  folder.remove();
});

test("a checked text replaces the file, which keeps its permissions", () => {
  fs.chmodSync(file, 0o640);
  new RegistryFile(file, parseRegistry).replace(after);
  expect(readFileSync(file, "utf8")).toBe(after);
  expect(fs.statSync(file).mode & 0o777).toBe(0o640);
});

test("a text that is not valid is not written", () => {
  const registry = new RegistryFile(file, parseRegistry);
  expect(problemsOf(() => registry.replace(after.replace("bob@plue.dev", "bob")))).toHaveLength(1);
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("a file that somebody changed meanwhile is left to her", () => {
  const registry = new RegistryFile(file, parseRegistry);
  writeFileSync(file, `${before}\n`);
  expect(() => registry.replace(after)).toThrow(
    /engineers.json: somebody else changed this file meanwhile: run this again/,
  );
  expect(readFileSync(file, "utf8")).toBe(`${before}\n`);
});

test("a write that fails leaves the old file, and nothing beside it", () => {
  const registry = new RegistryFile(file, parseRegistry);
  jest.spyOn(fs, "renameSync").mockImplementation(() => {
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  });
  expect(() => registry.replace(after)).toThrow("no space left on device");
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(readdirSync(folder.folder).sort()).toEqual([
    "cdktf.json",
    "engineers.json",
    "helm",
    "main.ts",
    "terraform.lock.hcl",
  ]);
});
