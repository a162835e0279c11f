import { evaluate, job, jobs } from "../support/workflows";

const REPOSITORY = "plue/infrastructure";
const pullRequest = (head: string, type = "User") => ({
  repository: REPOSITORY,
  event: { pull_request: { head: { repo: { full_name: head } }, user: { type } } },
});
const MATRIX = '{"include":[{"stack":"production"}]}';

describe("a pull request", () => {
  const runs = (name: string, github: object, matrix = MATRIX) =>
    evaluate(job(`pull-request/${name}`).if, {
      github,
      needs: { changed: { result: "success", outputs: { matrix } } },
      cancelled: () => false,
    });

  test.each(["plan", "comment"])("%s: of this repository's branches only, and not of a bot's", (name) => {
    expect(runs(name, pullRequest(REPOSITORY))).toBe(true);
    expect(runs(name, pullRequest("stranger/infrastructure"))).toBe(false);
    expect(runs(name, pullRequest(REPOSITORY, "Bot"))).toBe(false);
  });

  test("nothing to plan starts no empty matrix, and still has its comment", () => {
    expect(runs("plan", pullRequest(REPOSITORY), '{"include":[]}')).toBe(false);
    expect(runs("comment", pullRequest(REPOSITORY), '{"include":[]}')).toBe(true);
  });

  test.each(["check", "policy", "secrets", "changed", "program"])("%s: of everybody", (name) => {
    expect(job(`pull-request/${name}`).if).toBeUndefined();
  });
});

test.each([
  ["a fork's pull request", "pull_request", "stranger/infrastructure", true],
  ["a branch of this repository", "pull_request", REPOSITORY, false],
  ["a push", "push", "stranger/infrastructure", false],
])("the comment after a run, of %s", (_, event, head, expected) => {
  const github = {
    repository: REPOSITORY,
    event: { workflow_run: { event, head_repository: { full_name: head } } },
  };
  expect(evaluate(job("review/comment").if, { github })).toBe(expected);
});

test("a failed search for changed stacks leaves no required check green", () => {
  const github = pullRequest(REPOSITORY);
  const needs = { changed: { result: "failure", outputs: { matrix: "" } } };
  expect(evaluate(job("pull-request/comment").if, { github, needs, cancelled: () => false })).toBe(true);
});

test("a job after one that runs although jobs before it were skipped says that it does, too", () => {
  const says = (name: string) => /(failure|cancelled|always)\(\)/.test(job(name).if ?? "");
  const before = (name: string): string[] => {
    const [workflow] = name.split("/");
    const direct = [job(name).needs ?? []].flat().map((needed) => `${workflow}/${needed}`);
    return [...direct, ...direct.flatMap(before)];
  };
  const after = [...jobs.keys()].filter((name) => before(name).some(says));
  expect(after).toContain("deploy/end-to-end");
  for (const name of after) expect([name, says(name)]).toEqual([name, true]);
});

test.each([
  ["production's app is deployed, and production had no change", "success", "plue/plue", true],
  ["the application's repository is not known", "success", "", false],
  ["there was nothing to deploy", "skipped", "", false],
])("the application's tests: %s", (_, result, application, expected) => {
  const needs = { "production-app": { result, outputs: { application } } };
  const context = { needs, failure: () => false, cancelled: () => false };
  expect(evaluate(job("deploy/end-to-end").if, context)).toBe(expected);
});

test.each([
  ["every stack was planned", "success", "success", "success", false, true],
  ["a stack could not be planned", "success", "success", "failure", false, true],
  ["there is no command line to plan with", "success", "failure", "skipped", false, false],
  ["another branch", "skipped", "skipped", "skipped", false, false],
  ["the run was cancelled", "success", "success", "cancelled", true, false],
])("drift goes into its log: %s", (_, stacks, program, plan, cancelled, expected) => {
  const needs = { stacks: { result: stacks }, program: { result: program }, plan: { result: plan } };
  expect(evaluate(job("drift/log").if, { needs, cancelled: () => cancelled })).toBe(expected);
  expect(job("drift/log").needs).toEqual(Object.keys(needs));
});

describe("a deployment", () => {
  interface Given {
    readonly ref?: string;
    readonly failed?: boolean;
    readonly production?: string;
    readonly planned?: readonly [production: string, app: string];
  }
  const runs = (name: string, { ref = "refs/heads/main", failed = false, ...given }: Given) => {
    const [production, app] = given.planned ?? ["changed", "changed"];
    return evaluate(job(name).if, {
      github: { ref },
      inputs: { skip_staging: false },
      needs: {
        plan: { outputs: { production, app } },
        production: { result: given.production ?? "success" },
      },
      failure: () => failed,
      cancelled: () => false,
    });
  };

  test.each<[string, Given, boolean, boolean]>([
    ["everything changed", {}, true, true],
    ["nothing changed", { planned: ["unchanged", "unchanged"], production: "skipped" }, false, false],
    ["an image is new", { planned: ["unchanged", "changed"], production: "skipped" }, false, true],
    [
      "production changed, which its app may see only then",
      { planned: ["changed", "unchanged"] },
      true,
      true,
    ],
    ["production's app cannot be planned yet", { planned: ["changed", "failed"] }, true, true],
    ["production cannot be planned", { planned: ["failed", "unchanged"] }, true, true],
    ["staging or production failed", { failed: true }, false, false],
    ["another branch", { ref: "refs/heads/staging/alice" }, false, false],
  ])("%s", (_, given, production, app) => {
    expect([runs("deploy/production", given), runs("deploy/production-app", given)]).toEqual([
      production,
      app,
    ]);
  });

  test.each([
    "deploy/program",
    "deploy/staging-base",
    "deploy/plan",
    "rollback/program",
    "rollback/production-app",
    "drift/stacks",
    "drift/program",
    "drift/lock",
    "sweep/program",
    "sweep/leftovers",
  ])("%s is for main alone", (name) => {
    expect(runs(name, {})).toBe(true);
    expect(runs(name, { ref: "refs/heads/topic" })).toBe(false);
  });

  test("production waits for staging, and its app for production", () => {
    expect(job("deploy/production").needs).toEqual(["program", "plan", "staging"]);
    expect(job("deploy/production-app").needs).toEqual(["program", "plan", "staging", "production"]);
  });

  test.each(["staging-base", "staging", "production", "production-app"])(
    "%s refuses a commit that main has left behind, before it applies",
    (name) => {
      const commands = (job(`deploy/${name}`).steps ?? []).map(({ run = "" }) => run);
      const newest = commands.indexOf('plue ci newest --commit "$GITHUB_SHA"');
      expect(newest).toBeGreaterThan(0);
      expect(commands.findIndex((run) => run.includes("plue ci apply"))).toBeGreaterThan(newest);
    },
  );

  const undo = () =>
    (job("deploy/production-app").steps ?? []).find(({ name }) => name === "Go back to the release before");
  test.each([
    ["the smoke test failed", "failure", true, true],
    ["the apply failed, which rolled its release back itself", "skipped", true, false],
    ["all is well", "success", false, false],
  ])("%s: going back is %s", (_, smoke, failed, expected) => {
    const context = { steps: { smoke: { outcome: smoke } }, failure: () => failed };
    expect(evaluate(undo()?.if, context)).toBe(expected);
  });

  test("going back applies what ran before the deployment, and asks whether that is healthy", () => {
    const runs = (job("deploy/production-app").steps ?? []).map(({ run = "" }) => run.trim().split("\n"));
    const order = runs.flat().filter((line) => /^plue /.test(line));
    expect(order).toEqual([
      'plue ci newest --commit "$GITHUB_SHA"',
      "plue ci images production-app > previous.json",
      'plue ci apply production-app --summary "$GITHUB_STEP_SUMMARY"',
      'plue ci smoke "$URL"',
      'plue ci apply production-app --images previous.json --summary "$GITHUB_STEP_SUMMARY"',
      'plue ci smoke "$URL"',
    ]);
  });
});

describe("a system", () => {
  test.each([
    ["without an environment it is planned", "", true, false],
    ["with one it is applied", "staging", false, true],
  ])("%s", (_, environment, planned, applied) => {
    const context = { inputs: { environment, verify: "x" }, failure: () => false, cancelled: () => false };
    const runs = (name: string) => evaluate(job(`system/${name}`).if, context);
    expect([runs("plan"), runs("policy"), runs("apply"), runs("back")]).toEqual([
      planned,
      planned,
      applied,
      applied,
    ]);
  });

  test("refuses a commit that its branch has left behind, before it applies", () => {
    const commands = (job("system/apply").steps ?? []).map(({ run = "" }) => run);
    const newest = commands.indexOf('plue ci newest --commit "$GITHUB_SHA" --branch "$GITHUB_REF_NAME"');
    expect(newest).toBeGreaterThan(0);
    expect(commands.findIndex((run) => run.includes("plue ci apply"))).toBeGreaterThan(newest);
  });

  test.each([
    ["what was applied does not answer", "failure", true, true],
    ["the apply failed, which changed no traffic", "skipped", true, false],
    ["all is well", "success", false, false],
  ])("goes back: %s", (_, outcome, failed, expected) => {
    const back = (job("system/apply").steps ?? []).find(({ id }) => id === "back");
    const context = { steps: { verify: { outcome } }, failure: () => failed };
    expect(evaluate(back?.if, context)).toBe(expected);
  });
});

describe("Copy-That", () => {
  const runs = (name: string, github: object, outputs: object = {}) =>
    evaluate(job(`copy-that/${name}`).if, {
      github: { repository: REPOSITORY, ...github },
      needs: { staging: { outputs }, production: { outputs: {} }, edit: { result: "success" } },
      cancelled: () => false,
    });
  const push = (branch: string) => ({ event_name: "push", ref: `refs/heads/${branch}`, ref_type: "branch" });

  test("develop is staging's, and main production's", () => {
    const where = (branch: string) =>
      ["staging", "production"].filter((name) => runs(name, push(branch)) === true);
    expect([where("develop"), where("main"), where("topic")]).toEqual([["staging"], ["production"], []]);
  });

  test("plans branches of this repository alone, and not a bot's", () => {
    const plans = (head: string, type?: string) =>
      runs("plan", { event_name: "pull_request", ...pullRequest(head, type) });
    expect(plans(REPOSITORY)).toBe(true);
    expect(plans("stranger/infrastructure")).toBe(false);
    expect(plans(REPOSITORY, "Bot")).toBe(false);
    expect(runs("plan", push("main"))).toBe(false);
  });

  test("opens a pull request by hand, and after it went back", () => {
    expect(runs("edit", { event_name: "workflow_dispatch" })).toBe(true);
    expect(runs("edit", push("develop"), { went_back: "true" })).toBe(true);
    expect(runs("edit", push("develop"), { went_back: "false" })).toBe(false);
  });

  test("a tag is a release", () => {
    expect(runs("release", { event_name: "push", ref_type: "tag" })).toBe(true);
    expect(runs("release", push("main"))).toBe(false);
  });
});
