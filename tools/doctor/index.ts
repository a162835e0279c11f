import type { Command } from "commander";
import colors from "picocolors";
import type { Project } from "../../lib/environments/system";
import { InvalidInputError } from "../../lib/input/problems";
import { EXIT } from "../command-line/errors";
import { emit, examples, type JsonOption, withJson } from "../command-line/output";
import { findStack, readProject } from "../command-line/project";
import { checkBranches } from "./branches";
import { checkBucket, checkCredentials } from "./cloud";
import { checkPlaceholders } from "./configuration";
import { checkStack } from "./stack";
import type { Check } from "./tools";
import {
  checkAccount,
  checkAuthPlugin,
  checkGcloud,
  checkNode,
  checkPluginCache,
  checkProviders,
  checkTerraform,
} from "./tools";

/** Registers `plue doctor`. */
export function registerDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .description("what is missing to deploy, each with the command that mends it; changes nothing")
    .argument("[stack]", "look also at what comes before a deployment of this one");
  examples(withJson(command), {
    "npx plue doctor": "this machine; ends with 1 if something that is needed is missing",
    "npx plue doctor staging-base": "and what this stack needs: values, identity, stacks before it, token",
  });
  command.action(async (stack: string | undefined, options: JsonOption) => {
    const declared = stack === undefined ? undefined : findStack(readProject(), stack);
    const project = projectOrReason();
    const checks: Check[] = [
      checkNode(),
      checkTerraform(),
      checkGcloud(),
      checkAuthPlugin(),
      checkProviders(),
      checkPluginCache(),
      checkAccount(),
      checkCredentials(project),
      await checkBucket(project),
      ...(declared
        ? await checkStack(readProject(), declared)
        : [...checkConfiguration(project), ...(await checkBranches(project))]),
    ];
    emit(options, checks, () => toText(checks));
    if (checks.some(({ ok, needed }) => needed && !ok)) process.exitCode = EXIT.failed;
  });
}

function projectOrReason(): Project | Error {
  try {
    return readProject();
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
}

/** Of a file that is not valid the bucket's check has told. */
function checkConfiguration(project: Project | Error): Check[] {
  return project instanceof Error ? [] : [checkPlaceholders(project.placeholders)];
}

function toText(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.map((check) => {
    const line = `${mark(check)}  ${check.name.padEnd(width)}  ${check.found.split("\n").join(`\n${" ".repeat(width + 12)}`)}`;
    return check.mend ? `${line}\n${" ".repeat(width + 12)}${colors.bold(check.mend)}` : line;
  });
  const missing = checks.filter(({ ok, needed }) => needed && !ok).length;
  const verdict = missing
    ? `${missing} of what a deployment needs ${missing === 1 ? "is" : "are"} missing.`
    : "Ready to deploy.";
  return [...lines, "", verdict].join("\n");
}

function mark({ ok, needed }: Check): string {
  if (ok) return colors.green("ok      ");
  return needed ? colors.red("missing ") : colors.yellow("advised ");
}
