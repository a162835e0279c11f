import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { LOCK_FILE, parseLock, STACK_LOCK_FILE } from "../../lib/core/provider-lock";
import { boundProviders } from "../../tools/lock";
import { PlueFolder, vouched } from "../support/plue";
import { testWithTerraform } from "../support/terraform";

const PLATFORMS = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64"];
const committed = readFileSync(LOCK_FILE, "utf8");

let folder: PlueFolder;
beforeEach(() => {
  folder = new PlueFolder();
  for (const name of ["package.json", "node_modules"]) symlinkSync(resolve(name), join(folder.folder, name));
});
afterEach(() => folder.remove());

const path = (...names: string[]) => join(folder.folder, ...names);
const read = () => readFileSync(path(LOCK_FILE), "utf8");
const lock = (...args: string[]) =>
  folder.plue(["lock", ...args], { TERRAFORM_BINARY_NAME: path("terraform.sh") });

/** A command in Terraform's place. */
function terraform(script: string): void {
  writeFileSync(path("terraform.sh"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** A mirror with each provider's package for each platform, in the place of the registry. */
function mirror(): void {
  for (const [address, version] of boundProviders("."))
    for (const platform of PLATFORMS) {
      const place = path("mirror", address, version, platform);
      mkdirSync(place, { recursive: true });
      writeFileSync(
        join(place, address.replace(/.*\//, "terraform-provider-")),
        `${address} for ${platform}`,
      );
    }
  terraform(`exec terraform "$@" -fs-mirror="${path("mirror")}"`);
}

testWithTerraform(
  "writes the hashes of each provider for the platforms of people and workflows, as Terraform finds them",
  async () => {
    mirror();
    writeFileSync(path(LOCK_FILE), committed);
    expect((await lock("--check")).status).toBe(1);
    expect(read()).toBe(committed);
    const { status, stderr } = await lock();
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(/^Wrote terraform\.lock\.hcl: cloudflare\/cloudflare 5/),
    ]);
    const locked = parseLock(read(), LOCK_FILE);
    expect(new Map(locked.map(({ address, version }) => [address, version]))).toEqual(boundProviders("."));
    for (const { hashes } of locked)
      expect(hashes.filter((hash) => hash.startsWith("h1:"))).toHaveLength(PLATFORMS.length);
    for (const { hashes } of parseLock(committed, LOCK_FILE))
      for (const hash of hashes) expect(read()).toContain(hash);
    expect((await lock("--check")).stderr).toBe(
      "terraform.lock.hcl is as the registry has its 6 providers.\n",
    );
  },
);

testWithTerraform("begins anew where there is none, and where a version changed", async () => {
  mirror();
  rmSync(path(LOCK_FILE));
  expect((await lock()).status).toBe(0);
  const whole = read();
  writeFileSync(path(LOCK_FILE), whole.replaceAll("3.7.2", "3.7.1"));
  expect((await lock()).status).toBe(0);
  expect(read()).toBe(whole);
});

test("refuses a registry that has other packages of a version than before, and writes nothing", async () => {
  terraform(`sed -i 's/  hashes = \\[/&\\n    "zh:${"f".repeat(64)}",/' ${STACK_LOCK_FILE}`);
  const before = vouched(committed);
  const { status, stderr } = await lock();
  expect([status, stderr]).toEqual([
    5,
    expect.stringContaining("other packages of cloudflare/cloudflare 5.14.0"),
  ]);
  expect(read()).toBe(before);
});

test.each([
  ["fails", "echo 'no such host' >&2; exit 1", "providers lock failed:\nno such host"],
  ["finds no hash", "true", "found no hashes of cloudflare/cloudflare 5.14.0"],
])("where Terraform %s it says so, and leaves the file", async (_, script, message) => {
  terraform(script);
  writeFileSync(path(LOCK_FILE), committed);
  const { status, stderr } = await lock();
  expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
  expect(read()).toBe(committed);
});
