import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Checkout, type Run } from "./support/checkout";
import { ALICE, BOB, charts, programFiles, readFiles, synthesizeProgram } from "./support/program";

const CAROL = { name: "carol", email: "carol@plue.dev" };
const checkout = new Checkout();
afterAll(() => checkout.remove());

/** The run in an empty checkout. */
let first: Run;
beforeAll(() => {
  checkout.register(ALICE, BOB);
  first = checkout.synth();
  // Of most that follows types are no part.
  checkout.checksTypes = false;
});
afterEach(() => expect(checkout.leftovers()).toEqual([]));

/** With the compiler. */
function typeChecked<T>(action: () => T): T {
  checkout.checksTypes = true;
  try {
    return action();
  } finally {
    checkout.checksTypes = false;
  }
}

/** Runs the CLI as it is installed, without Terraform. */
const cdktf = (...args: string[]) =>
  checkout.run("node_modules/.bin/cdktf", args, {
    CI: "true",
    CHECKPOINT_DISABLE: "1",
    TERRAFORM_BINARY_NAME: "no-terraform-here",
  });

/** Runs the app command on something wrong: it says so without a stack trace, and leaves the output as it was. */
function refused(exitCode = 1): string {
  const before = checkout.files();
  const { status, stdout, stderr } = checkout.synth();
  expect({ status, stdout }).toEqual({ status: exitCode, stdout: "" });
  expect(stderr).not.toMatch(/^ +at /m);
  expect(checkout.files()).toEqual(before);
  return stderr;
}

/** Files of the output that the app command adds, takes away or writes anew. */
function differences(change: () => void): string[] {
  const before = checkout.files();
  change();
  expect(checkout.synth().status).toBe(0);
  const after = checkout.files();
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)];
    if (!old) return [`added ${path}`];
    if (!now) return [`removed ${path}`];
    if (old.text !== now.text) return [`changed ${path}`];
    return old.time === now.time ? [] : [`touched ${path}`];
  });
}

describe("the app command", () => {
  test("writes what the program synthesizes, byte for byte, and the charts beside it", () => {
    const written = new Map([...checkout.files()].map(([path, { text }]) => [path, text]));
    const staged = join(checkout.folder, "staged");
    for (const chart of [charts.plue, charts.platform]) chart.stage(staged);
    expect(written).toEqual(new Map([...programFiles(), ...readFiles(staged)]));
  });

  test("prints each stack with its number of resources and its path, and what to do next", () => {
    expect(first).toMatchObject({ status: 0, stderr: "" });
    const [table = "", next] = first.stdout.split("\n\n");
    const stacks = table.replace(/\nwarning: (.*)$/, "");
    expect(table.slice(stacks.length)).toBe(
      "\nwarning: cdktf.json: still zeros: cloudflareZoneId, billingAccount, githubOwnerId, staging.projectNumber, production.projectNumber: npx plue init asks for them",
    );
    const lines = [...synthesizeProgram()].map(
      ([name, stack]) => `${name} ${stack.addresses.length} resources cdktf.out/stacks/${name}`,
    );
    expect(stacks.split("\n").map((line) => line.replace(/ +/g, " "))).toEqual(lines.sort());
    expect(next).toMatch(/^Next: npx plue diff <stack> .* npx plue deploy <stack>/);
  });

  test("leaves files alone that do not change, whatever the environment says and wherever it is called from", () => {
    const before = checkout.files();
    const environment = {
      USER: "mallory",
      GOOGLE_PROJECT: "other",
      PROJECT_ID: "other",
      TF_VAR_image_tag: "other",
      TZ: "Asia/Tokyo",
    };
    const script = join(checkout.folder, "scripts", "app.mjs");
    const { status } = checkout.run("sh", ["-c", `cd / && "${process.execPath}" "${script}"`], environment);
    expect(status).toBe(0);
    expect(checkout.files()).toEqual(before);
  });

  test("writes to CDKTF_OUTDIR, which it makes, and leaves cdktf.out alone", () => {
    const before = checkout.files();
    const { status, stdout } = checkout.synth({ CDKTF_OUTDIR: "build/terraform" });
    expect(status).toBe(0);
    expect(stdout).toContain(" build/terraform/stacks/production\n");
    const texts = (files: typeof before) => [...files].map(([path, { text }]) => [path, text]);
    expect(texts(checkout.files("build/terraform"))).toEqual(texts(before));
    expect(checkout.files()).toEqual(before);
    rmSync(join(checkout.folder, "build"), { recursive: true });
  });

  test("interrupted, takes what it began away", async () => {
    const before = checkout.files();
    checkout.checksTypes = true;
    expect(await checkout.interrupt("SIGINT")).toBe(130);
    checkout.checksTypes = false;
    expect(checkout.leftovers()).toEqual([]);
    expect(checkout.files()).toEqual(before);
  });
});

test("the CLI lists the stacks without Terraform or a network, and writes what the app command does", () => {
  const texts = () => [...checkout.files()].map(([path, { text }]) => [path, text]);
  const before = texts();
  rmSync(join(checkout.folder, "cdktf.out"), { recursive: true });
  const { status, stdout } = typeChecked(() => cdktf("list"));
  expect(status).toBe(0);
  const [, listed = ""] = stdout.split(/^Stack name +Path$/m);
  expect(listed.trim().split(/\s+/)).toEqual(
    [
      "production",
      "production-app",
      "production-bootstrap",
      "staging-access",
      "staging-alice",
      "staging-base",
      "staging-bob",
      "staging-bootstrap",
      "staging-platform",
    ].flatMap((name) => [name, `cdktf.out/stacks/${name}`]),
  );
  expect(texts()).toEqual(before);
});

describe("the CLI, which cleans up what it listed before the app command ran,", () => {
  const folders = () => readdirSync(join(checkout.folder, "cdktf.out", "stacks")).sort();
  const shared = () => folders().filter((name) => !/^staging-(alice|bob|robert)$/.test(name));
  const [output, saved] = ["cdktf.out", "saved"].map((name) => join(checkout.folder, name)) as [
    string,
    string,
  ];
  beforeAll(() => cpSync(output, saved, { recursive: true }));
  afterEach(() => {
    checkout.register(ALICE, BOB);
    rmSync(output, { recursive: true });
    cpSync(saved, output, { recursive: true });
  });
  afterAll(() => rmSync(saved, { recursive: true }));

  // Each a run of the CLI of some seconds: what needs no run of its own shares one.
  test.each([
    ["an entry that leaves, and keeps the state that Terraform could not store", ["synth"], [ALICE], true],
    ["an entry of another name", ["list"], [ALICE, { ...BOB, name: "robert" }], false],
    ["a branch with nobody, in HCL", ["synth", "--hcl"], [], false],
  ])("takes %s, Terraform's files in its folder or not", (_, command, engineers, holdsState) => {
    checkout.write("cdktf.out/stacks/staging-bob/.terraform/providers/google", "a plug-in");
    checkout.write("cdktf.out/stacks/staging-bob/.terraform.lock.hcl", "its hash");
    if (holdsState) checkout.write("cdktf.out/stacks/staging-bob/errored.tfstate", "a state");
    checkout.register(...engineers);
    const expected = [...shared(), ...engineers.map(({ name }) => `staging-${name}`)].sort();
    const { status, stdout, stderr } = cdktf(...command);
    expect({ status, output: stdout + stderr }).toMatchObject({
      status: 0,
      output: expect.not.stringContaining("ENOENT"),
    });
    expect(folders()).toEqual(expected);
    expect(checkout.files().get("kept/staging-bob/errored.tfstate")?.text).toBe(
      holdsState ? "a state" : undefined,
    );
    expect(existsSync(join(output, "kept"))).toBe(holdsState);
  });
});

describe("nothing is written", () => {
  test("when a binding has no such property: gVisor would be off in silence", () => {
    const message = checkout.changed(
      "lib/google/gke-cluster/node-pool.ts",
      "sandboxConfig:",
      "sandboxConfigg:",
      () => typeChecked(refused),
    );
    expect(message).toMatch(
      /^lib\/google\/gke-cluster\/node-pool\.ts\(\d+,\d+\): error TS\d+: .*'sandboxConfigg' does not exist in type /,
    );
    expect(message).toMatch(/\nThe program does not type-check: nothing was written\.\n$/);
  });

  test("when the program is not TypeScript", () => {
    const message = checkout.changed("main.ts", "system = plue;", "system = (plue;", () =>
      typeChecked(refused),
    );
    expect(message).toMatch(/^main\.ts\(\d+,\d+\): error TS1005: /);
  });

  test("when registry and configuration are wrong: both are told, with places", () => {
    checkout.register({ name: "Alice", email: "alice" }, { name: "api", email: "bob@plue.dev" });
    const message = checkout.changed("cdktf.json", '"us-central1"', '"us-central1-a"', () => refused(3));
    checkout.register(ALICE, BOB);
    expect(message.trimEnd().split("\n")).toEqual([
      expect.stringMatching(
        /^cdktf\.json:\d+:\d+: context\.plue\.staging\.region: "us-central1-a" is not a region/,
      ),
      expect.stringMatching(
        /^engineers\.json:4:15: engineers\[0\]\.name: "Alice" is not a DNS label: .*"alice"$/,
      ),
      expect.stringMatching(/^engineers\.json:5:16: engineers\[0\]\.email: "alice" is not an e-mail address/),
      expect.stringMatching(/^engineers\.json:8:15: engineers\[1\]\.name: "api" is reserved: /),
    ]);
  });

  test("when the lock file has not the provider of a binding", () => {
    const message = checkout.changed("terraform.lock.hcl", '"2.38.0"', '"2.37.0"', refused);
    expect(message).toMatch(
      /^staging-\S+ needs hashicorp\/kubernetes 2\.38\.0, and terraform\.lock\.hcl has version 2\.37\.0: run npx plue lock\n$/,
    );
  });

  test("when a construct refuses its props", () => {
    const message = checkout.changed(
      "stacks/plue/staging-base.ts",
      "minNodes: 1, maxNodes: 3",
      "minNodes: 4, maxNodes: 3",
      refused,
    );
    expect(message).toMatch(/^staging-base\/cluster: .*nodePools\.default/);
  });

  test("when the program has a defect, which is told with its trace", () => {
    const before = checkout.files();
    const { status, stderr } = checkout.changed(
      "stacks/plue/stacks.ts",
      "new StagingBaseStack(",
      "JSON.parse(''); new StagingBaseStack(",
      () => checkout.synth(),
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/^SyntaxError: .*\n +at JSON\.parse .*\n +at .*stacks\/plue\/stacks\.ts:\d+:\d+/);
    expect(checkout.files()).toEqual(before);
  });
});

test("what Terraform wrote into a stack's lock file is taken back", () => {
  checkout.write(
    "cdktf.out/stacks/staging-alice/.terraform.lock.hcl",
    'provider "evil.example/mallory/door" {}',
  );
  expect(differences(() => {})).toEqual(["changed stacks/staging-alice/.terraform.lock.hcl"]);
});

test("a registry that changes adds and removes stacks and changes staging-access; what Terraform has stays", () => {
  checkout.write("cdktf.out/stacks/staging-alice/.terraform/providers/google", "a plug-in");
  checkout.write("cdktf.out/stacks/staging-bob/terraform.tfstate", "a state");
  expect(differences(() => checkout.register(ALICE, CAROL))).toEqual([
    "changed manifest.json",
    "changed stacks/staging-access/cdk.tf.json",
    "removed stacks/staging-bob/cdk.tf.json",
    "added stacks/staging-carol/.terraform.lock.hcl",
    "added stacks/staging-carol/cdk.tf.json",
  ]);
});
