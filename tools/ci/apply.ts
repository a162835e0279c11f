import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { placeholdersIn } from "../../lib/environments/placeholders";
import { CliError, EXIT } from "../command-line/errors";
import { examples, tell } from "../command-line/output";
import { refusePlaceholders } from "../command-line/project";
import { type ImageDigests, parseImages } from "./images";
import { countActions, type PlannedAction } from "./planned-actions";
import { findStack, numberOption, readStored, readTyped, summarize } from "./step";
import { StackTerraform } from "./terraform";

interface ApplyOptions {
  readonly images?: string;
  readonly allowDestroy?: readonly string[];
  readonly lockTimeout: number;
  readonly summary?: string;
}

/** Registers `plue ci apply`. */
export function registerApply(ci: Command): void {
  const command = ci
    .command("apply")
    .description("plan a synthesized stack and apply just that; refuses to end what holds data")
    .argument("<stack>")
    .option(
      "--images <file>",
      "run these digests, as plue ci images prints them, instead of what the tag points to",
    )
    .addOption(
      new Option("--allow-destroy <address>", "end this although it holds data; repeat for more")
        .env("PLUE_ALLOW_DESTROY")
        .argParser((given: string, before: readonly string[] = []) => [
          ...before,
          ...given.split(/\s+/).filter(Boolean),
        ]),
    )
    .addOption(numberOption("--lock-timeout <seconds>", "how long to wait for another deployment", 900))
    .option("--summary <file>", "add what was done to this file, as Markdown");
  examples(command, {
    "npx plue ci apply production-app": "",
    "npx plue ci apply production-app --images previous.json": "goes back to an earlier release",
  });
  command.action((name: string, options: ApplyOptions) => apply(name, options));
}

async function apply(name: string, options: ApplyOptions): Promise<void> {
  const named = findStack(name);
  const { stack, environment, project } = named;
  const images =
    options.images === undefined ? undefined : parseImages(readTyped(options.images), options.images);
  const file = join("cdktf.out", "stacks", stack, "cdk.tf.json");
  if (existsSync(file))
    refusePlaceholders(placeholdersIn(project.placeholders, environment, readFileSync(file, "utf8")));
  const { state } = await readStored(named, "apply");
  const terraform = new StackTerraform(stack, state, tell);
  try {
    if (images && !terraform.hasVariable("image_digests"))
      throw new CliError(`${stack} has no release whose images could be given. Nothing was changed`);
    const planned = await terraform.plan({
      lockSeconds: options.lockTimeout,
      variables: images ? { image_digests: images } : {},
    });
    if (planned.outcome === "failed")
      throw new CliError(`${stack} could not be planned. Nothing was changed`, terraform.exitCode);
    if (planned.outcome === "unchanged") return done(stack, "nothing to change", options);
    refuseLosses(stack, planned.actions, options.allowDestroy ?? []);
    await applyPlanned(terraform, planned.actions, options.lockTimeout);
    done(
      stack,
      `${countActions(planned.actions, "done")}${images ? `, with ${imageList(images)}` : ""}`,
      options,
    );
  } finally {
    terraform.dispose();
  }
}

/**
 * Applies what was planned.
 * @throws {CliError} when not all of it was done
 */
export async function applyPlanned(
  terraform: StackTerraform,
  actions: readonly PlannedAction[],
  lockSeconds: number,
): Promise<void> {
  tell(`Applying ${terraform.stack}: ${countActions(actions)}`);
  if (!(await terraform.apply(lockSeconds)))
    throw new CliError(
      `${terraform.stack} was applied in part: the state holds what was done, and nothing of it is undone. ` +
        "Mend what failed and run this again: it goes on from there",
      terraform.exitCode,
    );
}

/** A line for each action that ends what holds data. */
export function lossLines(actions: readonly PlannedAction[]): string {
  return actions.map(({ action, address, loses }) => `  ${action} ${address}: ${loses}`).join("\n");
}

function refuseLosses(stack: string, actions: readonly PlannedAction[], allowed: readonly string[]): void {
  const refused = actions.filter(({ loses, address }) => loses !== undefined && !allowed.includes(address));
  if (refused.length === 0) return;
  throw new CliError(
    `${stack} is not applied, as it would end what holds data:\n${lossLines(refused)}\n` +
      "Nothing was changed. If that is what you want: --allow-destroy <address>, or PLUE_ALLOW_DESTROY, with each of them",
    EXIT.refused,
  );
}

function done(stack: string, what: string, { summary }: ApplyOptions): void {
  tell(`${stack}: ${what}.`);
  summarize(summary, `\`${stack}\`: ${what}`);
}

function imageList(images: ImageDigests): string {
  return Object.entries(images)
    .map(([name, digest]) => `${name}@${digest.slice("sha256:".length, "sha256:".length + 12)}`)
    .join(" ");
}
