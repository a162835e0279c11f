import type { Command } from "commander";
import { code } from "../command-line/foreign-text";
import { examples, tell } from "../command-line/output";
import { readProject } from "../command-line/project";
import { describeLock } from "../state/state-bucket";
import { readStatus, type Status } from "../status/read";
import { GitHub } from "./github";

const KEY = "sweep";
const DAY = 24 * 60 * 60 * 1000;

/** Registers `plue ci sweep`. */
export function registerSweep(ci: Command): void {
  const command = ci
    .command("sweep")
    .description(
      "an issue with what offboarding left behind, orphans and old locks; closes it when there is nothing",
    )
    .option("--dry-run", "print it, and ask nothing of GitHub");
  examples(command, { "npx plue ci sweep --dry-run": "" });
  command.action(async ({ dryRun }: { dryRun?: boolean }) => {
    const found = leftovers(await readStatus(readProject()), new Date());
    for (const line of found) tell(line);
    if (found.length === 0) tell("Nothing is left behind.");
    if (dryRun) return;
    const github = await GitHub.connect();
    const title = "Staging has leftovers";
    const body = found.length > 0 ? found.map((line) => `- ${line}`).join("\n") : undefined;
    const changes = await github.syncIssues([{ key: KEY, label: KEY, title, body }]);
    tell(`Issue ${changes.get(KEY)}.`);
  });
}

/** Resources that nobody needs any more, a line each with how to remove them. */
function leftovers({ environments, orphans, partial, foreign }: Status, now: Date): string[] {
  const all = [...environments.map(({ stored }) => stored), ...orphans];
  return [
    ...environments
      .filter(({ owner, condition }) => owner?.engineer.state === "offboarding" && condition === "deployed")
      .map(
        ({ stack, stored }) =>
          `\`${stack}\` is offboarding and holds ${stored.state?.resources.length} resources: the platform team runs \`npx cdktf destroy ${stack}\`, which acts as its deployer`,
      ),
    ...environments
      .filter(
        ({ owner, condition }) =>
          owner?.engineer.state === "offboarding" && ["empty", "missing"].includes(condition),
      )
      .map(
        ({ stack, owner }) =>
          `\`${stack}\` is offboarding and holds nothing any more: \`npx plue engineers remove ${owner?.engineer.name}\``,
      ),
    ...[...foreign].map(
      ([stack, providers]) =>
        `the state of \`${stack}\` names ${providers.map((provider) => code(provider)).join(" and ")}, which Terraform would install and start as whoever runs it there: start none, and see \`docs/runbooks/foreign-provider.md\``,
    ),
    ...orphans.map(
      ({ stack, state }) =>
        `\`${stack}\` holds ${state?.resources.length ?? "nobody knows how many"} resources, and nothing declares it: put its entry back into engineers.json as offboarding, and destroy it`,
    ),
    ...all.flatMap(({ stack, lock }) =>
      lock && now.getTime() - lock.since.getTime() > DAY
        ? [
            `\`${stack}\` is locked ${describeLock({ ...lock, ...(lock.who && { who: code(lock.who) }) }, now)}: ask the holder, then \`terraform force-unlock ${lock.id}\``,
          ]
        : [],
    ),
    ...all.flatMap(({ error }) => (error && error.fault !== "forbidden" ? [code(error.message, 1000)] : [])),
    ...(partial ? ["The bucket could not be listed as a whole: there may be orphans that nobody sees."] : []),
  ];
}
