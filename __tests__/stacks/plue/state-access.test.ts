import { type PlueConfig, readConfig } from "../../../stacks/plue/config";
import { type Claims, identitiesOf } from "../../support/github-tokens";
import { StateAccess } from "../../support/iam";
import { type RegistryEntry, synthesizeProgram } from "../../support/program";

const committed = readConfig("cdktf.json");
const config: PlueConfig = {
  ...committed,
  githubRepository: "plue/infrastructure",
  githubOwnerId: "42",
  applicationRepository: "plue/plue",
  staging: { ...committed.staging, projectNumber: "1" },
  production: { ...committed.production, projectNumber: "2" },
};
const separate: PlueConfig = {
  ...config,
  staging: { ...config.staging, stateBucket: "staging-state" },
};
const engineersOf = (count: number): RegistryEntry[] =>
  // Names that are parts of each other, and one who leaves.
  ["alice", "al", "al-b", "base1", "carol", "dave", "platform1", "x", "production1", "erin"]
    .slice(0, count)
    .map((name, index) => ({
      name,
      email: `${name}@plue.dev`,
      ...(index === 1 ? { state: "offboarding" } : {}),
    }));

const account = (id: string, project: string) => `serviceAccount:${id}@${project}.iam.gserviceaccount.com`;
const SHARED = {
  staging: ["staging-bootstrap", "staging-base", "staging-platform", "staging-access"],
  production: ["production-bootstrap", "production", "production-app"],
};

/** All that anybody may do with any state: what is not here is forbidden. */
function expected(engineers: readonly RegistryEntry[], { staging, production }: PlueConfig) {
  const shared = staging.stateBucket === production.stateBucket;
  const states = [...SHARED.staging, ...engineers.map(({ name }) => `staging-${name}`), ...SHARED.production];
  const stagings = (stack: string) => stack.startsWith("staging-");
  const stagingPlan = account("terraform-plan", "plue-staging");
  const productionPlan = account("terraform-plan", "plue-prod");
  const rights = (member: string, stack: string): string => {
    const owner = shared || !stagings(stack) ? "projectOwner:plue-prod" : "projectOwner:plue-staging";
    if (member === owner) return "list read write share";
    if (member === stagingPlan) return stagings(stack) ? "list read" : shared ? "list" : "";
    if (member === productionPlan) return !stagings(stack) ? "list read" : shared ? "list" : "";
    if (member === account("terraform-apply", "plue-staging")) {
      if (stack === "staging-bootstrap") return "";
      if (SHARED.staging.includes(stack)) return "list read write share";
      return stagings(stack) ? "share" : "";
    }
    if (member === account("terraform-apply", "plue-prod")) {
      return stagings(stack) || stack === "production-bootstrap" ? "" : "list read write";
    }
    const own = engineers.find(({ name }) => member === account(`tf-staging-${name}`, "plue-staging"));
    if (own && stack === `staging-${own.name}`) return "list read write";
    return own && stack === "staging-base" ? "list read" : "";
  };
  return { states, rights };
}

describe.each([
  ["one bucket for both environments", config],
  ["a bucket each", separate],
])("with %s", (_, config) => {
  test.each([2, 3, 10])(
    "and %i engineers: who may list, read, write and share which state, in whole",
    (count) => {
      const engineers = engineersOf(count);
      const stacks = synthesizeProgram({ engineers, config });
      const { states, rights } = expected(engineers, config);
      const accessTo = (stack: string) => {
        const { stateBucket } = config[stack.startsWith("staging-") ? "staging" : "production"];
        const project = stateBucket === config.production.stateBucket ? "plue-prod" : "plue-staging";
        return new StateAccess(stacks, stateBucket, project);
      };
      const access = new Map(states.map((stack) => [stack, accessTo(stack)] as const));
      const members = [...new Set([...access.values()].flatMap((each) => each.members))];
      const table = (right: (member: string, stack: string) => string) =>
        members.map((member) => [member, states.map((stack) => `${stack}: ${right(member, stack)}`)]);
      expect(table((member, stack) => access.get(stack)?.rights(member, stack) ?? "")).toEqual(table(rights));
      const named = (part: string) => members.filter((member) => member.includes(part));
      expect([named(":terraform-").length, named(":tf-staging-").length]).toEqual([4, count]);
    },
  );
});

test("with a bucket each, staging-bootstrap does not know production at all", () => {
  const { json } = synthesizeProgram({ config: separate }).get("staging-bootstrap") ?? {};
  expect(JSON.stringify(json)).not.toMatch(/plue-prod|production/);
});

describe("whom a job on GitHub may become", () => {
  const stacks = synthesizeProgram({
    config,
    engineers: [
      { name: "alice", email: "alice@plue.dev", github: "alice-gh", githubId: "1001" },
      { name: "bob", email: "bob@plue.dev" },
      { name: "carol", email: "carol@plue.dev", github: "carol-gh", githubId: "1003", state: "offboarding" },
    ],
  });
  const push: Claims = {
    repository: "plue/infrastructure",
    repository_owner_id: "42",
    event_name: "push",
    ref: "refs/heads/main",
    actor: "alice-gh",
    actor_id: "1001",
  };
  const plans = ["terraform-plan@plue-prod", "terraform-plan@plue-staging"];
  const main = ["terraform-apply@plue-staging", ...plans];
  const branch = (name: string, actor = "alice-gh", actor_id = "1001"): Partial<Claims> => ({
    ref: `refs/heads/${name}`,
    actor,
    actor_id,
  });
  const application = { repository: "plue/plue" };

  const jobs: Record<string, [Partial<Claims>, string[]]> = {
    "on main": [{}, main],
    "on main, every night": [{ event_name: "schedule" }, main],
    "on main, in the environment staging": [{ environment: "staging" }, main],
    "on main, in the environment production": [
      { environment: "production" },
      ["terraform-apply@plue-prod", ...main],
    ],
    "on main, in the environment drift": [{ environment: "drift" }, ["report-drift@plue-prod", ...main]],
    "on another branch that claims the environment drift": [{ ...branch("fix"), environment: "drift" }, []],
    "for a pull request that claims the environment drift": [
      { event_name: "pull_request", ref: "refs/pull/7/merge", environment: "drift" },
      plans,
    ],
    "by hand on main, in the environment production": [
      { event_name: "workflow_dispatch", environment: "production" },
      ["terraform-apply@plue-prod", ...main],
    ],
    "on another branch that claims the environment production": [
      { ...branch("fix"), environment: "production" },
      [],
    ],
    "on a branch called like main": [branch("main2"), []],
    "on a tag called main": [{ ref: "refs/tags/main" }, []],
    "for a pull request": [{ event_name: "pull_request", ref: "refs/pull/7/merge" }, plans],
    "for a pull request that claims the environment production": [
      { event_name: "pull_request", ref: "refs/pull/7/merge", environment: "production" },
      plans,
    ],
    "for a pull request that is merged, whose ref is main then": [{ event_name: "pull_request" }, []],
    "for a pull request that is merged into an engineer's branch, and labeled by her": [
      { ...branch("staging/alice"), event_name: "pull_request" },
      [],
    ],
    "for a fork's pull request with the rights of main": [{ event_name: "pull_request_target" }, []],
    "for a comment": [{ event_name: "issue_comment" }, []],
    "after another workflow": [{ event_name: "workflow_run" }, []],
    "on an engineer's branch, by her": [branch("staging/alice"), ["tf-staging-alice@plue-staging"]],
    "on an engineer's branch, by another": [branch("staging/alice", "mallory", "6666"), []],
    "on an engineer's branch, by whoever took over the login that she gave up": [
      branch("staging/alice", "alice-gh", "6666"),
      [],
    ],
    "on an engineer's branch, started by her, whoever pushed what it runs": [
      { ...branch("staging/alice"), event_name: "workflow_dispatch" },
      [],
    ],
    "on an engineer's branch, on a schedule": [{ ...branch("staging/alice"), event_name: "schedule" }, []],
    "on another engineer's branch": [branch("staging/bob"), []],
    "on the branch of somebody without a GitHub login": [branch("staging/bob", "bob", "1002"), []],
    "on the branch of somebody who leaves": [branch("staging/carol", "carol-gh", "1003"), []],
    "on the branch of nobody": [branch("staging/zoe"), []],
    "on the branch of a shared stack": [branch("staging/base"), []],
    "of another repository": [{ repository: "plue/other" }, []],
    "of a repository of that name whose owner is another": [{ repository_owner_id: "43" }, []],
    "of the application, on main": [application, ["push-images@plue-prod", "push-images@plue-staging"]],
    "of the application, on a branch": [{ ...application, ...branch("x") }, []],
    "of the application, on a branch, started by hand": [
      { ...application, ...branch("x"), event_name: "workflow_dispatch" },
      [],
    ],
    "of the application, on an engineer's branch, by her": [
      { ...application, ...branch("staging/alice"), environment: "production" },
      ["push-images@plue-staging"],
    ],
    "of the application, on an engineer's branch, by another": [
      { ...application, ...branch("staging/alice", "mallory", "6666") },
      [],
    ],
    "of the application, on the branch of somebody who leaves": [
      { ...application, ...branch("staging/carol", "carol-gh", "1003") },
      [],
    ],
    "of the application, for a pull request": [
      { ...application, event_name: "pull_request", ref: "refs/pull/7/merge" },
      [],
    ],
  };
  test.each(Object.entries(jobs))("%s", (_, [claims, identities]) => {
    expect(identitiesOf(stacks, { ...push, ...claims })).toEqual(identities);
  });
});
