import type { Command } from "commander";
import { type EnvironmentConfig, readConfig } from "../../stacks/plue/config";
import { removeEntry } from "../../stacks/plue/registry/edit";
import { engineerNames } from "../../stacks/plue/registry/engineer-names";
import { confirm, confirmByTyping } from "../command-line/confirm";
import { describeLock, listed } from "../command-line/describe";
import { CliError, EXIT } from "../command-line/errors";
import { examples, tell } from "../command-line/output";
import { StateBucket } from "../state/state-bucket";
import { StateError } from "../state/state-error";
import { FILE, find, openRegistry } from "./registry";

/** Registers `plue engineers remove`. */
export function registerRemove(engineers: Command): void {
  const command = engineers
    .command("remove")
    .description("last step: forgets somebody whose stack holds nothing any more")
    .argument("<name>")
    .option("-y, --yes", "do not ask")
    .option("--force", "even if her stack holds resources, or nobody knows; asks to type her name")
    .action((name: string, options: RemoveOptions) => remove(name, options));
  examples(command, {
    "npx plue engineers remove carol": "asks, after a look at her state",
    "npx plue engineers remove carol --yes": "for scripts",
    "echo carol | npx plue engineers remove carol --force": "the typed confirmation from a pipe",
  });
}

interface RemoveOptions {
  readonly yes?: boolean;
  readonly force?: boolean;
}

async function remove(name: string, { yes, force }: RemoveOptions): Promise<void> {
  const file = openRegistry();
  find(file.registry, name);
  const { staging } = readConfig("cdktf.json");
  const { stack } = engineerNames(name, staging.projectId);
  const obstacle = await obstacleIn(stack, staging);
  if (obstacle && !force)
    throw new CliError(`${name} was not removed: ${obstacle.message}`, obstacle.exitCode);
  if (obstacle) {
    tell(`Removing ${name} from ${FILE}, although ${obstacle.message}`);
    await confirmByTyping("Nothing will manage what is left there.", name);
  } else {
    tell(`${stack} holds no resources. Removing ${name} from ${FILE}.`);
    await confirm(`Remove ${name}?`, yes);
  }
  file.replace(removeEntry(file.text, name));
  tell(
    [
      "Next:",
      `  git commit ${FILE} -m "Remove ${name}", and open a pull request`,
      "  npx cdktf deploy staging-access   (platform team: deletes her identities, their login and the folder of her state)",
    ].join("\n"),
  );
}

/** Why somebody would have to clean up by hand; what is left is named. Undefined if nothing is. */
async function obstacleIn(
  stack: string,
  { stateBucket, projectId }: EnvironmentConfig,
): Promise<CliError | undefined> {
  try {
    const { state, lock, error } = await new StateBucket(stateBucket, projectId).stack(stack);
    if (error) throw error;
    if (lock)
      return new CliError(
        `the state of ${stack} is locked ${describeLock(lock)}: wait until that is done.`,
        EXIT.refused,
      );
    if (!state?.resources.length) return undefined;
    return new CliError(
      `${stack} still holds ${state.resources.length} resources:\n${listed(state.resources)}\n` +
        `npx cdktf destroy ${stack} destroys them, once she is offboarding.`,
      EXIT.refused,
    );
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    return new CliError(`it is not known what ${stack} holds: ${error.message}`, EXIT.state);
  }
}
