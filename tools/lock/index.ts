import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { sync as writeFileAtomic } from "write-file-atomic";
import { LOCK_FILE, type LockedProvider, parseLock, STACK_LOCK_FILE } from "../../lib/core/provider-lock";
import { temporaryFolder } from "../../lib/core/temporary-folder";
import { CliError, EXIT } from "../command-line/errors";
import { cleanText } from "../command-line/foreign-text";
import { examples, tell } from "../command-line/output";
import { during } from "../command-line/progress";
import { terraformEnvironment } from "../terraform/environment";
import { withoutHashes } from "../terraform/providers";

/** Where Terraform is run: by workflows, and by people. */
const PLATFORMS = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64"];
const HEADER =
  "# The one lock file of the providers, of which each stack gets its own. Written by `npx plue lock`: manual edits are lost.";

/** Registers `plue lock`. */
export function registerLock(program: Command): void {
  const command = program
    .command("lock")
    .description(
      `writes ${LOCK_FILE}, by which Terraform knows the providers of the packages in package.json, on any machine`,
    )
    .option("--check", "only say whether it would be written otherwise");
  examples(command, {
    "npx plue lock": "after a binding changed its version; then commit the file",
    "npx plue lock --check": "ends with 1 if it is not as the registry's",
  });
  command.action(({ check }: { check?: boolean }) => {
    const root = checkoutRoot();
    const file = join(root, LOCK_FILE);
    const before = existsSync(file) ? readFileSync(file, "utf8") : "";
    const providers = boundProviders(root);
    const locked = lock(providers, before);
    const text = [`${HEADER}\n`, ...locked.map((provider) => provider.text)].join("\n");
    const shown = relative(process.cwd(), file);
    if (text === before) tell(`${shown} is as the registry has its ${providers.size} providers.`);
    else if (check)
      throw new CliError(
        `${shown} is not as the registry has its providers: run npx plue lock, and commit it`,
      );
    else {
      writeFileAtomic(file, text);
      tell(
        `Wrote ${shown}: ${locked.map(({ source, version }) => `${source} ${version}`).join(", ")}. Commit it.`,
      );
    }
  });
}

/** The folder of package.json. */
function checkoutRoot(): string {
  for (let folder = resolve("."); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder))
      throw new CliError("no package.json here or above: run this in the checkout");
  }
}

/** Providers that the checkout has bindings of, which say their version: `registry.terraform.io/hashicorp/google`. */
export function boundProviders(root: string): Map<string, string> {
  const load = createRequire(resolve(root, "package.json"));
  const { dependencies = {} } = load("./package.json") as { dependencies?: Record<string, string> };
  const bindings = Object.keys(dependencies).filter((name) => name.startsWith("@cdktf/provider-"));
  return new Map(
    bindings.map((name) => {
      const { cdktf } = load(`${name}/package.json`) as {
        cdktf: { provider: { name: string; version: string } };
      };
      return [cdktf.provider.name, cdktf.provider.version];
    }),
  );
}

/** Asks the registry for the hashes that are not known yet; those that are must still be all that it has. */
function lock(providers: ReadonlyMap<string, string>, before: string): LockedProvider[] {
  const folder = temporaryFolder("lock");
  try {
    const required = [...providers].map(([source, version]) => [
      source.replace(/.*\//, ""),
      { source, version },
    ]);
    const module = { terraform: { required_providers: Object.fromEntries(required) } };
    writeFileSync(join(folder, "versions.tf.json"), JSON.stringify(module));
    const file = join(folder, STACK_LOCK_FILE);
    const kept = parseLock(before, LOCK_FILE).filter(
      ({ address, version }) => providers.get(address) === version,
    );
    writeFileSync(file, kept.map(({ text }) => text).join("\n"));
    const binary = process.env["TERRAFORM_BINARY_NAME"] ?? "terraform";
    const { error, status, stdout, stderr } = during("Asking the registry", () =>
      spawnSync(
        binary,
        ["providers", "lock", "-no-color", ...PLATFORMS.map((platform) => `-platform=${platform}`)],
        { cwd: folder, encoding: "utf8", env: terraformEnvironment(process.env, []) },
      ),
    );
    if (error) throw new CliError(`${binary} cannot be started: ${error.message}`);
    if (status !== 0)
      throw new CliError(`${binary} providers lock failed:\n${cleanText(stdout + stderr).trim()}`);
    const locked = parseLock(readFileSync(file, "utf8").replace(/^#.*\n/gm, ""), LOCK_FILE);
    const open = withoutHashes(locked);
    if (open.length > 0) throw new CliError(`${binary} found no hashes of ${open.join(" and ")}`);
    for (const known of kept) refuseOthers(known, locked);
    return locked;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Terraform adds what it finds to what is known. The registry's signed list of a version's packages never changes. */
function refuseOthers(known: LockedProvider, locked: readonly LockedProvider[]): void {
  const signed = ({ hashes }: LockedProvider) => hashes.filter((hash) => hash.startsWith("zh:"));
  const now = locked.find(({ address }) => address === known.address);
  const others =
    now && signed(known).length > 0 ? signed(now).filter((hash) => !known.hashes.includes(hash)) : [];
  if (others.length > 0)
    throw new CliError(
      `the registry has other packages of ${known.source} ${known.version} than ${LOCK_FILE} says, which is not to happen. Nothing was written`,
      EXIT.refused,
    );
}
