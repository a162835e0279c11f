import type { PlanReport } from "../../../tools/ci/planned-actions";
import { BUCKET, CiFolder } from "../../support/ci-folder";
import { describeWithFakeGcs, FakeGcs } from "../../support/fake-gcs";
import { FakeGithub } from "../../support/fake-github";
import { HOSTILE, obeyed, outsideCode } from "../../support/hostile-text";

let github: FakeGithub;
let folder: CiFolder;
beforeEach(async () => {
  github = await FakeGithub.start();
  folder = new CiFolder(undefined);
});
afterEach(async () => {
  folder.remove();
  await github.stop();
});

const matrix = (...stacks: string[]) => JSON.stringify({ include: stacks.map((stack) => ({ stack })) });
const write = (
  stack: string,
  outcome: PlanReport["outcome"],
  text = "",
  actions: PlanReport["actions"] = [],
) => folder.write(`plans/${stack}.json`, JSON.stringify({ stack, outcome, text, actions }));
const run = (...args: string[]) => folder.ci(args, github.environment);

describe("comment", () => {
  const comment = (...stacks: string[]) =>
    run("comment", "--plans", "plans", "--matrix", matrix(...stacks), "--pull-request", "12");

  test("is written once, and from then on updated in place, on whatever page it is", async () => {
    github.comment(12, "<!-- plue: plans -->\nI quote this.");
    write("production", "changed", "  + resource", [{ address: "a.b", action: "create" }]);
    expect((await comment("production")).stderr).toBe("Comment created.\n");
    for (let index = 0; index < 150; index++) github.comment(12, `remark ${index}`);
    github.comments.push(...github.comments.splice(1, 1));
    write("production", "unchanged");
    const { status, stderr } = await comment("production");
    expect([status, stderr]).toEqual([0, "Comment updated.\n"]);
    const own = github.comments.filter(({ user }) => user.type === "Bot");
    expect(own.map(({ body }) => body)).toEqual([
      "<!-- plue: plans -->\n### What this changes\n\n| stack | plan |\n|---|---|\n| `production` | no change |",
    ]);
    expect(github.comments[0]?.body).toBe("<!-- plue: plans -->\nI quote this.");
  });

  test("that would be too long fits, with its summary whole, and says where the rest is", async () => {
    write("production", "changed", "  + line\n".repeat(40_000), [
      { address: "google_sql_database.main", action: "destroy", loses: "its tables" },
    ]);
    write("production-app", "unchanged");
    expect((await comment("production", "production-app")).status).toBe(0);
    const body = github.comments[0]?.body ?? "";
    expect(body.length).toBeGreaterThan(60_000);
    expect(body).toContain("- `production`: destroy `google_sql_database.main`: its tables");
    expect(body).toContain("| `production-app` | no change |");
    expect(body).toContain("[the run](https://github.com/plue/infrastructure/actions/runs/77) has the whole");
  });

  test("says which stack's job left no plan, and the step fails for it as for a plan that failed", async () => {
    write("production-app", "failed", "Error: no");
    const { status, stderr } = await comment("production", "production-app");
    expect(status).toBe(1);
    expect(stderr).toContain("production, production-app could not be planned");
    expect(github.comments[0]?.body).toContain("| `production` | **could not be planned** |");
    expect(github.comments[0]?.body).toContain("The job ended before there was a plan: see its log.");
  });

  test("says so where nothing changes", async () => {
    await comment();
    expect(github.comments[0]?.body).toContain("No stack's Terraform changes.");
  });

  test.each([
    [403, "GitHub answered 403 (Resource not accessible by integration"],
    [
      404,
      "the job's token has to have permissions: pull-requests: write, and a pull request from a fork gets none",
    ],
    [500, "GitHub answered 500"],
  ])("GitHub's %i is told in words", async (refusal, message) => {
    write("production", "unchanged");
    github.refusal = refusal;
    const { status, stderr } = await comment("production");
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
  });

  test("no answer at all is told as such", async () => {
    write("production", "unchanged");
    const args = ["comment", "--plans", "plans", "--matrix", matrix("production"), "--pull-request", "12"];
    // In a process of its own, into which Node loads Octokit as the ES module that it is.
    const { status, stderr } = await folder.launch(["ci", ...args], {
      ...github.environment,
      GITHUB_API_URL: "http://127.0.0.1:9",
    });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^GitHub cannot be reached .*\n$/)]);
  });

  describe("of what the change does without a plan", () => {
    const review = {
      base: "origin/main",
      stacks: [],
      environments: [{ name: "staging", cost: { after: { low: 1, high: 2 } } }],
      gaps: [],
      warnings: [],
      policy: { green: { after: true }, appeared: [], resolved: [], findings: 0 },
    };
    const ofFork = ["comment", "--review", "review.json", "--head", "stranger:topic", "--commit", "abc"];

    test("stands beside the plans", async () => {
      write("production", "unchanged");
      folder.write("review.json", JSON.stringify(review));
      await run(
        "comment",
        "--plans",
        "plans",
        "--matrix",
        matrix("production"),
        "--review",
        "review.json",
        "--pull-request",
        "12",
      );
      const body = github.comments[0]?.body ?? "";
      expect(body).toContain("| `production` | no change |");
      expect(body).toContain("| `staging` | 1.00 to 2.00 | none |");
    });

    test("is all that a fork's has, whose pull request is found by its newest commit", async () => {
      folder.write("review.json", JSON.stringify(review));
      github.pullRequests.push({ number: 7, head: "stranger:topic", sha: "abc" });
      const { status, stderr } = await run(...ofFork);
      expect([status, stderr]).toEqual([0, "Comment created.\n"]);
      expect(github.comments[0]).toMatchObject({ issue: 7 });
      expect(github.comments[0]?.body).toContain("No plan: a fork's code gets no identity.");
      expect(github.comments[0]?.body).toContain("| `staging` | 1.00 to 2.00 | none |");
    });

    test("is not written where the pull request has another commit by now, or is none", async () => {
      folder.write("review.json", JSON.stringify(review));
      github.pullRequests.push({ number: 7, head: "stranger:topic", sha: "newer" });
      const { status, stderr } = await run(...ofFork);
      expect([status, stderr]).toEqual([
        0,
        "No open pull request has this commit as its newest: nothing is written.\n",
      ]);
      expect(github.comments).toEqual([]);
    });

    test("is said to be missing where there is none, or it cannot be read", async () => {
      github.pullRequests.push({ number: 7, head: "stranger:topic", sha: "abc" });
      await run(...ofFork);
      expect(github.comments[0]?.body).toContain("What the change does beside the plans could not be read");
    });

    test("options that do not belong together are told all at once", async () => {
      const { status, stderr } = await run(
        "comment",
        "--plans",
        "plans",
        "--head",
        "a:b",
        "--pull-request",
        "1",
      );
      expect([status, stderr.trim().split("\n")]).toEqual([
        2,
        [
          "--plans and --matrix belong together",
          "--head and --commit belong together",
          "give --pull-request, or --head with --commit",
        ],
      ]);
      expect((await run("comment", "--pull-request", "1")).stderr).toBe(
        "give --plans with --matrix, --review, or all\n",
      );
    });
  });

  test("without a token, a matrix or a report it is told what is missing", async () => {
    write("production", "unchanged");
    const args = ["comment", "--plans", "plans", "--pull-request", "1", "--matrix"];
    const alone = await folder.ci([...args, matrix("production")], { GITHUB_TOKEN: "" });
    expect(alone.stderr).toContain("GITHUB_TOKEN and GITHUB_REPOSITORY (owner/name) have to be set");
    for (const wrong of ["", "production", "{}", '{"include":[{}]}', matrix("../production")]) {
      const { status, stderr } = await run(...args, wrong);
      expect([wrong, status, stderr]).toEqual([
        wrong,
        2,
        expect.stringMatching(/^--matrix takes what plue changed --matrix prints: .*\n$/),
      ]);
    }
    for (const wrong of ["{}", JSON.stringify({ stack: "other", outcome: "new", actions: [], text: "" })]) {
      folder.write("plans/production.json", wrong);
      expect((await run(...args, matrix("production"))).stderr).toContain(
        "is not what plue ci plan --out writes",
      );
    }
    expect((await run("comment", "--plans", "p", "--matrix", "{}", "--pull-request", "x")).status).toBe(2);
  });
});

describe("newest", () => {
  const newest = () => run("newest", "--commit", "1a".repeat(20));

  test.each([
    ["main has not changed", []],
    ["main has changed in documents alone", ["docs/ci.md", "README.md", "lib/README.md"]],
  ])("goes on where %s", async (_, files) => {
    github.ahead = files;
    expect((await newest()).status).toBe(0);
  });

  test.each([
    ["a few", ["docs/ci.md", "main.ts"], "(main.ts)"],
    ["more", ["a.ts", "b.ts", "c.ts", "d.ts"], "(a.ts, b.ts, c.ts, …)"],
    [
      "more than GitHub names",
      Array.from({ length: 300 }, (_, index) => `docs/${index}.md`),
      "in very many files",
    ],
  ])("refuses where main has changed in %s files", async (_, files, named) => {
    github.ahead = files;
    const { status, stderr } = await newest();
    expect(status).toBe(5);
    expect(stderr).toContain(named);
    expect(stderr).toContain("wait for the newer run, or approve it");
  });

  test("refuses where main renamed a deployed file to a document", async () => {
    github.ahead = [{ filename: "docs/old/main.ts.md", previous_filename: "main.ts" }];
    const { status, stderr } = await newest();
    expect(status).toBe(5);
    expect(stderr).toContain("(main.ts)");
  });

  test.each(["diverged", "behind"] as const)("refuses a commit of which main is %s", async (compared) => {
    github.compared = compared;
    const { status, stderr } = await newest();
    expect(status).toBe(5);
    expect(stderr).toContain("1a1a1a1a1a1a is no commit of main, or main was put back behind it");
  });

  test("compares with another branch where it is told to", async () => {
    github.ahead = ["main.ts"];
    const { status, stderr } = await run("newest", "--commit", "1a".repeat(20), "--branch", "develop");
    expect(status).toBe(5);
    expect(stderr).toContain("develop has changed since 1a1a1a1a1a1a (main.ts)");
  });
});

describe("drift", () => {
  const drift = (...stacks: string[]) => run("drift", "--plans", "plans", "--matrix", matrix(...stacks));

  test("has an issue for each stack, kept up to date, and closed when the stack is as declared", async () => {
    write("production", "changed", "~ a");
    write("staging-base", "failed", "Error: no such bucket");
    write("staging-access", "unchanged");
    write("staging-platform", "new");
    const stacks = ["production", "staging-base", "staging-access", "staging-platform"];
    expect((await drift(...stacks)).stderr).toBe(
      "production: changed, issue opened\nstaging-base: failed, issue opened\nstaging-access: unchanged, issue none\nstaging-platform: new, issue none\n",
    );
    expect(github.issues.map(({ title, labels, state }) => [title, labels, state])).toEqual([
      ["production is not as main declares it", ["drift"], "open"],
      ["staging-base cannot be planned", ["drift"], "open"],
    ]);
    write("production", "changed", "  ~ b");
    write("staging-base", "unchanged");
    expect((await drift("production", "staging-base")).stderr).toBe(
      "production: changed, issue updated\nstaging-base: unchanged, issue closed\n",
    );
    expect(github.issues).toHaveLength(2);
    expect(github.issues[0]?.body).toContain("!   b");
    expect(github.issues[1]?.state).toBe("closed");
    write("staging-base", "changed", "~ c");
    await drift("staging-base");
    expect(github.issues.map(({ state }) => state)).toEqual(["open", "closed", "open"]);
  });

  test("an issue that has no label is found again all the same", async () => {
    github.dropsLabels = true;
    write("production", "changed", "~ a");
    await drift("production");
    expect((await drift("production")).stderr).toBe("production: changed, issue updated\n");
    expect(github.issues.map(({ labels }) => labels)).toEqual([[]]);
  });

  test("a difference of any length fits into an issue", async () => {
    write("production", "changed", "  ~ line\n".repeat(40_000));
    expect((await drift("production")).status).toBe(0);
    expect(github.issues[0]?.body.length).toBeGreaterThan(60_000);
  });
});

describeWithFakeGcs("sweep", () => {
  let gcs: FakeGcs;
  beforeAll(async () => {
    gcs = await FakeGcs.start();
    await gcs.createBucket(BUCKET);
  });
  afterAll(() => gcs.stop());

  test("has one issue with all that is left behind, and closes it when that is gone", async () => {
    folder.remove();
    folder = new CiFolder(gcs, [
      { name: "alice", email: "alice@plue.dev" },
      { name: "bob", email: "bob@plue.dev", state: "offboarding" },
    ]);
    const resources = [{ mode: "managed", type: "terraform_data", name: "a", instances: [{}] }];
    const state = (left: object[]) =>
      JSON.stringify({ version: 4, terraform_version: "1.11.4", serial: 1, resources: left });
    for (const stack of ["staging-alice", "staging-bob", "staging-gone"])
      await gcs.put(BUCKET, `${stack}/default.tfstate`, state(resources));
    const lock = { ID: "1", Who: "alice@laptop", Created: "2020-01-01T00:00:00Z" };
    await gcs.put(BUCKET, "staging-alice/default.tflock", JSON.stringify(lock));

    const dry = await run("sweep", "--dry-run");
    expect(dry.status).toBe(0);
    expect(github.calls).toEqual([]);
    expect((await run("sweep")).stderr).toContain("Issue opened.");
    const body = github.issues[0]?.body ?? "";
    expect(body).toContain(
      "- `staging-bob` is offboarding and holds 1 resources: the platform team runs `npx cdktf destroy staging-bob`, which acts as its deployer",
    );
    expect(body).toContain("- `staging-gone` holds 1 resources, and nothing declares it");
    expect(body).toContain("- `staging-alice` is locked by `alice@laptop` for");
    expect(body.split("\n").slice(1)).toEqual(
      dry.stderr
        .trim()
        .split("\n")
        .map((line) => `- ${line}`),
    );

    await gcs.put(BUCKET, "staging-bob/default.tfstate", state([]));
    await gcs.delete(BUCKET, "staging-gone/default.tfstate");
    await gcs.delete(BUCKET, "staging-alice/default.tflock");
    await run("sweep");
    expect(github.issues[0]?.body).toBe(
      "<!-- plue: sweep -->\n- `staging-bob` is offboarding and holds nothing any more: `npx plue engineers remove bob`",
    );
    folder.registry = '{ "engineers": [{ "name": "alice", "email": "alice@plue.dev" }] }';
    expect((await run("sweep")).stderr).toBe("Nothing is left behind.\nIssue closed.\n");
    expect(github.issues.map(({ state }) => state)).toEqual(["closed"]);
  });

  test("whatever an engineer writes into her state and lock stays text in the issue and the log", async () => {
    folder.remove();
    folder = new CiFolder(gcs, [{ name: "alice", email: "alice@plue.dev" }]);
    await gcs.put(BUCKET, "staging-alice/default.tfstate", HOSTILE);
    const lock = { ID: "1", Who: HOSTILE, Operation: HOSTILE, Created: "2020-01-01T00:00:00Z" };
    await gcs.put(BUCKET, "staging-alice/default.tflock", JSON.stringify(lock));
    const { status, stderr } = await run("sweep");
    expect(status).toBe(0);
    expect(obeyed(stderr)).toEqual([]);
    const body = github.issues[0]?.body ?? "";
    expect(obeyed(body)).toEqual([]);
    expect(outsideCode(body)).toMatch(
      /^<!-- plue: sweep -->\n- {2}is locked by {2}for \d+ days: ask the holder, then \n- $/,
    );
    await gcs.delete(BUCKET, "staging-alice/default.tflock");
    await gcs.delete(BUCKET, "staging-alice/default.tfstate");
  });

  test("a bucket that cannot be read fails the step, and closes nothing", async () => {
    const { status, stderr } = await folder.ci(["sweep"], {
      ...github.environment,
      STORAGE_EMULATOR_HOST: "127.0.0.1:1",
    });
    expect(status).toBe(4);
    expect(stderr).toContain("cannot be reached");
    expect(github.calls).toEqual([]);
  });
});
