import "../support/shared-modules";

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { moduleFiles, moduleJson } from "../../tools/modules/files";
import { PlueFolder } from "../support/plue";
import { readFiles } from "../support/program";

let folder: PlueFolder;
beforeEach(() => {
  folder = new PlueFolder();
  // Modules are made of the constructs' sources.
  for (const needed of ["lib", "node_modules"]) symlinkSync(resolve(needed), path(needed));
});
afterEach(() => folder.remove());
const path = (...parts: string[]) => join(folder.folder, ...parts);
const written = (...parts: string[]) => {
  const files = Object.fromEntries(readFiles(path(...parts)));
  delete files[".plue-files.json"];
  return files;
};

test("modules are written in HCL and in JSON, in folders of their own, and again the same", async () => {
  mkdirSync(path("docs"));
  const before = readdirSync(path());
  const { status, stdout, stderr } = await folder.plue(["modules"]);
  expect([status, stdout]).toEqual([0, ""]);
  expect(readdirSync(path()).sort()).toEqual([...before, "cdktf.out"].sort());
  expect(stderr).toBe(
    "Writes the constructs as Terraform modules into cdktf.out/modules/ and cdktf.out/modules-json/.\n" +
      "Wrote 5 modules, in HCL with READMEs and in JSON.\n",
  );
  expect(written("cdktf.out", "modules")).toEqual(moduleFiles());
  const json = Object.entries(written("cdktf.out", "modules-json")).map(([name, text]) => [
    name,
    JSON.parse(text),
  ]);
  const expected = Object.entries(moduleJson()).map(([name, config]) => [`${name}/main.tf.json`, config]);
  expect(Object.fromEntries(json)).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(expected))));

  const byNpm = { npm_lifecycle_event: "modules", INIT_CWD: path("docs") };
  expect((await folder.launch(["modules", "--out", "../cdktf.out/modules"], byNpm)).status).toBe(0);
  expect(written("cdktf.out", "modules")).toEqual(moduleFiles());
});

test.each(["mine", "mine-json"])(
  "a folder %s with files of somebody else is refused, and nothing is written",
  async (own) => {
    mkdirSync(path(own));
    writeFileSync(path(own, "main.tf"), "# mine\n");
    const { status, stdout, stderr } = await folder.plue(["modules", "--out", "mine"]);
    expect([status, stdout]).toEqual([5, ""]);
    expect(stderr).toMatch(/mine.* holds what was not written here, or was changed since: main\.tf\. .*\n$/);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(readFileSync(path(own, "main.tf"), "utf8")).toBe("# mine\n");
    expect(existsSync(path(own === "mine" ? "mine-json" : "mine"))).toBe(false);
  },
);

test("what no module can be made of is said in a line, and nothing is written", async () => {
  unlinkSync(path("lib"));
  // In a process of its own, which has made no modules yet.
  const { status, stdout, stderr } = await folder.launch(["modules", "--out", "mine"]);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr.trim().split("\n").slice(1)).toEqual([
    expect.stringMatching(/^lib\/google is neither in \S+ nor above it: run this in the checkout$/),
  ]);
  expect([existsSync(path("mine")), existsSync(path("mine-json"))]).toEqual([false, false]);
});

test("a flag that there is not is wrong usage", async () => {
  const { status, stderr } = await folder.plue(["modules", "--outt", "x"]);
  expect(status).toBe(2);
  expect(stderr).toContain("--out");
});
