import type { Command } from "commander";
import type { Engineer, Registry } from "../../lib/environments/registry";
import { nearest } from "../../lib/input/explain";
import { CliError, EXIT } from "../command-line/errors";
import { examples } from "../command-line/output";
import { namesOf, readRegistry } from "../engineers/registry";

/** Registers `plue ci may-deploy`. */
export function registerMayDeploy(ci: Command): void {
  const command = ci
    .command("may-deploy")
    .description("the stack that a push to a branch staging/<name> deploys, or why it does not")
    .requiredOption("--ref <ref>", "refs/heads/staging/alice")
    .requiredOption("--actor <login>", "GitHub login of who pushed");
  examples(command, {
    'npx plue ci may-deploy --ref "$GITHUB_REF" --actor "$GITHUB_ACTOR" >> "$GITHUB_OUTPUT"': "",
  });
  command.action(({ ref, actor }: { ref: string; actor: string }) => {
    const { name } = mayDeploy(ref, actor, readRegistry().registry);
    process.stdout.write(`stack=${namesOf(name).stack}\n`);
  });
}

const BRANCH = /^refs\/heads\/staging\/(.+)$/;

/**
 * Engineer whose environment a push to a branch deploys.
 *
 * This tells an honest mistake early and in words. It cannot stop somebody who changes it in her own branch: Google does,
 * as it takes a token for the deployer from this branch, pushed by this login, alone.
 *
 * @param ref `refs/heads/staging/alice`
 * @param actor GitHub login of who pushed
 * @throws {CliError} when nobody's is deployed from there, or not by this person
 */
export function mayDeploy(ref: string, actor: string, { engineers }: Registry): Engineer {
  const refuse = (why: string): never => {
    throw new CliError(`${ref} is not deployed: ${why}`, EXIT.refused);
  };
  const name = BRANCH.exec(ref)?.[1] ?? refuse("only branches staging/<name> are");
  const engineer =
    engineers.find((entry) => entry.name === name) ??
    refuse(`${unknown(name, engineers)}: npx plue engineers add`);
  if (engineer.state !== "active") refuse(`${name} is ${engineer.state} in engineers.json`);
  if (!engineer.github) refuse(`engineers.json gives ${name} no GitHub login: add "github" to her entry`);
  if (engineer.github !== actor)
    refuse(`${actor} pushed, and ${name}'s login in engineers.json is ${engineer.github}`);
  return engineer;
}

function unknown(name: string, engineers: readonly Engineer[]): string {
  const meant = nearest(
    name,
    engineers.map((entry) => entry.name),
  );
  return `engineers.json has no ${name}${meant ? ` (but ${meant})` : ""}`;
}
