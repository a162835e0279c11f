import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Checkout } from "../../support/checkout";
import { describeWithFakeGcs, FakeGcs } from "../../support/fake-gcs";
import { PlueFolder } from "../../support/plue";
import { inTerminal, type Session, type SessionProps } from "../../support/terminal-session";

let folder: PlueFolder;
beforeAll(() => {
  folder = new PlueFolder();
});
afterAll(() => folder.remove());

const session = (args: readonly string[], props: Partial<SessionProps> = {}) =>
  inTerminal(args, { cwd: folder.folder, ...props });
/** Lines that the terminal would break, but for those of one word: an address or a path. */
const broken = ({ lines }: Session, columns = 80) =>
  lines.filter((line) => line.length > columns && line.trim().includes(" "));
/** The row of staging-base, which ends with two amounts. */
const costLine = (lines: readonly string[]) =>
  lines.find((line) => /^staging-base +[\d,.]+ +[\d,.]+$/.test(line));
const PROGRESS = "Synthesizing the stacks …";

describe("in a terminal of 80 by 24", () => {
  test.each([["--help"], ["secrets", "--help"]])("%s %s fits, with its examples", async (...args) => {
    const run = await session(args);
    expect(run.status).toBe(0);
    expect(broken(run)).toEqual([]);
  });

  test("cost fits, says what it is at, and leaves nothing of that", async () => {
    const run = await session(["cost"]);
    expect(broken(run)).toEqual([]);
    expect(costLine(run.lines)).toHaveLength(80);
    expect(run.written).toContain(PROGRESS);
    expect(run.lines.join("\n")).not.toContain(PROGRESS);
    expect(broken(await session(["cost", "production"]))).toEqual([]);
  });

  test("cost stays as narrow as it is where there is more room", async () => {
    const run = await session(["cost"], { columns: 200 });
    expect(costLine(run.lines)).toHaveLength(100);
  });

  test("doctor breaks what it found, and no command to copy", async () => {
    const bin = join(folder.folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "terraform"), `#!/bin/sh\necho '{"terraform_version": "1.10.0"}'\n`);
    chmodSync(join(bin, "terraform"), 0o755);
    const run = await session(["doctor"], {
      environment: {
        PATH: bin,
        HOME: folder.folder,
        STORAGE_EMULATOR_HOST: "127.0.0.1:1",
        TF_CLI_CONFIG_FILE: "",
      },
    });
    expect(run.status).toBe(1);
    expect(run.lines).toContain(
      "    mkdir -p ~/.terraform.d/plugin-cache && export TF_PLUGIN_CACHE_DIR=~/.terraform.d/plugin-cache",
    );
    expect(broken(run).filter((line) => !line.includes("TF_PLUGIN_CACHE_DIR="))).toEqual([]);
    const at = run.lines.findIndex((line) => line.startsWith("missing   terraform  "));
    expect(run.lines.slice(at, at + 3).map((line) => line.trim())).toEqual([
      "missing   terraform               1.10.0: write-only arguments, by which secrets",
      "stay out of state, need 1.11.0",
      "https://developer.hashicorp.com/terraform/install",
    ]);
    expect(run.written).toContain("Looking at this machine …");
  });

  test("a sentence is broken at spaces, and what is to be copied stays whole", async () => {
    const run = await session(["deploy", "staging-alice"], {
      environment: {
        PATH: join(folder.folder, "none"),
        HOME: folder.folder,
        STORAGE_EMULATOR_HOST: "127.0.0.1:1",
      },
    });
    expect(run.status).toBe(1);
    expect(run.lines).toContain("    gcloud components install gke-gcloud-auth-plugin");
    expect(run.lines.slice(-3, -1)).toEqual([
      "staging-alice needs that first. Nothing was changed; npx plue doctor",
      "staging-alice shows all of it.",
    ]);
  });

  test("the registry's commands put a remark below the command that it is too long for", async () => {
    const { registry } = folder;
    const run = await session(["engineers", "add", "carol", "--email", "carol@plue.dev"]);
    folder.registry = registry;
    const at = run.lines.indexOf("  gcloud auth login --update-adc");
    expect(run.lines.slice(at + 1, at + 4)).toEqual([
      "      (carol; as herself: her stack acts as",
      "       tf-staging-carol@plue-staging.iam.gserviceaccount.com by itself)",
      "  npx plue deploy staging-carol   (carol)",
    ]);
  });
});

describe("COLUMNS", () => {
  test("is how wide a terminal is that says something else", async () => {
    const run = await session(["cost"], { environment: { COLUMNS: "60" } });
    expect(broken(run, 60)).toEqual([]);
    expect(costLine(run.lines)).toHaveLength(60);
  });

  test("changes nothing in a pipe", async () => {
    const [usual, narrow] = [await folder.launch(["cost"]), await folder.launch(["cost"], { COLUMNS: "40" })];
    expect(narrow).toEqual(usual);
    expect([usual.stderr, usual.stdout]).toEqual([
      "",
      expect.stringContaining(`${"staging-base".padEnd(78)} `),
    ]);
  });
});

describe("in a workflow", () => {
  test("CI says nothing of what takes its time, even where it has a terminal", async () => {
    const run = await session(["cost"], { environment: { CI: "true" } });
    expect(run.status).toBe(0);
    expect(run.written).not.toContain("…");
    expect(run.written).not.toContain("\u001b[K");
  });
});

describeWithFakeGcs("status", () => {
  test("is a table where it fits, and a block for each stack where it does not", async () => {
    const gcs = await FakeGcs.start();
    await gcs.createBucket("plue-terraform-state");
    const state = { version: 4, terraform_version: "1.11.4", serial: 1, lineage: "x", outputs: {} };
    const resources = [{ mode: "managed", type: "a", name: "b", instances: [{}] }];
    await gcs.put(
      "plue-terraform-state",
      "production/default.tfstate",
      JSON.stringify({ ...state, resources }),
    );
    const environment = { STORAGE_EMULATOR_HOST: gcs.url };
    const [narrow, wide] = [
      await session(["status"], { environment, columns: 60 }),
      await session(["status"], { environment, columns: 160 }),
    ];
    await gcs.stop();
    expect(wide.lines[0]).toMatch(/^STACK +STATE +RESOURCES +LAST CHANGE +IMAGES +URL +USD A MONTH$/);
    const at = narrow.lines.indexOf("production");
    expect(narrow.lines.slice(at, at + 5)).toEqual([
      "production",
      "  STATE        deployed",
      "  RESOURCES    1",
      "  LAST CHANGE  less than a minute ago",
      expect.stringMatching(/^ {2}USD A MONTH {2}\d+ to \d+$/),
    ]);
    expect(narrow.written).toContain("Reading the states …");
  });
});

describe("synthesis", () => {
  let checkout: Checkout;
  beforeAll(() => {
    checkout = new Checkout();
    checkout.register({ name: "alice", email: "alice@plue.dev" });
  });
  afterAll(() => checkout.remove());
  const synth = (props: Partial<SessionProps> = {}) =>
    inTerminal([], { cwd: checkout.folder, program: join(checkout.folder, "scripts", "app.mjs"), ...props });

  test("fits into a terminal, and says what it is at", async () => {
    const run = await synth();
    expect(run.status).toBe(0);
    expect(broken(run)).toEqual([]);
    expect(run.lines[2]).toMatch(
      /^production-bootstrap +\d+ resources {2}cdktf\.out\/stacks\/production-bootstrap$/,
    );
    expect(run.written).toContain(PROGRESS);
    expect(run.lines.slice(-3, -1)).toEqual([
      "Next: npx plue diff <stack> shows what would change, npx plue deploy <stack>",
      "  applies it (both need Terraform and Google credentials).",
    ]);
  });

  test("is one line inside cdktf, which asks nobody for a newer version", async () => {
    const run = await inTerminal(["list"], {
      cwd: checkout.folder,
      program: join(checkout.folder, "scripts", "cdktf.mjs"),
      environment: { CI: "true", HOME: checkout.folder, TERRAFORM_BINARY_NAME: "no-terraform-here" },
    });
    expect(run.lines).toContain("8 stacks in cdktf.out");
    expect(run.written).not.toMatch(/resources|Next:|checkpoint/);
  });

  test("a stack's name with a mistake is told before it", async () => {
    const run = await inTerminal(["diff", "staging-alcie"], {
      cwd: checkout.folder,
      program: resolve("scripts/cdktf.mjs"),
    });
    expect([run.status, run.lines[0]]).toEqual([
      2,
      'there is no stack "staging-alcie"; did you mean staging-alice?',
    ]);
    expect(run.written).not.toContain(PROGRESS);
  });
});
