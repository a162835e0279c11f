import { spawnSync } from "node:child_process";
import type { EngineerNames } from "../../lib/environments/engineer-names";
import { nearest } from "../../lib/input/explain";
import { readConfig } from "../../stacks/plue/config";
import type { Engineer, Registry } from "../../stacks/plue/registry";
import { engineerNames } from "../../stacks/plue/registry/engineer-names";
import { RegistryFile } from "../../stacks/plue/registry/registry-file";
import { CliError, EXIT } from "../command-line/errors";
import { tell } from "../command-line/output";

/** The registry, as seen from the project. */
export const FILE = "engineers.json";

/** The registry for a change, with a word about changes that are not committed yet: this one joins them. */
export function openRegistry(): RegistryFile {
  const file = new RegistryFile(FILE);
  const git = spawnSync("git", ["status", "--porcelain", "--", FILE], { encoding: "utf8" });
  if (git.status === 0 && git.stdout.trim())
    tell(`${FILE} has changes that are not committed yet; this one is added to them.`);
  return file;
}

/** What is called after an engineer, in the project of cdktf.json. */
export function namesOf(name: string): EngineerNames {
  return engineerNames(name, readConfig("cdktf.json").staging.projectId);
}

/** @throws {CliError} with the name that may have been meant */
export function find({ engineers }: Registry, name: string): Engineer {
  const found = engineers.find((engineer) => engineer.name === name);
  if (found) return found;
  const names = engineers.map((engineer) => engineer.name);
  const meant = nearest(name, names);
  const hint = meant ? `did you mean ${meant}?` : `there are: ${names.join(", ") || "none"}`;
  throw new CliError(`${FILE} has no engineer ${JSON.stringify(name)}; ${hint}`, EXIT.usage);
}
