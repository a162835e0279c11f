import type { Command } from "commander";
import colors from "picocolors";
import type { DeclaredStack, Project } from "../../lib/environments/system";
import { InvalidInputError } from "../../lib/input/problems";
import { EXIT } from "../command-line/errors";
import { BELOW, emit, examples, type JsonOption, tableRows, withJson } from "../command-line/output";
import { during } from "../command-line/progress";
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
    const checks = await examine(stack === undefined ? undefined : findStack(readProject(), stack));
    emit(options, checks, () => toText(checks));
    if (missing(checks).length > 0) process.exitCode = EXIT.failed;
  });
}

/**
 * Looks at what a deployment needs: this machine, and what comes before a stack. Changes nothing.
 * @param imageTag of the images that its release shall take @default the tag that it follows
 */
export async function examine(declared?: DeclaredStack, imageTag?: string): Promise<Check[]> {
  const project = projectOrReason();
  const machine = during("Looking at this machine", () => [
    checkNode(),
    checkTerraform(),
    checkGcloud(),
    checkAuthPlugin(),
    checkProviders(),
    checkPluginCache(),
    checkAccount(),
    checkCredentials(project),
  ]);
  const others = await during("Asking Google Cloud", async () => [
    await checkBucket(project),
    ...(declared
      ? await checkStack(readProject(), declared, imageTag)
      : [...checkConfiguration(project), ...(await checkBranches(project))]),
  ]);
  return [...machine, ...others];
}

/** What a deployment needs and does not have. */
export function missing(checks: readonly Check[]): Check[] {
  return checks.filter(({ ok, needed }) => needed && !ok);
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
  const count = missing(checks).length;
  const verdict = count
    ? `${count} of what a deployment needs ${count === 1 ? "is" : "are"} missing.`
    : "Ready to deploy.";
  return [checksText(checks), "", verdict].join("\n");
}

/** A line for each, and below it what mends it. */
export function checksText(checks: readonly Check[]): string {
  const rows = tableRows(
    checks.map((check) => [`${mark(check)}  ${check.name}`, check.found]),
    { head: false },
  );
  // What somebody copies is in a line of its own.
  return checks
    .flatMap(({ mend }, index) => [rows[index], ...(mend ? [BELOW + colors.bold(mend)] : [])])
    .join("\n");
}

function mark({ ok, needed }: Check): string {
  if (ok) return colors.green("ok      ");
  return needed ? colors.red("missing ") : colors.yellow("advised ");
}
