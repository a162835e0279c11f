import type { Command } from "commander";
import type { Engineer } from "../../lib/environments/registry";
import { CliError, EXIT } from "../command-line/errors";
import { examples, tell } from "../command-line/output";
import { find, readRegistry } from "../engineers/registry";
import { type BranchRule, GitHub, type Ruleset } from "./github";

/** Registers `plue ci branch-rules`. */
export function registerBranchRules(ci: Command): void {
  const command = ci
    .command("branch-rules")
    .description("whether each engineer alone may push to her branch staging/<name>, as GitHub has it")
    .option("--print <name>", "print the ruleset that says so, for gh api, and ask nothing of GitHub");
  examples(command, {
    "npx plue ci branch-rules": "",
    "npx plue ci branch-rules --print alice | gh api -X POST repos/plue/infrastructure/rulesets --input -":
      "",
  });
  command.action(async ({ print }: { print?: string }) => {
    const file = readRegistry();
    if (print !== undefined) {
      const [pusher] = pushersOf([find(file, print)]);
      if (!pusher)
        throw new CliError(
          `no push deploys ${print}: her entry is active and has a GitHub login where one does`,
          EXIT.usage,
        );
      process.stdout.write(`${JSON.stringify(rulesetOf(pusher), null, 2)}\n`);
      return;
    }
    const github = await GitHub.connect();
    const pushers = pushersOf(file.registry.engineers);
    const found = await Promise.all(pushers.map((pusher) => openings(pusher, github)));
    for (const line of found.flat()) tell(line);
    const open = pushers.filter((_, index) => (found[index] as string[]).length > 0);
    if (open.length > 0)
      throw new CliError(
        `an administrator of the repository makes the rule: ${makeRule(open[0] as Pusher)}`,
        EXIT.refused,
      );
    tell(pushers.length > 0 ? "Each branch is its engineer's alone." : "No push deploys anything.");
  });
}

/** The command by which an administrator of the repository makes the rule. */
export function makeRule({ name }: Pick<Pusher, "name">): string {
  return `npx plue ci branch-rules --print ${name} | gh api -X POST repos/{owner}/{repo}/rulesets --input -`;
}

/** What may not happen to an engineer's branch but by her. */
const RULES = ["creation", "update", "deletion"] as const;
/** Those by which somebody else's commits would get onto it. */
const NEEDED: readonly (typeof RULES)[number][] = ["creation", "update"];

/** An engineer whose pushes deploy. */
export type Pusher = Engineer & Required<Pick<Engineer, "github" | "githubId">>;

/** The engineers whose pushes deploy. */
export function pushersOf(engineers: readonly Engineer[]): Pusher[] {
  return engineers.filter(
    (engineer): engineer is Pusher =>
      engineer.state === "active" && engineer.github !== undefined && engineer.githubId !== undefined,
  );
}

/** Branch of an engineer, whose pushes to it deploy her stack. */
export function branchOf({ name }: Pick<Engineer, "name">): string {
  return `staging/${name}`;
}

/**
 * GitHub ruleset by which nobody but the engineer pushes to her branch: as `POST /repos/{owner}/{repo}/rulesets` takes it.
 *
 * Google gives her deployer to her pushes alone; but what she pushes holds what others pushed before her.
 *
 * @see https://docs.github.com/en/rest/repos/rules#create-a-repository-ruleset
 */
export function rulesetOf(engineer: Pusher) {
  const branch = branchOf(engineer);
  return {
    name: `${branch}: ${engineer.github} alone`,
    target: "branch",
    enforcement: "active",
    conditions: { ref_name: { include: [`refs/heads/${branch}`], exclude: [] } },
    rules: RULES.map((type) => ({ type })),
    bypass_actors: [{ actor_id: Number(engineer.githubId), actor_type: "User", bypass_mode: "always" }],
  } as const;
}

/** Who else may push to an engineer's branch, as GitHub has it: a line each, none where nobody may. */
export async function openings(engineer: Pusher, github: GitHub): Promise<string[]> {
  const branch = branchOf(engineer);
  const rules = await github.branchRules(branch);
  const ids = [...new Set(rules.map(({ ruleset_id }) => ruleset_id))];
  const rulesets = new Map<number, Ruleset>();
  for (const id of ids) rulesets.set(id, await github.ruleset(id));
  return NEEDED.flatMap((type) => openingOf(engineer, rules, rulesets, type));
}

function openingOf(
  engineer: Pusher,
  rules: readonly BranchRule[],
  rulesets: ReadonlyMap<number, Ruleset>,
  type: (typeof NEEDED)[number],
): string[] {
  const holding = rules.filter((rule) => rule.type === type);
  const what = `${branchOf(engineer)} may be ${type === "creation" ? "made" : "pushed to"} by`;
  if (holding.length === 0)
    return [`${what} everybody who may write to the repository: no rule restricts that`];
  const others = holding.map(({ ruleset_id }) => bypassedBy(rulesets.get(ruleset_id), engineer));
  // One rule that lets nobody else by is enough.
  if (others.some((list) => list.length === 0)) return [];
  return [`${what} others than ${engineer.github} too: ${[...new Set(others.flat())].join(", ")}`];
}

/** Whom a ruleset lets by besides her. GitHub says who that is to administrators of the repository alone. */
function bypassedBy(ruleset: Ruleset | undefined, { githubId }: Pusher): string[] {
  return (ruleset?.bypass_actors ?? []).flatMap(({ actor_type, actor_id }) =>
    actor_type === "User" && String(actor_id) === githubId ? [] : [`${actor_type} ${actor_id ?? ""}`.trim()],
  );
}
