import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { LOCK_FILE } from "../../lib/core/provider-lock";
import { engines } from "../../package.json";
import { CliError } from "../command-line/errors";
import { configuredCache } from "../terraform/environment";
import { lockedProviders, withoutHashes } from "../terraform/providers";

/** As npm and the scripts take it. */
const NODE = engines.node.replace(">=", "");
const TERRAFORM = "1.11.0";

export function checkNode(version = process.versions.node): Check {
  const ok = atLeast(version, NODE);
  return {
    name: "node",
    needed: true,
    ok,
    found: ok ? version : `${version}, and ${NODE} is the oldest that will do`,
    ...(ok ? {} : { mend: "nvm install 20" }),
  };
}

export function checkTerraform(): Check {
  const binary = process.env["TERRAFORM_BINARY_NAME"] ?? "terraform";
  const check = {
    name: "terraform",
    needed: true,
    mend: "https://developer.hashicorp.com/terraform/install",
  };
  const output = run(binary, ["version", "-json"]);
  if (output === undefined) return { ...check, ok: false, found: `${binary} is not on the PATH` };
  const version = versionIn(output);
  if (!version) return { ...check, ok: false, found: `${binary} does not say its version` };
  if (!atLeast(version, TERRAFORM))
    return {
      ...check,
      ok: false,
      found: `${version}: write-only arguments, by which secrets stay out of state, need ${TERRAFORM}`,
    };
  return { name: check.name, needed: true, ok: true, found: version };
}

function versionIn(output: string): string | undefined {
  try {
    const version = JSON.parse(output).terraform_version;
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}

export function checkGcloud(): Check {
  const found = run("gcloud", ["--version"])?.split("\n", 1)[0];
  if (found) return { name: "gcloud", needed: true, ok: true, found };
  const mend = "https://cloud.google.com/sdk/docs/install";
  return { name: "gcloud", needed: true, ok: false, found: "gcloud is not on the PATH", mend };
}

/** The account that gcloud is logged in with: as it the plug-in asks for the tokens of an engineer's deployer. */
export function checkAccount(): Check {
  const name = "gcloud account";
  const found = run("gcloud", ["auth", "list", "--filter=status:ACTIVE", "--format=value(account)"])?.trim();
  if (found) return { name, needed: true, ok: true, found: found.split("\n", 1)[0] as string };
  return {
    name,
    needed: true,
    ok: false,
    found: "gcloud is not logged in",
    mend: "gcloud auth login --update-adc",
  };
}

/** The plug-in by which the kubernetes and helm providers log in to a cluster. */
export function checkAuthPlugin(): Check {
  const name = "gke-gcloud-auth-plugin";
  const found = run(name, ["--version"])?.trim();
  if (found) return { name, needed: true, ok: true, found };
  return {
    name,
    needed: true,
    ok: false,
    found: "not on the PATH",
    mend: `gcloud components install ${name}`,
  };
}

/** Whether Terraform knows each provider by its hash. */
export function checkProviders(): Check {
  const check = { name: "providers", needed: false, mend: "npx plue lock" };
  try {
    const open = withoutHashes(lockedProviders());
    if (open.length > 0)
      return { ...check, ok: false, found: `${LOCK_FILE} has no hashes of ${open.join(" and ")}` };
    return { name: check.name, needed: false, ok: true, found: "each known by its hash" };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { ...check, ok: false, found: error.message };
  }
}

/** Without it, each stack downloads and keeps half a gigabyte of providers of its own. */
export function checkPluginCache(): Check {
  const name = "provider cache";
  const folder = process.env["TF_PLUGIN_CACHE_DIR"] || configuredCache();
  const check = { name, needed: false };
  if (!folder) {
    const fresh = "~/.terraform.d/plugin-cache";
    const mend = `mkdir -p ${fresh} && export TF_PLUGIN_CACHE_DIR=${fresh}`;
    return {
      ...check,
      ok: false,
      found: "TF_PLUGIN_CACHE_DIR is not set: every stack downloads its own providers",
      mend,
    };
  }
  if (isWritable(folder)) return { ...check, ok: true, found: folder };
  if (existsSync(folder))
    return {
      ...check,
      ok: false,
      needed: true,
      found: `${folder} may not be written`,
      mend: `chmod u+rwx ${folder}`,
    };
  // Terraform refuses to start then.
  return { ...check, ok: false, needed: true, found: `${folder} is not there`, mend: `mkdir -p ${folder}` };
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a tool prints; undefined where it is missing or fails. */
function run(command: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, {
    encoding: "utf8",
    timeout: 20_000,
    env: { ...process.env, CHECKPOINT_DISABLE: "1" },
    shell: process.platform === "win32",
  });
  return status === 0 ? stdout : undefined;
}

/** One thing that a machine has, or lacks. */
export interface Check {
  readonly name: string;
  /** Nothing deploys without it; otherwise it is only slower or less convenient. */
  readonly needed: boolean;
  readonly ok: boolean;
  /** What was found, or what is wrong. */
  readonly found: string;
  /** The command that mends it. */
  readonly mend?: string;
}

/** Whether `1.11.4` is `1.11.0` or later. */
export function atLeast(version: string, wanted: string): boolean {
  const [have, want] = [version, wanted].map((text) =>
    text.split(".").map((part) => Number.parseInt(part, 10)),
  );
  for (const [index, part] of (want ?? []).entries()) {
    const difference = (have?.[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
