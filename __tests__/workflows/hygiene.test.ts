import { synthesizeProgram } from "../support/program";
import { evaluate, type Job, job, jobs, steps, stepsOf, texts, workflows } from "../support/workflows";

const text = [...texts.values()].join("\n");
const runs = (where: string) => (jobs.get(where)?.steps ?? []).map(({ run = "" }) => run).join("\n");

test("every action is pinned by the hash of a commit, with the version beside it, and by one only", () => {
  const uses = [...text.matchAll(/uses: (\S+)(.*)/g)].filter(([, action]) => !action?.startsWith("./"));
  expect(uses.length).toBeGreaterThan(20);
  const versions = new Map<string, string>();
  for (const [line, action = "", comment = ""] of uses.filter(([line]) => !line.includes("<commit>"))) {
    const [name = "", hash] = action.split("@");
    expect([line, hash]).toEqual([line, expect.stringMatching(/^[0-9a-f]{40}$/)]);
    expect([line, comment]).toEqual([line, expect.stringMatching(/^ # v\d+\.\d+\.\d+$/)]);
    const owner = name.replace(/\/(restore|save)$/, "");
    expect([line, versions.get(owner) ?? action.split("@")[1]]).toEqual([line, hash]);
    versions.set(owner, hash ?? "");
  }
});

test("a workflow has no rights, and each of its jobs the ones that it needs", () => {
  for (const { permissions } of workflows.values()) expect(permissions).toEqual({});
  const writes = [...jobs].flatMap(([name, { permissions = {} }]) =>
    Object.entries(permissions)
      .filter(([scope, right]) => right !== "read" || scope !== "contents")
      .map(([scope, right]) => `${name} ${scope}: ${right}`),
  );
  expect(writes.sort()).toEqual(
    [
      "build/build id-token: write",
      "copy-that/plan id-token: write",
      "copy-that/production id-token: write",
      "copy-that/propose contents: write",
      "copy-that/propose pull-requests: write",
      "copy-that/release contents: write",
      "copy-that/staging id-token: write",
      "deploy-staging/deploy id-token: write",
      "deploy/plan id-token: write",
      "deploy/production id-token: write",
      "deploy/production-app id-token: write",
      "deploy/staging id-token: write",
      "deploy/staging-base id-token: write",
      "drift/issues issues: write",
      "drift/log id-token: write",
      "drift/plan id-token: write",
      "octollm/dev id-token: write",
      "octollm/plan id-token: write",
      "octollm/prod id-token: write",
      "octollm/staging id-token: write",
      "pull-request/policy actions: read",
      "orchestra/plan id-token: write",
      "orchestra/production id-token: write",
      "pull-request/comment pull-requests: write",
      "pull-request/plan id-token: write",
      "pull-request/policy security-events: write",
      "review/comment actions: read",
      "review/comment pull-requests: write",
      "rollback/production-app id-token: write",
      "sweep/leftovers id-token: write",
      "sweep/leftovers issues: write",
      "system/apply id-token: write",
      "system/plan id-token: write",
    ].sort(),
  );
  for (const [name, { permissions }] of jobs) expect([name, permissions]).toEqual([name, expect.anything()]);
});

describe("a job that may ask for an identity", () => {
  const withIdentity = [...jobs].filter(
    ([name, { permissions = {}, uses }]) =>
      // What calls another workflow has no steps: that one's jobs are among these.
      permissions["id-token"] === "write" && name !== "build/build" && !uses,
  );
  const PACKAGES = /\b(npm|npx|node|yarn|pnpm|bun|bunx|pip|pipx|go|curl|wget)\b/;

  test("runs no package of npm's: what it works with was made by jobs without one", () => {
    expect(withIdentity.length).toBeGreaterThan(8);
    for (const [name, { steps = [], needs }] of withIdentity) {
      const local = steps.flatMap(({ uses = "" }) => (uses.startsWith("./") ? [uses] : []));
      expect([name, local]).toEqual([name, ["./.github/actions/identity"]]);
      expect([name, [needs].flat()]).toEqual([name, expect.arrayContaining(["program"])]);
      for (const { run = "" } of steps)
        expect([name, run]).toEqual([name, expect.not.stringMatching(PACKAGES)]);
    }
    for (const { run = "" } of stepsOf("identity")) expect(run).not.toMatch(PACKAGES);
  });

  test("has the command line as it left the job that runs no package's code", () => {
    for (const [name, { steps = [] }] of withIdentity)
      for (const { uses, with: given } of steps)
        if (uses === "./.github/actions/identity")
          expect([name, given?.["tools"]]).toEqual([name, "${{ needs.program.outputs.tools }}"]);
    const runs = stepsOf("identity").map(({ run = "" }) => run);
    const checked = runs.findIndex((run) =>
      run.startsWith('echo "$SHA256  $RUNNER_TEMP/tools/plue" | sha256sum --check --strict\n'),
    );
    expect(checked).toBeGreaterThan(-1);
    expect(runs.findIndex((run) => run.startsWith("plue "))).toBeGreaterThan(checked);
    const making = (job("program/tools").steps ?? []).map(({ run, uses }) => run ?? uses?.split("@")[0]);
    expect(making).toEqual([
      "actions/checkout",
      "./.github/actions/prepare",
      expect.stringMatching(/^npm run bundle -- plue\n/),
      "actions/upload-artifact",
    ]);
  });

  test("is the only kind that gets one: jobs with packages may read the repository, or answer in it", () => {
    const preparing = [...jobs].filter(([, { steps = [] }]) =>
      steps.some(({ uses }) => uses === "./.github/actions/prepare"),
    );
    expect(preparing.length).toBeGreaterThan(6);
    for (const [name, { permissions }] of preparing)
      expect([name, permissions]).toEqual([name, expect.not.objectContaining({ "id-token": "write" })]);
  });

  test("sees Cloudflare's token only where its stack has Cloudflare's provider", () => {
    const stacks = [...synthesizeProgram()].map(([stack, { json }]) => ({
      stack,
      has: "cloudflare" in (json["provider"] as object),
    }));
    const of = (run: string, matrix?: { stack: string }) =>
      matrix ? [matrix.stack] : [...run.matchAll(/ci (?:plan|apply) (\S+)/g)].map(([, stack]) => stack);
    for (const [name, { steps = [] }] of withIdentity)
      for (const { run = "", env = {} } of steps) {
        const token = env["CLOUDFLARE_API_TOKEN"];
        if (token === "${{ secrets.CLOUDFLARE_API_TOKEN }}")
          for (const stack of of(run))
            expect([name, stacks]).toEqual([name, expect.arrayContaining([{ stack, has: true }])]);
        else if (token !== undefined)
          for (const { stack, has } of stacks) {
            const context = {
              matrix: { stack },
              secrets: { CLOUDFLARE_API_TOKEN: "x" },
              contains: (list: string[], one: string) => list.includes(one),
              fromJSON: JSON.parse,
            };
            expect([name, stack, evaluate(token, context)]).toEqual([name, stack, has]);
          }
      }
  });
});

test("no workflow runs for events by which strangers get the rights of main, but the one that comments", () => {
  const events = new Set(
    [...workflows].flatMap(([name, { on }]) => (name === "review" ? [] : Object.keys(on))),
  );
  expect([...events].sort()).toEqual([
    "pull_request",
    "push",
    "schedule",
    "workflow_call",
    "workflow_dispatch",
  ]);
});

describe("the workflow after a fork's run", () => {
  test("is for that event alone, and one job of it", () => {
    expect(workflows.get("review")?.on).toEqual({
      workflow_run: { workflows: ["Pull request"], types: ["completed"] },
    });
    expect([...jobs.keys()].filter((name) => name.startsWith("review/"))).toEqual(["review/comment"]);
  });

  test("may write a comment, and has neither an identity nor a secret", () => {
    const { permissions, environment } = job("review/comment");
    expect(permissions).toEqual({ actions: "read", contents: "read", "pull-requests": "write" });
    expect(environment).toBeUndefined();
    expect(texts.get(".github/workflows/review.yml")).not.toMatch(/\bsecrets\b/);
  });

  test("runs main's code, and takes a file of the fork's run to where no code is", () => {
    const { steps = [] } = job("review/comment");
    const [checkout, , artifact, comment] = steps;
    expect(steps).toHaveLength(4);
    expect(checkout?.with).toEqual({ "persist-credentials": false });
    expect(artifact?.with).toMatchObject({ pattern: "review", path: "${{ runner.temp }}/review" });
    expect(comment?.run).toBe(
      'npx plue ci comment --review "$RUNNER_TEMP/review/review.json" --head "$HEAD" --commit "$COMMIT"',
    );
  });
});

test("no key of a cloud is stored, and the two secrets that there are reach single steps", () => {
  expect(text).not.toMatch(/credentials_json|service_account_key|secrets: inherit/);
  const secrets = new Set([...text.matchAll(/secrets\.([\w-]+)/g)].map(([, name]) => name));
  expect([...secrets].sort()).toEqual(["APPLICATION_READ_KEY", "CLOUDFLARE_API_TOKEN", "application-key"]);
  for (const { env } of [...workflows.values(), ...jobs.values()]) expect(env).toBeUndefined();
});

test("what comes from outside reaches a shell as a variable, never as its text", () => {
  for (const [where, { run = "" }] of steps)
    expect([where, run]).toEqual([where, expect.not.stringContaining("${{")]);
});

test("a step's shell is short: what is more is a command with tests", () => {
  for (const [where, { run = "" }] of steps)
    expect([where, run.trim().split("\n").length <= 8]).toEqual([where, true]);
});

test("no checkout leaves its token behind", () => {
  const checkouts = steps.filter(([, { uses = "" }]) => uses.startsWith("actions/checkout@"));
  expect(checkouts.length).toBeGreaterThan(10);
  for (const [where, step] of checkouts)
    expect([where, step.with]).toMatchObject([where, { "persist-credentials": false }]);
});

test("every job ends some time", () => {
  for (const [name, { uses, "timeout-minutes": minutes }] of jobs)
    if (!uses) expect([name, minutes]).toEqual([name, expect.any(Number)]);
});

test("one stack has one apply at a time, and none is ever cancelled", () => {
  const applying = [...jobs].filter(([name]) => /plue ci apply/.test(runs(name)));
  expect(applying.map(([name, { concurrency }]) => [name, concurrency?.group])).toEqual([
    ["deploy-staging/deploy", "deploy-${{ needs.whose.outputs.stack }}"],
    ["deploy/staging-base", "deploy-staging-base"],
    ["deploy/staging", "deploy-${{ matrix.stack }}"],
    ["deploy/production", "deploy-production"],
    ["deploy/production-app", "deploy-production-app"],
    ["rollback/production-app", "deploy-production-app"],
    ["system/apply", "deploy-${{ inputs.folder }}-${{ inputs.environment }}"],
  ]);
  for (const [, { concurrency }] of applying) expect(concurrency?.["cancel-in-progress"]).toBe(false);
  for (const name of ["copy-that", "deploy", "deploy-staging", "octollm", "rollback", "system"])
    expect(workflows.get(name)?.concurrency).toBeUndefined();
});

test("production is applied in its environment alone, whose reviewers let it go on", () => {
  for (const name of ["deploy/production", "deploy/production-app", "rollback/production-app"]) {
    const { environment } = job(name);
    expect(typeof environment === "object" ? environment.name : environment).toBe("production");
  }
  for (const [name, { steps = [] }] of jobs)
    if (!/production/.test(name))
      for (const step of steps)
        expect([
          name,
          step.with?.["for"] === "apply" && /^production/.test(String(step.with["stack"])),
        ]).toEqual([name, false]);
});

test("one job alone reports drift as who may, and does nothing else with it", () => {
  const named = ({ environment }: Job) => (typeof environment === "object" ? environment.name : environment);
  const reporting = [...jobs].filter(
    ([, job]) => named(job) === "drift" || job.steps?.some((step) => step.with?.["for"] === "report"),
  );
  expect(reporting.map(([name, job]) => [name, named(job), job.permissions])).toEqual([
    ["drift/log", "drift", { contents: "read", "id-token": "write" }],
  ]);
  expect((job("drift/log").steps ?? []).map(({ uses, run }) => run ?? uses?.split("@")[0])).toEqual([
    "actions/checkout",
    "./.github/actions/identity",
    "actions/download-artifact",
    'plue ci drift-log --plans plans --matrix "$MATRIX"',
  ]);
  const installed = stepsOf("identity").filter(({ uses = "" }) => /setup-(terraform|gcloud)@/.test(uses));
  expect(installed.map((step) => step.if)).toEqual(["inputs.for != 'report'", "inputs.for != 'report'"]);
});

test("what writes to the repository runs no package", () => {
  const writing = [...jobs].filter(([, { permissions = {} }]) => permissions["contents"] === "write");
  expect(writing.map(([name]) => name)).toEqual(["copy-that/propose", "copy-that/release"]);
  for (const [name, { steps = [] }] of writing)
    expect([name, steps.filter(({ uses = "" }) => uses.startsWith("./"))]).toEqual([name, []]);
  for (const [name] of writing)
    expect([name, runs(name)]).toEqual([name, expect.not.stringMatching(/\b(npm|npx|node)\b/)]);
});

test("the job that writes to a pull request runs no code of the pull request", () => {
  const [checkout] = job("pull-request/comment").steps ?? [];
  expect(checkout?.with?.["ref"]).toBe("${{ github.event.pull_request.base.sha }}");
});

test("the application's tests run without an identity", () => {
  expect(job("end-to-end/test").permissions).toEqual({ contents: "read" });
  for (const name of ["deploy/end-to-end", "deploy-staging/end-to-end"])
    expect(job(name).permissions).toEqual({ contents: "read" });
});
