import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { STACK_LOCK_FILE } from "../../lib/core/provider-lock";
import type { TerraformJson } from "../../lib/core/terraform-json";
import type { System } from "../../lib/environments/system";
import { CliError, EXIT } from "../command-line/errors";
import { cleanLine } from "../command-line/foreign-text";
import { commandLineOf, runCommand } from "../command-line/program";
import type { Start } from "../command-line/project";
import { TERRAFORM_RULES } from "../policy/rules/terraform";
import { registerApply } from "./apply";
import { registerDriftLog } from "./drift-log";
import { registerImages } from "./images";
import { registerNewest } from "./newest";
import { registerPlan } from "./plan";
import { recordedSystem } from "./record";
import { registerSmoke } from "./smoke";
import { registerIdentity } from "./stacks";
import { registerSweep } from "./sweep";

/**
 * The command line of jobs that may ask for an identity. Another job without one has synthesized, with all the packages that
 * this takes: here is none of them, and what it left is looked at before it is used.
 */
export function runStep(args: readonly string[], folder = process.cwd()): Promise<number> {
  return runCommand(args, { startedIn: folder, folder, loadSystem: checkedSystem }, [registerSteps]);
}

/** The definition of its commands. */
export function stepsCommandLine(start: Start): Command {
  return commandLineOf(start, [registerSteps]);
}

function registerSteps(program: Command): void {
  const ci = program.command("ci").description("the steps of the GitHub workflows that need an identity");
  for (const register of [
    registerIdentity,
    registerPlan,
    registerNewest,
    registerImages,
    registerApply,
    registerSmoke,
    registerDriftLog,
    registerSweep,
  ])
    register(ci);
}

const STACKS = join("cdktf.out", "stacks");

/** @throws {CliError} as `refuseHidden` */
function checkedSystem(): System {
  refuseHidden();
  return recordedSystem;
}

/**
 * A plan shows what would be made, and not what runs meanwhile: programs on apply or in a provider's place, modules, other
 * providers, files that Terraform reads of itself.
 * @throws {CliError} when a synthesized stack has any of that
 */
function refuseHidden(): void {
  const stacks = new Map<string, TerraformJson>();
  const problems: string[] = [];
  for (const stack of readdirSync(STACKS)) {
    const files = readdirSync(join(STACKS, stack));
    const foreign = files.filter((name) => name !== "cdk.tf.json" && name !== STACK_LOCK_FILE);
    problems.push(...foreign.map((name) => `${stack}: ${name} is no file of a stack`));
    stacks.set(stack, JSON.parse(readFileSync(join(STACKS, stack, "cdk.tf.json"), "utf8")));
  }
  const program = { project: recordedSystem.readProject(), stacks, releases: [] };
  for (const { stack, address, message } of TERRAFORM_RULES.flatMap((rule) => rule.check(program)))
    problems.push(`${stack}: ${address} ${message}`);
  if (problems.length > 0)
    throw new CliError(
      `${problems.map((problem) => cleanLine(problem)).join("\n")}\nNo plan shows that, so nothing was started.`,
      EXIT.refused,
    );
}
