import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Project, System } from "../../lib/environments/system";
import { CliError } from "../command-line/errors";
import { examples } from "../command-line/output";
import { readProject } from "../command-line/project";

/** Beside the synthesized stacks. */
const FILE = join("cdktf.out", "project.json");

/** What a project says without its program. */
type Recorded = Pick<
  Project,
  | "environments"
  | "production"
  | "base"
  | "declared"
  | "members"
  | "repository"
  | "applicationRepository"
  | "installation"
  | "placeholders"
>;

/** Registers `plue ci record`. */
export function registerRecord(ci: Command): void {
  const command = ci
    .command("record")
    .description("write beside the synthesized stacks what a job has to know of them that has no program");
  examples(command, { "npx plue ci record": "after npm run synth" });
  command.action(() => {
    if (!existsSync("cdktf.out")) throw new CliError("there is no cdktf.out: run npm run synth first");
    writeFileSync(FILE, JSON.stringify(recordOf(readProject()), null, 2));
  });
}

function recordOf(project: Project): Recorded {
  const {
    environments,
    production,
    base,
    declared,
    members,
    repository,
    applicationRepository,
    installation,
    placeholders,
  } = project;
  return {
    environments,
    production,
    base,
    declared,
    members,
    installation,
    placeholders,
    ...(repository !== undefined && { repository }),
    ...(applicationRepository !== undefined && { applicationRepository }),
  };
}

/** The system of `plue ci record`, which can tell what there is, and declare nothing. */
export const recordedSystem: System = {
  name: "recorded",
  readProject: () => ({ ...(JSON.parse(readFileSync(FILE, "utf8")) as Recorded), ...NO_PROGRAM }),
  checkConfig: noProgram,
};

const NO_PROGRAM = {
  declare: noProgram,
  stage: noProgram,
  stateOwner: noProgram,
  secretVersions: noProgram,
  room: noProgram,
  engineerNames: noProgram,
  withInstallation: noProgram,
};

function noProgram(): never {
  throw new CliError("this job has the synthesized stacks, and not the program");
}
