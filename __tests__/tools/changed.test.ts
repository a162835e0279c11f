import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Checkout } from "../support/checkout";
import { runPlueInProcess } from "../support/plue";

const entry = (name: string) => ({ name, email: `${name}@plue.dev` });
const checkout = new Checkout();
const git = (...args: string[]) => {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@plue.dev"];
  const { status, stderr, stdout } = checkout.run("git", [...identity, ...args]);
  if (status !== 0) throw new Error(stderr);
  return stdout;
};
const changed = (...args: string[]) => runPlueInProcess(checkout.folder, ["changed", ...args]);

beforeAll(() => {
  checkout.checksTypes = false;
  checkout.write(".gitignore", "node_modules\ncdktf.out\ncdktf.out.*\n");
  checkout.write("package-lock.json", "{}\n");
  checkout.write("policy/waivers.yaml", readFileSync("policy/waivers.yaml", "utf8"));
  checkout.register(entry("alice"), entry("bob"));
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-qm", "Start");
  checkout.synth();
});
afterAll(() => checkout.remove());
afterEach(() => {
  git("checkout", "-q", ".");
});

test("a commit is compared with what the checkout says now, and everything stays as it was", async () => {
  const before = checkout.files();
  const head = git("rev-parse", "HEAD");
  checkout.register(entry("alice"), entry("carol"));
  const { status, stdout } = await changed("--base", "main");
  expect([status, stdout]).toEqual([
    0,
    "changed  staging-access\nremoved  staging-bob\nnew      staging-carol\n",
  ]);
  expect(checkout.files()).toEqual(before);
  expect(git("rev-parse", "HEAD")).toBe(head);
  expect(git("status", "--porcelain")).toBe(" M engineers.json\n");
  expect(checkout.leftovers()).toEqual([]);
});

test("a matrix holds what there is to plan, and names what is gone beside it", async () => {
  checkout.register(entry("alice"), entry("carol"));
  const { stdout, stderr } = await changed("--base", "cdktf.out", "--matrix");
  expect(stdout).toBe(
    '{"include":[{"stack":"staging-access","change":"changed"},{"stack":"staging-carol","change":"new"}]}\n',
  );
  expect(stderr).toContain("removed: staging-bob. Nothing plans it any more");
});

test("who is back is named with the commit that removed her, in a workflow beside the registry", async () => {
  checkout.register(entry("alice"));
  git("commit", "-qam", "Remove bob: 100%");
  const removal = git("rev-parse", "HEAD").slice(0, 10);
  checkout.register(entry("alice"), entry("bob"), entry("carol"));
  const { stdout, stderr } = await changed("--base", "main", "--json");
  const back = new RegExp(
    `bob is back: removed in commit ${removal} of [-\\d]{10} \\(Remove bob: 100%\\)\\.`,
  );
  expect(stderr).toMatch(back);
  expect(stderr).toContain(
    "Staging has 3 engineers and room for 2: it runs out of CPU of node pool default at 2.",
  );
  expect(JSON.parse(stdout)).toEqual([
    { stack: "staging-access", change: "changed" },
    {
      stack: "staging-bob",
      change: "new",
      returned: expect.objectContaining({ name: "bob", was: "removed", commit: removal }),
    },
    { stack: "staging-carol", change: "new" },
  ]);
  const workflow = await runPlueInProcess(checkout.folder, ["changed", "--base", "main", "--matrix"], {
    GITHUB_ACTIONS: "true",
  });
  expect(workflow.stderr).toMatch(
    /^::warning file=engineers\.json::bob is back: .* \(Remove bob: 100%25\)\./m,
  );
  expect(JSON.parse(workflow.stdout)["include"]).toContainEqual({ stack: "staging-bob", change: "new" });
  git("reset", "-q", "--hard", "HEAD^");
});

describe("with -v", () => {
  test("says what it does, what it costs, who fits and what policy finds, of a commit by its own program", async () => {
    checkout.register(entry("alice"), entry("bob"), entry("carol"));
    checkout.write(
      "stacks/plue/staging-base.ts",
      checkout.read("stacks/plue/staging-base.ts").replace("maxNodes: 3", "maxNodes: 2"),
    );
    const { status, stdout } = await changed("--base", "main", "-v");
    expect(status).toBe(0);
    const text = stdout.replaceAll(/\s+/g, " ");
    expect(text).toContain(
      "~ google_container_node_pool.cluster_default autoscaling.total_max_node_count 3 → 2",
    );
    expect(text).toContain("new staging-carol + google_sql_database.staging_database will hold its tables");
    expect(text).toMatch(
      /staging costs 246\.45 to 773\.07 → 246\.45 to [\d.]+ \([-+].*of its budget of 400 USD/,
    );
    expect(text).toContain(
      "Room for 2 engineers, of whom there are 3; first to run out: CPU of node pool default. Before: room for 2, and 2 of them.",
    );
    expect(text).toContain("Policy's own rules hold, as before.");
    // Of what the sample in the documentation leaves as it is, with what it begins at.
    const sample = readFileSync("docs/cli.md", "utf8").replaceAll(/\s+/g, " ");
    expect(sample).toContain("staging costs 246.45 to 773.07 → ");
    expect(sample).toContain(/production costs .*? of its budget of [\d,]+ USD\./.exec(text)?.[0]);
    expect(text).toContain("WARNING: Staging has 3 engineers and room for 2");
    expect(checkout.leftovers()).toEqual([]);
  });

  test("of a folder that holds a synthesis alone, what its program would say is not known", async () => {
    checkout.run("cp", ["-r", "cdktf.out", "../base.out"]);
    const base = join(checkout.folder, "..", "base.out");
    const { stdout } = await changed("--base", base, "-v", "--json");
    checkout.run("rm", ["-r", base]);
    const said = JSON.parse(stdout);
    expect(said).toMatchObject({ changes: [], stacks: [], base });
    expect(said.room).not.toHaveProperty("before");
    expect(said.policy.green).toEqual({ after: true });
  });

  test("the same is written to a file, beside a matrix", async () => {
    checkout.register(entry("alice"));
    const { stdout } = await changed("--base", "cdktf.out", "--matrix", "--review", "review.json");
    expect(JSON.parse(stdout)).toEqual({ include: [{ stack: "staging-access", change: "changed" }] });
    const review = JSON.parse(checkout.read("review.json"));
    checkout.run("rm", ["review.json"]);
    expect(
      review.stacks.map(({ stack, change }: { stack: string; change: string }) => [stack, change]),
    ).toEqual([
      ["staging-access", "changed"],
      ["staging-bob", "removed"],
    ]);
  });
});

test("a system in a folder of its own is compared with itself, as the commit has it", () => {
  const tiny = join(checkout.folder, "stacks", "tiny");
  checkout.run("cp", ["-r", resolve("__tests__/tiny-system"), tiny]);
  git("add", "stacks/tiny");
  git("commit", "-qm", "Add a system");
  checkout.write(
    "stacks/tiny/cdktf.json",
    checkout.read("stacks/tiny/cdktf.json").replace('"projectId": "tiny-dev"', '"projectId": "tiny-two"'),
  );
  const { status, stdout } = checkout.runIn(tiny, process.execPath, [
    ...["../../scripts/plue.mjs", "changed", "--base", "main", "-v"],
  ]);
  git("reset", "-q", "--hard", "HEAD^");
  const text = stdout.replaceAll(/\s+/g, " ");
  expect([status, text]).toEqual([0, expect.stringMatching(/^changed tiny-dev /)]);
  expect(text).toContain('REPLACED by project; with it ends its versions project "tiny-dev" → "tiny-two"');
  expect(text).toContain("dev costs 0.06 USD a month, 1 % of its budget of 10 USD.");
});

test("a chart's change concerns the stacks that release it", async () => {
  checkout.write("helm/plue/files/notice.txt", "changed");
  const { stdout } = await changed("--base", ".", "--json");
  checkout.run("rm", ["helm/plue/files/notice.txt"]);
  expect(JSON.parse(stdout)).toEqual(
    ["production-app", "staging-alice", "staging-bob"].map((stack) => ({ stack, change: "changed" })),
  );
});

test("a checkout with Windows' line ends is the same as one without", async () => {
  for (const file of checkout.run("git", ["ls-files"]).stdout.trim().split("\n"))
    checkout.write(file, checkout.read(file).replaceAll(/\r?\n/g, "\r\n"));
  expect(checkout.read("helm/platform/files/reconcile.sh")).toContain("\r\n");
  const { status, stdout } = await changed("--base", "cdktf.out");
  expect([status, stdout]).toEqual([0, "No stack's Terraform differs from cdktf.out.\n"]);
});

test("nothing changed gives an empty matrix", async () => {
  expect((await changed("--base", ".", "--matrix")).stdout).toBe('{"include":[]}\n');
});

test("a base that wants other packages is not synthesized with the wrong ones", async () => {
  checkout.write("package-lock.json", '{"changed": true}');
  const { status, stderr } = await changed("--base", "main");
  expect(status).toBe(1);
  expect(stderr).toContain("main has another package-lock.json");
  expect(stderr).toContain("pass --install to run npm ci for it in a temporary folder");
});

test("a base that does not exist is told", async () => {
  const { status, stderr } = await changed("--base", "mian");
  expect(status).toBe(1);
  expect(stderr).toContain(
    "mian is neither a folder with synthesized stacks nor a commit of this repository",
  );
});

test("a mistake in the checkout is shown as synthesis shows it", async () => {
  checkout.register({ name: "Alice", email: "alice@plue.dev" });
  const { status, stdout, stderr } = await changed("--base", "cdktf.out");
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain('engineers[0].name: "Alice" is not a DNS label');
});
