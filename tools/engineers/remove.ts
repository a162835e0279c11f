import type { Command } from "commander";
import { removeEntry } from "../../lib/environments/registry-edit";
import type { DeclaredStack } from "../../lib/environments/system";
import type { EnvironmentFields } from "../../lib/input/configuration";
import { confirm, confirmByTyping } from "../command-line/confirm";
import { CliError, EXIT } from "../command-line/errors";
import { examples, listed, step, tell } from "../command-line/output";
import { readProject } from "../command-line/project";
import { describeLock, StateBucket } from "../state/state-bucket";
import { find, namesOf, openRegistry } from "./registry";

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
  find(file, name);
  const { declared, environments } = readProject();
  const { stack, environment } = declared.find(({ owner }) => owner?.engineer.name === name) as DeclaredStack;
  const { deployerEmail } = namesOf(name);
  const obstacle = await obstacleIn(stack, deployerEmail, environments[environment] as EnvironmentFields);
  if (obstacle && !force)
    throw new CliError(`${name} was not removed: ${obstacle.message}`, obstacle.exitCode);
  if (obstacle) {
    tell(`Removing ${name} from ${file.file}, although ${obstacle.message}`);
    await confirmByTyping("Nothing will manage what is left there.", name);
  } else {
    tell(`${stack} holds no resources. Removing ${name} from ${file.file}.`);
    await confirm(`Remove ${name}?`, yes);
  }
  file.replace(removeEntry(file.text, name));
  tell(
    [
      "Next:",
      `  git commit ${file.file} -m "Remove ${name}", and open a pull request`,
      step(
        "npx plue deploy staging-access",
        "platform team: deletes her identities, their login and the folder of her state",
      ),
    ].join("\n"),
  );
}

/** Why somebody would have to clean up by hand; what is left is named. Undefined if nothing is. */
async function obstacleIn(
  stack: string,
  deployer: string,
  { stateBucket, projectId }: EnvironmentFields,
): Promise<CliError | undefined> {
  try {
    const read = (actingAs?: string) => new StateBucket(stateBucket, projectId, actingAs).stack(stack);
    const own = await read();
    const { state, lock, error } = own.error?.fault === "forbidden" ? await read(deployer) : own;
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
    if (!(error instanceof CliError)) throw error;
    return new CliError(`it is not known what ${stack} holds: ${error.message}`, error.exitCode);
  }
}
