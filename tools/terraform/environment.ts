import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The provider whose token is in the environment, rather than with Google's credentials. */
const CLOUDFLARE = "cloudflare/cloudflare";

/** What Terraform, its Google providers and `gke-gcloud-auth-plugin` read, on any system, and what any program does. */
const NEEDED = new RegExp(
  `^(${[
    "PATH|PATHEXT|HOME|USER|LOGNAME|SHELL|TERM|TZ|LANG|LC_\\w+|TMPDIR|TMP|TEMP",
    "USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC",
    "(HTTPS?|NO|ALL)_PROXY|SSL_CERT_(FILE|DIR)|CHECKPOINT_DISABLE",
    "TF_(?!TOKEN_|REATTACH_PROVIDERS)\\w+",
    "GOOGLE_\\w+|CLOUDSDK_\\w+|STORAGE_EMULATOR_HOST",
  ].join("|")})$`,
  "i",
);

/**
 * The environment for Terraform in a stack: nothing that the stack's providers do not need. A job's tokens of GitHub's are not
 * in it, nor is Cloudflare's where another provider would find it.
 */
export function terraformEnvironment(
  environment: NodeJS.ProcessEnv,
  providers: readonly string[],
): Record<string, string> {
  return pick(
    environment,
    (name) => NEEDED.test(name) || (isCloudflare(name) && providers.includes(CLOUDFLARE)),
  );
}

/**
 * The environment for cdktf, which hands it to Terraform: all of it but what would make a provider somebody else, or is no
 * business of these stacks' providers.
 */
export function cdktfEnvironment(
  environment: NodeJS.ProcessEnv,
  providers: readonly string[],
): Record<string, string> {
  return pick(
    environment,
    (name) =>
      !/^(KUBE_\w+|KUBECONFIG|HELM_\w+|TF_REATTACH_PROVIDERS)$/.test(name) &&
      (!isCloudflare(name) || providers.includes(CLOUDFLARE)),
  );
}

function isCloudflare(name: string): boolean {
  return name.startsWith("CLOUDFLARE_");
}

function pick(environment: NodeJS.ProcessEnv, keeps: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && keeps(entry[0]),
    ),
  );
}

/** Registries of Terraform and of OpenTofu, which have the same providers. */
const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];

/**
 * Writes a configuration of Terraform's command line by which it installs these providers and no others, whatever a module or a
 * state names: from their registry, or from the mirrors that a person's own configuration names. Of that the folder of its cache
 * counts too, and nothing else.
 *
 * @param providers as `hashicorp/google`
 * @param folder where to write it
 * @returns the file, for TF_CLI_CONFIG_FILE
 */
export function limitInstallation(providers: readonly string[], folder: string): string {
  const addresses = providers.flatMap((source) => REGISTRIES.map((registry) => `${registry}/${source}`));
  // Without any, Terraform would take an empty list for all that there are.
  const allowed = addresses.length > 0 ? `include = ${JSON.stringify(addresses)}` : 'exclude = ["*/*/*"]';
  const own = configured();
  const cache = cacheIn(own);
  const mirrors = mirrorsIn(own);
  const methods = [
    ...mirrors,
    ...(mirrors.length === 0 || /^\s*direct\s*\{/m.test(own) ? [{ method: "direct", from: "" }] : []),
  ].map(({ method, from }) => `  ${method} {\n${from}    ${allowed}\n  }\n`);
  const lines = [
    ...(cache ? [`plugin_cache_dir = ${JSON.stringify(cache)}`] : []),
    `provider_installation {\n${methods.join("")}}`,
  ];
  const file = join(folder, "terraform.rc");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

/** The folder for providers that a person's own configuration of Terraform names. */
export function configuredCache(): string | undefined {
  return cacheIn(configured());
}

/** A person's own configuration of Terraform, without its comments. */
function configured(): string {
  const file = process.env["TF_CLI_CONFIG_FILE"] || join(homedir(), ".terraformrc");
  return existsSync(file) ? readFileSync(file, "utf8").replace(/^\s*(#|\/\/).*$/gm, "") : "";
}

function cacheIn(configuration: string): string | undefined {
  const [, folder] = /^\s*plugin_cache_dir\s*=\s*"([^"]+)"/m.exec(configuration) ?? [];
  return folder?.replace(/^\$HOME|^~/, homedir());
}

/** Where a company keeps copies of providers: `network_mirror { url = … }`, `filesystem_mirror { path = … }`. */
function mirrorsIn(configuration: string) {
  const blocks = /\b((?:network|filesystem)_mirror)\s*\{[^}]*?\b((?:url|path)\s*=\s*"[^"\n]*")/g;
  return [...configuration.matchAll(blocks)].map(([, method = "", from]) => ({
    method,
    from: `    ${from}\n`,
  }));
}
