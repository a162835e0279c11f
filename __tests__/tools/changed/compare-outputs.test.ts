import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compareOutputs } from "../../../tools/changed/compare-outputs";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A synthesis with these files of each stack. */
function output(stacks: Record<string, Record<string, string>>, below = ""): string {
  const folder = mkdtempSync(join(tmpdir(), "plue-output-"));
  folders.push(folder);
  const write = (path: string, text: string) => {
    const file = join(folder, below, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const manifest = Object.keys(stacks).map((name) => [name, { workingDirectory: `stacks/${name}` }]);
  write("manifest.json", JSON.stringify({ stacks: Object.fromEntries(manifest) }));
  for (const [name, files] of Object.entries(stacks))
    for (const [file, text] of Object.entries(files)) write(`stacks/${name}/${file}`, text);
  return folder;
}

const json = (value: unknown) => ({ "cdk.tf.json": JSON.stringify(value) });
const bob = json({ resource: { a: { b: { name: "bob" } } } });

test("changed, new and removed stacks are named, sorted, and the others are not", () => {
  const base = output({ same: bob, differs: json({}), gone: bob });
  const head = output({ same: bob, differs: json({ locals: {} }), added: bob });
  expect(compareOutputs(base, head)).toEqual([
    { stack: "added", change: "new" },
    { stack: "differs", change: "changed" },
    { stack: "gone", change: "removed" },
  ]);
});

test.each([
  ["remarks", { "//": { metadata: 1 }, resource: { a: { b: { "//": "x", name: "bob" } } } }],
  ["space", JSON.parse(bob["cdk.tf.json"])],
])("%s alone are no change", (_, value) => {
  const head = output({ bob: { "cdk.tf.json": JSON.stringify(value, null, 4) } });
  expect(compareOutputs(output({ bob }), head)).toEqual([]);
});

test("the order of keys is no change, that of a list is", () => {
  const of = (value: unknown) => output({ bob: json(value) });
  expect(compareOutputs(of({ a: 1, b: 2 }), of({ b: 2, a: 1 }))).toEqual([]);
  expect(compareOutputs(of({ a: [1, 2] }), of({ a: [2, 1] }))).toEqual([{ stack: "bob", change: "changed" }]);
});

test("HCL is compared file by file, and what Terraform leaves beside it is not", () => {
  const base = output({ bob: { "main.tf": "a = 1\n", "outputs.tf": "" } });
  const same = output({
    bob: { "main.tf": "a = 1\n", "outputs.tf": "", ".terraform.lock.hcl": "x", plan: "x" },
  });
  const other = output({ bob: { "main.tf": "a = 1\n", "outputs.tf": "b = 2\n" } });
  expect(compareOutputs(base, same)).toEqual([]);
  expect(compareOutputs(base, other)).toEqual([{ stack: "bob", change: "changed" }]);
});

test("JSON and HCL cannot be compared", () => {
  const hcl = output({ bob: { "main.tf": "" } });
  expect(() => compareOutputs(output({ bob }), hcl)).toThrow(
    "bob is JSON on one side and HCL on the other: synthesize both alike",
  );
});

test("a folder that holds cdktf.out will do; one without a synthesis is told", () => {
  expect(compareOutputs(output({ bob }, "cdktf.out"), output({ bob }))).toEqual([]);
  expect(() => compareOutputs("docs", output({ bob }))).toThrow("docs holds no synthesized stacks");
});
