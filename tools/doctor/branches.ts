import type { Project } from "../../lib/environments/system";
import { makeRule, openings, pushersOf } from "../ci/branch-rules";
import { GitHub } from "../ci/github";
import { CliError } from "../command-line/errors";
import type { Check } from "./tools";

/**
 * Whether each engineer alone may push to her branch: what others push there, she deploys. Asks GitHub, with GITHUB_TOKEN;
 * who may get around a rule it tells administrators alone.
 *
 * @returns nothing where no push deploys anything
 */
export async function checkBranches(project: Project | Error): Promise<Check[]> {
  if (project instanceof Error) return [];
  const pushers = pushersOf(project.declared.flatMap(({ owner }) => owner?.engineer ?? []));
  const [first] = pushers;
  if (!first || project.repository === undefined) return [];
  const check = { name: "branch rules", needed: false };
  const { GITHUB_TOKEN, GITHUB_REPOSITORY = project.repository } = process.env;
  if (!GITHUB_TOKEN)
    return [
      {
        ...check,
        ok: false,
        found: "not looked at, as GITHUB_TOKEN is not set",
        mend: "export GITHUB_TOKEN=$(gh auth token)",
      },
    ];
  try {
    const github = await GitHub.connect({ ...process.env, GITHUB_REPOSITORY });
    const found = (await Promise.all(pushers.map((pusher) => openings(pusher, github)))).flat();
    if (found.length > 0)
      return [{ ...check, needed: true, ok: false, found: found.join("\n"), mend: makeRule(first) }];
    return [{ ...check, ok: true, found: "each branch staging/<name> is its engineer's alone" }];
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [{ ...check, ok: false, found: error.message, mend: "gh auth status" }];
  }
}
