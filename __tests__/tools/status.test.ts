import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeWithFakeGcs, FakeGcs } from "../support/fake-gcs";
import { PlueFolder } from "../support/plue";
import { testWithTerraform } from "../support/terraform";

const BUCKET = "plue-terraform-state";
const recorded = readFileSync("__tests__/tools/state/fixtures/terraform-1.11.tfstate", "utf8");
const destroyed = JSON.stringify({ ...JSON.parse(recorded), resources: [], outputs: {} });
const entry = (name: string, more: object = {}) => ({ name, email: `${name}@plue.dev`, ...more });
const state = (stack: string) => `${stack}/default.tfstate`;
const lock = (stack: string) => `${stack}/default.tflock`;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const heldLock = JSON.stringify({
  Operation: "OperationTypeApply",
  Who: "alice@laptop",
  Created: hoursAgo(3),
});

describeWithFakeGcs("with a state bucket", () => {
  let gcs: FakeGcs;
  let folder: PlueFolder;

  beforeEach(async () => {
    gcs = await FakeGcs.start();
    folder = new PlueFolder([entry("alice"), entry("bob"), entry("carol", { state: "offboarding" })]);
  });
  afterEach(async () => {
    folder.remove();
    await gcs.stop();
  });

  const plue = (...args: string[]) => folder.plue(args, { STORAGE_EMULATOR_HOST: gcs.url });
  const status = async () => JSON.parse((await plue("status", "--json")).stdout);
  const row = async (stack: string) =>
    (await status()).environments.find((each: { stack: string }) => each.stack === stack);

  /** What Terraform says and does in a folder whose state is that of a stack, in the emulator. */
  function terraform(stack: string, ...commands: string[][]): string {
    const module = join(folder.folder, stack);
    mkdirSync(module, { recursive: true });
    const backend = {
      bucket: BUCKET,
      prefix: stack,
      storage_custom_endpoint: `${gcs.url}/storage/v1/b`,
      access_token: "none",
    };
    writeFileSync(
      join(module, "main.tf.json"),
      JSON.stringify({
        terraform: { backend: { gcs: backend } },
        resource: { terraform_data: { pod: { for_each: { api: "a", ui: "b" }, input: "${each.value}" } } },
        output: { url: { value: "https://alice.staging.plue.dev" } },
      }),
    );
    const env = {
      ...process.env,
      CHECKPOINT_DISABLE: "1",
      TF_CLI_CONFIG_FILE: "/dev/null",
      TF_IN_AUTOMATION: "1",
    };
    return [["init"], ...commands]
      .map(([command = "", ...args]) => {
        const run = spawnSync("terraform", [command, "-no-color", ...args], {
          cwd: module,
          env,
          encoding: "utf8",
        });
        if (run.status !== 0) throw new Error(run.stdout + run.stderr);
        return run.stdout;
      })
      .join("");
  }

  testWithTerraform("what Terraform deployed, changed and destroyed there is told", async () => {
    await gcs.createBucket(BUCKET);
    expect((await row("staging-alice")).condition).toBe("missing");

    const before = Math.floor(Date.now() / 1000) * 1000;
    terraform("staging-alice", ["apply", "-auto-approve"]);
    const after = Date.now();
    const deployed = await row("staging-alice");
    expect(deployed).toMatchObject({
      condition: "deployed",
      resources: 2,
      url: "https://alice.staging.plue.dev",
      lock: null,
    });
    const changed = Date.parse(deployed.lastChange);
    expect([before, changed, after].sort((a, b) => a - b)).toEqual([before, changed, after]);
    const refused = await plue("engineers", "remove", "alice", "--yes");
    expect(refused.status).toBe(5);
    expect(refused.stderr).toContain(
      'staging-alice still holds 2 resources:\n  terraform_data.pod["api"]\n  terraform_data.pod["ui"]\n',
    );
    expect(folder.registry).toContain('"alice"');

    terraform("staging-alice", ["destroy", "-auto-approve"]);
    expect(await row("staging-alice")).toMatchObject({ condition: "empty", resources: 0, url: null });
    expect((await plue("engineers", "remove", "alice", "--yes")).status).toBe(0);
    expect(folder.registry).not.toContain('"alice"');
  });

  testWithTerraform("a lock that was left behind goes by the command that is printed", async () => {
    await gcs.createBucket(BUCKET);
    terraform("staging-alice", ["apply", "-auto-approve"]);
    await gcs.put(BUCKET, lock("staging-alice"), heldLock);
    expect(() => terraform("staging-alice", ["apply", "-auto-approve"])).toThrow(
      "Error acquiring the state lock",
    );

    const { stdout } = await plue("status");
    const [, id = ""] = /staging-alice force-unlock (\d+)$/m.exec(stdout) ?? [];
    terraform("staging-alice", ["force-unlock", "-force", id], ["apply", "-auto-approve"]);
    expect((await row("staging-alice")).lock).toBeNull();
  });

  describe("that holds states", () => {
    beforeEach(async () => {
      await gcs.createBucket(BUCKET);
      await gcs.put(BUCKET, state("staging-alice"), recorded);
      await gcs.put(BUCKET, state("staging-carol"), destroyed);
    });

    test("a row each says what is deployed, in the order of the program", async () => {
      const { status, stdout } = await plue("status");
      expect(status).toBe(0);
      const rows = stdout.split("\n").map((line) => line.split(/ {2,}/).slice(0, 3));
      expect(rows.slice(0, 11)).toEqual([
        ["STACK", "STATE", "RESOURCES"],
        ["staging-bootstrap", "never deployed"],
        ["staging-base", "never deployed"],
        ["staging-platform", "never deployed"],
        ["staging-access", "never deployed"],
        ["staging-alice", "deployed", "5"],
        ["staging-bob", "never deployed"],
        ["staging-carol", "nothing deployed, offboarding", "0"],
        ["production-bootstrap", "never deployed"],
        ["production", "never deployed"],
        ["production-app", "never deployed"],
      ]);
      expect(stdout).toContain("https://alice.staging.plue.dev");
      expect(stdout).toContain(
        "done: the stack of carol holds nothing any more. npx plue engineers remove carol",
      );
    });

    test("what a stack costs in a month stands behind it once it is deployed", async () => {
      await gcs.put(BUCKET, state("production"), recorded);
      const { low, high } = (await row("production")).monthlyUsd;
      expect(low).toBeGreaterThan(500);
      expect(high).toBeGreaterThan(low);
      const { stdout } = await plue("status");
      expect(stdout).toMatch(new RegExp(`^production .* ${Math.round(low)} to ${Math.round(high)}$`, "m"));
      expect(stdout.match(/ \d+ to \d+$/gm)).toHaveLength(1);
    });

    test("a checkout that does not synthesize has a status all the same, without costs", async () => {
      rmSync(join(folder.folder, "helm"));
      const { status, stdout } = await plue("status");
      expect(status).toBe(0);
      expect(stdout).toContain("no estimate of costs, as the checkout does not synthesize: ");
      expect((await row("staging-alice")).monthlyUsd).toBeNull();
    });

    test("state without an entry is an orphan, unless it is empty", async () => {
      await gcs.put(BUCKET, state("staging-zoe"), recorded);
      await gcs.put(BUCKET, state("staging-gone"), destroyed);
      expect((await status()).orphans).toMatchObject([{ stack: "staging-zoe", resources: 5 }]);
      expect((await plue("status")).stdout).toContain(
        "orphan: staging-zoe holds 5 resources, and nothing declares it.",
      );
    });

    test("a state that names a provider which no stack has is told, as is that nobody should start Terraform there", async () => {
      const foreign = { ...JSON.parse(recorded) };
      foreign.resources[0].provider = 'provider["evil.example/mallory/door"]';
      await gcs.put(BUCKET, state("staging-bob"), JSON.stringify(foreign));
      expect((await plue("status")).stdout).toContain(
        "foreign: the state of staging-bob names evil.example/mallory/door, which Terraform would install and start. Start none there: docs/runbooks/foreign-provider.md",
      );
      expect((await status()).foreign).toEqual({ "staging-bob": ["evil.example/mallory/door"] });
      expect((await plue("ci", "sweep", "--dry-run")).stderr).toContain(
        "the state of `staging-bob` names `evil.example/mallory/door`, which Terraform would install and start",
      );
    });

    test("a lock is shown with its holder and age, and who is locked is not removed", async () => {
      await gcs.put(BUCKET, lock("staging-carol"), heldLock);
      expect((await plue("status")).stdout).toContain(
        "locked: staging-carol by alice@laptop for 3 hours (apply). If nobody is at work on it any more: terraform -chdir=cdktf.out/stacks/staging-carol force-unlock ",
      );
      const refused = await plue("engineers", "remove", "carol", "--yes");
      expect(refused).toMatchObject({ status: 5, stdout: "" });
      expect(refused.stderr).toContain(
        "carol was not removed: the state of staging-carol is locked by alice@laptop for 3 hours",
      );
    });

    test("a state that is damaged or too new is told beside the others, and ends the command with 4", async () => {
      await gcs.put(BUCKET, state("staging-alice"), recorded.slice(0, 500));
      await gcs.put(BUCKET, state("staging-bob"), recorded.replace('"version": 4', '"version": 5'));
      const { status, stdout } = await plue("status");
      expect(status).toBe(4);
      expect(stdout).toContain(
        `gs://${BUCKET}/staging-alice/default.tfstate is damaged: it is not complete JSON`,
      );
      expect(stdout).toContain(`gs://${BUCKET}/staging-bob/default.tfstate has state format 5`);
      expect(stdout).toMatch(/^staging-carol +nothing deployed/m);
    });

    test.each([
      ["damaged", recorded.slice(0, 500)],
      ["newer", recorded.replace('"version": 4', '"version": 5')],
    ])("nobody whose state is %s is removed", async (_, text) => {
      await gcs.put(BUCKET, state("staging-bob"), text);
      const { status, stderr } = await plue("engineers", "remove", "bob", "--yes");
      expect(status).toBe(4);
      expect(stderr).toMatch(/^bob was not removed: it is not known what staging-bob holds: gs:/);
      expect(folder.registry).toContain('"bob"');
      expect(await gcs.get(BUCKET, state("staging-bob"))).toBe(text);
    });

    test("who has nothing left is removed after a yes, which nobody gives for an absent one", async () => {
      const unanswered = await plue("engineers", "remove", "carol");
      expect(unanswered.status).toBe(5);
      expect(unanswered.stderr).toContain("Nobody is here to answer: pass --yes. Nothing was changed.");
      expect(folder.registry).toContain('"carol"');
      expect((await plue("engineers", "remove", "carol", "--yes")).status).toBe(0);
      expect(folder.registry).not.toContain('"carol"');
    });
  });

  test("a bucket that is not there is one message", async () => {
    expect(await plue("status")).toEqual({
      status: 4,
      stdout: "",
      stderr: `cannot read every state in gs://${BUCKET}: there is no bucket ${BUCKET} (Not Found): check stateBucket in cdktf.json, or run npx plue bootstrap before the first deployment\n`,
    });
  });
});

test("no network is one message", async () => {
  const folder = new PlueFolder();
  const { status, stdout, stderr } = await folder.plue(["status"], { STORAGE_EMULATOR_HOST: "127.0.0.1:1" });
  folder.remove();
  expect([status, stdout]).toEqual([4, ""]);
  expect(stderr).toMatch(
    /^cannot read every state in .*: Google Cloud cannot be reached \(.*ECONNREFUSED.*\): check the network .* or unset STORAGE_EMULATOR_HOST\n$/,
  );
});

test("credentials that cannot be used are one message, with the command that mends them", async () => {
  const folder = new PlueFolder();
  // In a process of its own: Jest's errors are not what Google's client takes for errors.
  const { status, stderr } = await folder.launch(["status"], {
    GOOGLE_APPLICATION_CREDENTIALS: "/nowhere.json",
  });
  folder.remove();
  expect(status).toBe(4);
  expect(stderr).toMatch(
    /^cannot read every state in .*: no usable Google credentials on this machine \(.*\/nowhere.json.*\): correct GOOGLE_APPLICATION_CREDENTIALS/,
  );
});
