import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { synthesize } from "../changed/synthesize";
import { applyPlanned, lossLines } from "../ci/apply";
import { countActions } from "../ci/planned-actions";
import { findStack, type NamedStack, readStored } from "../ci/step";
import { type Planned, StackTerraform } from "../ci/terraform";
import { confirm, confirmByTyping } from "../command-line/confirm";
import { CliError, EXIT } from "../command-line/errors";
import { examples, tell } from "../command-line/output";
import { during } from "../command-line/progress";
import { checksText, examine, missing } from "../doctor";
import { configuredCache } from "../terraform/environment";

/** How long to wait for whoever deploys the stack just now. */
const LOCK_SECONDS = 60;

interface DiffOptions {
  readonly imageTag?: string;
}

interface DeployOptions extends DiffOptions {
  readonly yes?: boolean;
}

/** Registers `plue diff`. */
export function registerDiff(program: Command): void {
  const command = program
    .command("diff")
    .description("what a deployment of a stack would change, after a look at what it needs; changes nothing")
    .argument("<stack>")
    .option("--image-tag <tag>", "with the images behind this tag, instead of those that the stack follows");
  examples(command, {
    "npx plue diff staging-alice": "",
    "npx plue diff staging-alice --image-tag my-branch": "with other images",
  });
  command.action((name: string, options: DiffOptions) =>
    planned(findStack(name), options, undefined, async (plan) => {
      process.stdout.write(`${plan.text}\n`);
      tell(`${name}: ${countActions(plan.actions)}.`);
    }),
  );
}

/** Registers `plue deploy`. */
export function registerDeploy(program: Command): void {
  const command = program
    .command("deploy")
    .description(
      "plan a stack, show that, ask, and apply just that; looks first at what it needs and what comes before it",
    )
    .argument("<stack>")
    .option("--image-tag <tag>", "with the images behind this tag, until the next deployment")
    .option(
      "-y, --yes",
      "do not ask; production, and the end of what holds data, want the name typed all the same",
    );
  examples(command, {
    "npx plue deploy staging-alice": "",
    "npx plue deploy staging-alice --image-tag my-branch": "other images, once",
    "echo production | npx plue deploy production": "the typed confirmation from a pipe",
  });
  command.action((name: string, options: DeployOptions) => {
    const named = findStack(name);
    return planned(named, options, LOCK_SECONDS, async (plan, terraform) => {
      tell(plan.text);
      await confirmPlan(named, plan, options.yes);
      await applyPlanned(terraform, plan.actions, LOCK_SECONDS);
      tell(`${name}: ${countActions(plan.actions, "done")}.${named.url ? ` ${named.url}` : ""}`);
    });
  });
}

type Changes = Extract<Planned, { outcome: "changed" }>;

/**
 * Synthesizes and plans a stack, as whoever its program says and with its own providers alone, once it has all that it needs.
 *
 * @param lockSeconds how long to wait for its lock; undefined takes none
 * @param use what is done with a plan that changes something
 * @throws {CliError} with what is missing, or why there is no plan
 */
async function planned(
  named: NamedStack,
  { imageTag }: DiffOptions,
  lockSeconds: number | undefined,
  use: (plan: Changes, terraform: StackTerraform) => Promise<void>,
): Promise<void> {
  const { stack } = named;
  const lacking = missing(await examine(named, imageTag));
  if (lacking.length > 0)
    throw new CliError(
      `${checksText(lacking)}\n\n${stack} needs that first. Nothing was changed; npx plue doctor ${stack} shows all of it.`,
    );
  await synthesizeProject();
  const { state } = await during(`Reading the state of ${stack}`, () => readStored(named, "apply"));
  keepProviders();
  let say = (_line: string) => {};
  const terraform = new StackTerraform(stack, state, (line) => say(line));
  try {
    if (imageTag !== undefined && !terraform.hasVariable("image_tag"))
      throw new CliError(`${stack} has no release whose images could be others`, EXIT.usage);
    const plan = await during(`Planning ${stack}`, () =>
      terraform.plan({
        ...(lockSeconds !== undefined && { lockSeconds }),
        variables: imageTag === undefined ? {} : { image_tag: imageTag },
      }),
    );
    if (plan.outcome === "failed")
      throw new CliError(
        `${plan.text}\n\n${stack} could not be planned. Nothing was changed.`,
        terraform.exitCode,
      );
    say = tell;
    if (plan.outcome === "unchanged") tell(`${stack}: nothing to change.`);
    else await use(plan, terraform);
  } finally {
    terraform.dispose();
  }
}

/** Runs the app command of cdktf.json, types and all, into the folder that cdktf has it in. */
async function synthesizeProject(): Promise<void> {
  try {
    await synthesize(process.cwd(), resolve("cdktf.out"));
  } catch (error) {
    throw new CliError((error as Error).message);
  }
}

/** Providers are half a gigabyte: they stay in a folder for all stacks, the one that cdktf makes too. */
function keepProviders(): void {
  if (process.env["TF_PLUGIN_CACHE_DIR"] || configuredCache()) return;
  const folder = join(homedir(), ".terraform.d", "plugin-cache");
  mkdirSync(folder, { recursive: true });
  process.env["TF_PLUGIN_CACHE_DIR"] = folder;
}

/** Asks; for production, and before data ends, for a word that nobody types by habit. */
async function confirmPlan(
  { stack, environment, project }: NamedStack,
  { actions }: Changes,
  yes?: boolean,
): Promise<void> {
  const losses = actions.filter(({ loses }) => loses !== undefined);
  const what = `${stack}: ${countActions(actions)}.`;
  if (losses.length > 0)
    await confirmByTyping(`${what}\nThis ends what holds data:\n${lossLines(losses)}\n`, stack);
  else if (environment === project.production) await confirmByTyping(`${what} Users are on it.`, stack);
  else await confirm(`${what} Apply that?`, yes);
}
