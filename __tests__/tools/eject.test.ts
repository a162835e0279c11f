import "../support/shared-modules";

import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PlueFolder, runPlueInProcess } from "../support/plue";
import { readFiles } from "../support/program";

let folder: PlueFolder;
beforeEach(() => {
  folder = new PlueFolder([{ name: "alice", email: "alice@plue.dev" }]);
  // Modules are made of the constructs' sources.
  for (const needed of ["lib", "node_modules"]) symlinkSync(resolve(needed), path(needed));
});
afterEach(() => folder.remove());
const path = (...parts: string[]) => join(folder.folder, ...parts);

test("a repository is written where --out says, as seen from where one is, and again the same", async () => {
  mkdirSync(path("docs"));
  const { status, stdout, stderr } = await runPlueInProcess(path("docs"), ["eject", "--out", "here"]);
  expect([status, stdout]).toEqual([0, ""]);
  expect(stderr).toMatch(
    /^Writes the stacks as Terraform into docs\/here\/\. No state is read or changed\.\nWrote \d+ environments and 5 modules\. Next: docs\/here\/README\.md, and docs\/leaving\.md\.\n$/,
  );
  const files = readFiles(path("docs", "here"));
  for (const name of ["main.tf", "variables.tf", "terraform.tfvars", "backend.tf", "moved.tf"])
    expect([...files.keys()]).toContain(`environments/staging-alice/${name}`);
  expect([...files.keys()]).toContain("charts/plue/values-staging.yaml");
  expect(JSON.stringify([...files])).not.toContain(folder.folder);
  const byNpm = { npm_lifecycle_event: "eject", INIT_CWD: path("docs") };
  expect(await folder.launch(["eject", "--out", "here"], byNpm)).toEqual({ status, stdout, stderr });
  expect(readFiles(path("docs", "here"))).toEqual(files);
});

test("a folder with files of somebody else is refused before anything is done, and stays as it is", async () => {
  mkdirSync(path("ejected"));
  writeFileSync(path("ejected", "main.tf"), "# mine\n");
  const { status, stdout, stderr } = await folder.plue(["eject"]);
  expect([status, stdout]).toEqual([5, ""]);
  expect(stderr).toMatch(
    /ejected holds what was not written here, or was changed since: main\.tf\. It stays as it is; choose another folder\.\n$/,
  );
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(readFileSync(path("ejected", "main.tf"), "utf8")).toBe("# mine\n");
});

test("what is wrong with the registry is told with its place, and nothing is written", async () => {
  folder.registry = '{ "engineers": [{ "name": "Alice", "email": "alice@plue.dev" }] }';
  const { status, stderr } = await folder.plue(["eject"]);
  expect(status).toBe(3);
  expect(stderr).toContain("engineers.json:1:");
  expect(existsSync(path("ejected"))).toBe(false);
});
