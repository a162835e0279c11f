import { sync as writeFileAtomic } from "write-file-atomic";
import { withValue } from "../../lib/input/json-document";
import { readText } from "../../lib/input/read-json";
import { tell } from "../command-line/output";
import { thisSystem } from "../command-line/project";
import type { DeclaredSecret } from "./declared";
import type { SecretManager, SecretVersion } from "./secret-manager";
import { readValue } from "./value";

/**
 * Reads a value, adds it as a version, and makes that the version in use where the program uses one.
 * @returns the new version
 */
export async function addVersion(secret: DeclaredSecret, manager: SecretManager): Promise<SecretVersion> {
  const { secretId, projectId, environment, version } = secret;
  tell(`Adding a version to ${secretId} of ${projectId} (${environment}), from standard input.`);
  const added = await manager.add(secretId, await readValue(secretId));
  const inUse = version === undefined || version === added.number;
  tell(`Version ${added.number} of ${secretId} is there${inUse ? "" : ", and nothing reads it yet"}.`);
  if (!inUse) {
    tell(`Setting it as the version in use in cdktf.json, instead of ${version}.`);
    useVersion(secret, added.number);
  }
  return added;
}

/** What comes after a change of the version in use. */
export function nextSteps({ secretId, environment, stack, madeBy }: DeclaredSecret): string {
  const deploy =
    madeBy === "terraform"
      ? [`  npx plue deploy ${stack}`]
      : !thisSystem().registry
        ? ["  npx plue deploy <stack>   (the one whose release reads it)"]
        : environment === "production"
          ? ["  npx plue deploy production-app   (the deploy workflow does it on merge)"]
          : ["  npx plue deploy staging-<name>   (each engineer, the next time she deploys)"];
  return [
    "Next:",
    `  git commit cdktf.json -m "Rotate ${secretId} in ${environment}", and open a pull request; once it is merged`,
    ...deploy,
    ...(madeBy === "people" ? [`  npx plue secrets retire ${environment} ${secretId}`] : []),
  ].join("\n");
}

const FILE = "cdktf.json";

/**
 * Puts the version of a secret that is in use into cdktf.json; nothing else in it changes.
 * @throws {InvalidInputError} when the file would not be valid; it is left as it is
 */
export function useVersion({ environment, secretId }: DeclaredSecret, version: number): void {
  const text = readText(FILE);
  const system = thisSystem();
  const path = ["context", system.name, environment, "secretVersions", secretId];
  const changed = withValue(text, path, version);
  system.checkConfig(changed, FILE);
  writeFileAtomic(FILE, changed);
}
