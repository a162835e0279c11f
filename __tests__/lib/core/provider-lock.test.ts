import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findLock, LOCK_FILE, parseLock, STACK_LOCK_FILE } from "../../../lib/core/provider-lock";
import { stageLocks } from "../../../lib/core/stage-locks";
import { boundProviders } from "../../../tools/lock";
import { declareProgram, readFiles } from "../../support/program";

const committed = readFileSync(LOCK_FILE, "utf8");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plue-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Lock files beside the stacks of the program, by stack. */
function staged(lock = committed): Map<string, string> {
  const [file, outdir] = [join(folder, LOCK_FILE), join(folder, "out")];
  writeFileSync(file, lock);
  mkdirSync(outdir);
  const app = declareProgram({}, outdir);
  app.synth();
  stageLocks(app, file);
  return new Map(
    [...readFiles(outdir)].flatMap(([path, text]) =>
      path.endsWith(STACK_LOCK_FILE) ? [[path.split("/")[1] as string, text]] : [],
    ),
  );
}

test("the committed lock file has the providers of the bindings, in their versions, and no others", () => {
  const locked = parseLock(committed, LOCK_FILE);
  expect(new Map(locked.map(({ address, version }) => [address, version]))).toEqual(boundProviders("."));
});

test("it has hashes of each for every platform, but of Cloudflare's, which nobody could ask the registry for yet", () => {
  const few = parseLock(committed, LOCK_FILE).filter(({ hashes }) => hashes.length < 5);
  expect(few.map(({ source }) => source).filter((source) => source !== "cloudflare/cloudflare")).toEqual([]);
});

test("beside each stack lies the lock of the providers that it requires, block by block as committed", () => {
  const locks = staged();
  const outdir = join(folder, "out");
  expect(locks.size).toBeGreaterThan(8);
  for (const [stack, text] of locks) {
    const { terraform } = JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8"));
    const required = Object.values<{ source: string; version: string }>(terraform.required_providers);
    expect(
      parseLock(text, stack)
        .map(({ source, version }) => ({ source, version }))
        .sort(bySource),
    ).toEqual(required.map(({ source, version }) => ({ source, version })).sort(bySource));
    for (const locked of parseLock(text, stack)) expect(committed).toContain(locked.text);
  }
  expect(locks.get("staging-alice")).not.toContain("cloudflare");
});

const bySource = (a: { source: string }, b: { source: string }) => a.source.localeCompare(b.source);

test.each([
  [
    "lacks a provider",
    /provider "[^"]*\/random" \{[^}]*\}\n/,
    "",
    "random 3.7.2, and terraform.lock.hcl has none",
  ],
  ["has another version", '"3.7.2"', '"3.7.1"', "random 3.7.2, and terraform.lock.hcl has version 3.7.1"],
])("a lock file that %s stops the synthesis", (_, from, to, message) => {
  expect(() => staged(committed.replace(from, to))).toThrow(`${message}: run npx plue lock`);
});

test.each([
  ["a block of something else", 'module "x" {\n}\n'],
  ["a provider without a version", 'provider "registry.terraform.io/a/b" {\n}\n'],
  ["a provider that ends elsewhere", 'provider "registry.terraform.io/a/b" {\n  version = "1"\n'],
  ["a text", "<<<<<<< HEAD\n"],
])("%s is no lock file", (_, text) => {
  expect(() => parseLock(text, "x.hcl")).toThrow("x.hcl is not as Terraform writes it: npx plue lock does");
});

test("with Windows' line ends it is the same", () => {
  expect(parseLock(committed.replaceAll("\n", "\r\n"), LOCK_FILE)).toEqual(parseLock(committed, LOCK_FILE));
});

test("it is looked for here and above, and its absence is told", () => {
  mkdirSync(join(folder, "stacks", "tiny"), { recursive: true });
  writeFileSync(join(folder, LOCK_FILE), "");
  expect(findLock(join(folder, "stacks", "tiny"))).toBe(join(folder, LOCK_FILE));
  expect(() => findLock("/")).toThrow("npx plue lock writes it");
});
