import { job, jobs, steps, texts, workflows } from "../support/workflows";

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
      "deploy-staging/deploy id-token: write",
      "deploy/plan id-token: write",
      "deploy/production id-token: write",
      "deploy/production-app id-token: write",
      "deploy/staging id-token: write",
      "deploy/staging-base id-token: write",
      "drift/issues issues: write",
      "drift/plan id-token: write",
      "pull-request/policy actions: read",
      "pull-request/comment pull-requests: write",
      "pull-request/plan id-token: write",
      "pull-request/policy security-events: write",
      "rollback/production-app id-token: write",
      "sweep/leftovers id-token: write",
      "sweep/leftovers issues: write",
    ].sort(),
  );
  for (const [name, { permissions }] of jobs) expect([name, permissions]).toEqual([name, expect.anything()]);
});

test("no workflow runs for events by which strangers get the rights of main", () => {
  const events = new Set([...workflows.values()].flatMap(({ on }) => Object.keys(on)));
  expect([...events].sort()).toEqual([
    "pull_request",
    "push",
    "schedule",
    "workflow_call",
    "workflow_dispatch",
  ]);
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
  ]);
  for (const [, { concurrency }] of applying) expect(concurrency?.["cancel-in-progress"]).toBe(false);
  for (const name of ["deploy", "deploy-staging", "rollback"])
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

test("the job that writes to a pull request runs no code of the pull request", () => {
  const [checkout] = job("pull-request/comment").steps ?? [];
  expect(checkout?.with?.["ref"]).toBe("${{ github.event.pull_request.base.sha }}");
});

test("the application's tests run without an identity", () => {
  expect(job("end-to-end/test").permissions).toEqual({ contents: "read" });
  for (const name of ["deploy/end-to-end", "deploy-staging/end-to-end"])
    expect(job(name).permissions).toEqual({ contents: "read" });
});
