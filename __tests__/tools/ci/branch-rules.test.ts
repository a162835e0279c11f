import { CiFolder } from "../../support/ci-folder";
import { FakeGithub } from "../../support/fake-github";

let github: FakeGithub;
let folder: CiFolder;
beforeEach(async () => {
  github = await FakeGithub.start();
  folder = new CiFolder(undefined, [
    { name: "alice", email: "alice@plue.dev", github: "Alice-P", githubId: "1001" },
    { name: "bob", email: "bob@plue.dev" },
    { name: "carol", email: "carol@plue.dev", github: "carol", githubId: "1003", state: "offboarding" },
  ]);
});
afterEach(async () => {
  folder.remove();
  await github.stop();
});

const ALICE = { actor_type: "User", actor_id: 1001 };
const rules = ["creation", "update", "deletion"];
const alices = (bypass: FakeGithub["rulesets"][number]["bypass"] = [ALICE], of: readonly string[] = rules) =>
  github.rulesets.push({ branch: "staging/alice", rules: of, bypass });
const check = () => folder.ci(["branch-rules"], github.environment);
const mayDeploy = () =>
  folder.ci(
    ["may-deploy", "--ref", "refs/heads/staging/alice", "--actor", "Alice-P", "--actor-id", "1001"],
    github.environment,
  );

test("a branch that its engineer alone may push to is deployed", async () => {
  alices();
  expect(await check()).toMatchObject({ status: 0, stderr: "Each branch is its engineer's alone.\n" });
  expect(await mayDeploy()).toMatchObject({ status: 0, stdout: "stack=staging-alice\n" });
});

test("the rulesets of others' branches, and of nobody's, are not asked for", async () => {
  alices();
  await check();
  expect(github.calls.filter((call) => call.includes("rules"))).toEqual([
    "GET rules/branches/staging%2Falice",
    "GET rulesets/1",
  ]);
});

test.each<[string, () => void, string]>([
  ["no rule", () => {}, "staging/alice may be pushed to by everybody who may write to the repository"],
  [
    "a rule for another branch",
    () => github.rulesets.push({ branch: "staging/bob", rules, bypass: [] }),
    "staging/alice may be made by everybody who may write to the repository: no rule restricts that",
  ],
  [
    "a rule about force pushes alone",
    () => alices([ALICE], ["non_fast_forward", "creation"]),
    "staging/alice may be pushed to by everybody",
  ],
  [
    "a rule that lets a team by as well",
    () => alices([ALICE, { actor_type: "Team", actor_id: 7 }]),
    "staging/alice may be pushed to by others than Alice-P too: Team 7",
  ],
  [
    "a rule for another account",
    () => alices([{ actor_type: "User", actor_id: 1002 }]),
    "by others than Alice-P too: User 1002",
  ],
])("with %s it is not, and the answer says what makes the rule", async (_, prepare, message) => {
  prepare();
  for (const run of [await check(), await mayDeploy()]) {
    expect([run.status, run.stdout]).toEqual([5, ""]);
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain(
      "npx plue ci branch-rules --print alice | gh api -X POST repos/{owner}/{repo}/rulesets --input -",
    );
  }
});

test("another rule that lets others by does not loosen hers", async () => {
  github.rulesets.push({ branch: "staging/alice", rules, bypass: [{ actor_type: "Team", actor_id: 7 }] });
  alices();
  expect((await check()).status).toBe(0);
});

test("a workflow's token sees that there is a rule, though not whom it lets by", async () => {
  github.administrator = false;
  expect((await mayDeploy()).status).toBe(5);
  alices([{ actor_type: "Team", actor_id: 7 }]);
  expect((await mayDeploy()).status).toBe(0);
});
