import type { Command } from "commander";
import type { Engineer, Registry } from "../../lib/environments/registry";
import { nearest } from "../../lib/input/explain";
import { CliError, EXIT } from "../command-line/errors";
import { cleanLine } from "../command-line/foreign-text";
import { examples, remark } from "../command-line/output";
import { namesOf, readRegistry } from "../engineers/registry";
import { makeRule, openings, type Pusher, pushersOf } from "./branch-rules";
import { GitHub } from "./github";

/** Registers `plue ci may-deploy`. */
export function registerMayDeploy(ci: Command): void {
  const command = ci
    .command("may-deploy")
    .description("the stack that a push to a branch staging/<name> deploys, or why it does not")
    .requiredOption("--ref <ref>", "refs/heads/staging/alice")
    .requiredOption("--actor <login>", "GitHub login of who pushed")
    .requiredOption("--actor-id <number>", "number of that account");
  examples(command, {
    'npx plue ci may-deploy --ref "$GITHUB_REF" --actor "$GITHUB_ACTOR" --actor-id "$GITHUB_ACTOR_ID" >> "$GITHUB_OUTPUT"':
      "",
  });
  remark(
    command,
    "Asks GitHub (GITHUB_TOKEN) whether anybody else may push there: what they push, she deploys.",
  );
  command.action(async (given: { ref: string; actor: string; actorId: string }) => {
    const [ref, login, id] = [cleanLine(given.ref), cleanLine(given.actor), cleanLine(given.actorId)];
    const pusher = mayDeploy(ref, { login, id }, readRegistry().registry);
    const open = await openings(pusher, await GitHub.connect());
    if (open.length > 0)
      throw new CliError(
        `${ref} is not deployed: ${open.join("; ")}. An administrator of the repository makes the rule: ${makeRule(pusher)}`,
        EXIT.refused,
      );
    process.stdout.write(`stack=${namesOf(pusher.name).stack}\n`);
  });
}

const BRANCH = /^refs\/heads\/staging\/(.+)$/;

/** A GitHub account: its login, for people, and its number. */
export interface Actor {
  readonly login: string;
  readonly id: string;
}

/**
 * Engineer whose environment a push to a branch deploys.
 *
 * This tells an honest mistake early and in words. It cannot stop somebody who changes it in her own branch: Google does,
 * as it takes a token for the deployer for a push to this branch, by this account, alone.
 *
 * @param ref `refs/heads/staging/alice`
 * @param actor GitHub account of who pushed
 * @throws {CliError} when nobody's is deployed from there, or not by this person
 */
export function mayDeploy(ref: string, actor: Actor, { engineers }: Registry): Pusher {
  const refuse = (why: string): never => {
    throw new CliError(`${ref} is not deployed: ${why}`, EXIT.refused);
  };
  const name = BRANCH.exec(ref)?.[1] ?? refuse("only branches staging/<name> are");
  const engineer =
    engineers.find((entry) => entry.name === name) ??
    refuse(`${unknown(name, engineers)}: npx plue engineers add`);
  if (engineer.state !== "active") refuse(`${name} is ${engineer.state} in engineers.json`);
  const [
    pusher = refuse(`engineers.json gives ${name} no GitHub login: add "github" and "githubId" to her entry`),
  ] = pushersOf([engineer]);
  if (pusher.githubId !== actor.id)
    refuse(
      `${actor.login} (${actor.id}) pushed, and ${name}'s account in engineers.json is ${pusher.github} (${pusher.githubId})`,
    );
  return pusher;
}

function unknown(name: string, engineers: readonly Engineer[]): string {
  const meant = nearest(
    name,
    engineers.map((entry) => entry.name),
  );
  return `engineers.json has no ${name}${meant ? ` (but ${meant})` : ""}`;
}
