import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStacks } from "../../../tools/changed/read-stacks";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plue-read-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(manifest: unknown, files: Record<string, string> = {}, below = "."): void {
  mkdirSync(join(folder, below, "stacks"), { recursive: true });
  writeFileSync(join(folder, below, "manifest.json"), JSON.stringify(manifest));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, below, name), text);
}
const one = (path: string) => ({ stacks: { one: { synthesizedStackPath: path } } });

test.each([".", "cdktf.out"])(
  "stacks are read from a synthesis, or from the folder that holds it (%s)",
  (below) => {
    write(one("stacks/one.json"), { "stacks/one.json": '{"output":{}}' }, below);
    expect(readStacks(folder)).toEqual(new Map([["one", { output: {} }]]));
  },
);

test("a folder without a synthesis, HCL, and files that are gone or cut off are said as such", () => {
  expect(() => readStacks(folder)).toThrow(/holds no synthesized stacks; npm run synth writes them/);
  write(one("stacks/one.tf"));
  expect(() => readStacks(folder)).toThrow(/one\.tf is HCL; synthesize to JSON/);
  write(one("stacks/one.json"));
  expect(() => readStacks(folder)).toThrow(/one\.json cannot be read; synthesize again/);
  write(one("stacks/one.json"), { "stacks/one.json": '{"output":' });
  expect(() => readStacks(folder)).toThrow(/one\.json is not JSON; synthesize again/);
});
