import { spawnSync } from "node:child_process";
import { describeShortage } from "../../lib/environments/capacity";
import { type Engineer, type EngineerNames, RegistryFile } from "../../lib/environments/registry";
import type { System } from "../../lib/environments/system";
import { nearest } from "../../lib/input/explain";
import { InvalidInputError } from "../../lib/input/problems";
import { CliError, EXIT } from "../command-line/errors";
import { tell, warn } from "../command-line/output";
import { readProject, thisSystem } from "../command-line/project";

/** The registry for a change, with a word about changes that are not committed yet: this one joins them. */
export function openRegistry(): RegistryFile {
  const registry = readRegistry();
  const git = spawnSync("git", ["status", "--porcelain", "--", registry.file], { encoding: "utf8" });
  if (git.status === 0 && git.stdout.trim())
    tell(`${registry.file} has changes that are not committed yet; this one is added to them.`);
  return registry;
}

/** The registry of this system's engineers. @throws {InvalidInputError} with everything that is wrong with it */
export function readRegistry(): RegistryFile {
  const { file, parse } = thisRegistry();
  return new RegistryFile(file, parse);
}

/** Where this system's engineers are registered, and how that is read. @throws {CliError} when it has none */
export function thisRegistry(): NonNullable<System["registry"]> {
  const { name, registry } = thisSystem();
  if (!registry) throw new CliError(`${name} has no registry of engineers`, EXIT.usage);
  return registry;
}

/** What is called after an engineer, in the project of cdktf.json. */
export function namesOf(name: string): EngineerNames {
  return readProject().engineerNames(name) as EngineerNames;
}

/** Warns where the registry has more engineers than there is room for. @param file of the registry */
export function tellShortage(file: string): void {
  const project = readProject();
  const shortage = describeShortage(project.room(), project.declared.filter(({ owner }) => owner).length);
  if (shortage) warn(file, shortage);
}

/** Options by which a field of an entry, or a part of its quota, is given. */
const OPTIONS: Readonly<Record<string, string>> = {
  email: "--email",
  github: "--github",
  githubId: "--github-id",
  imageTag: "--image-tag",
  readers: "--reader",
  cpu: "--cpu",
  memory: "--memory",
  pods: "--pods",
  storage: "--storage",
};

/**
 * Says what would be wrong with an entry by option, not by place: the line is not in the file yet, and others may have another
 * number.
 * @throws {CliError} that begins with what cannot be done
 */
export function checkEntry(file: RegistryFile, text: string, cannot: string): void {
  try {
    file.check(text);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const lines = error.problems.map(({ path: [, , field, part], message }) => {
      const given = [part, field].map((key) => OPTIONS[String(key)]).find(Boolean) ?? field;
      return [...(given === undefined ? [] : [given]), message.replace(/ of engineers\[\d+\]/, "")].join(
        ": ",
      );
    });
    throw new CliError(`${cannot}:\n${lines.join("\n")}`, EXIT.input);
  }
}

/** @throws {CliError} with the name that may have been meant */
export function find({ file, registry: { engineers } }: RegistryFile, name: string): Engineer {
  const found = engineers.find((engineer) => engineer.name === name);
  if (found) return found;
  const names = engineers.map((engineer) => engineer.name);
  const meant = nearest(name, names);
  const hint = meant ? `did you mean ${meant}?` : `there are: ${names.join(", ") || "none"}`;
  throw new CliError(`${file} has no engineer ${JSON.stringify(name)}; ${hint}`, EXIT.usage);
}
