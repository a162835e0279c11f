import { chmodSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engines } from "../../package.json";
import { Checkout } from "../support/checkout";
import { ALICE } from "../support/program";

const checkout = new Checkout();
checkout.register(ALICE);
checkout.checksTypes = false;
afterAll(() => checkout.remove());

/** What people start, each as a process of its own. */
const STARTED = [
  ["npm run synth", "scripts/app.mjs"],
  ["npx plue", "scripts/plue.mjs"],
  ["npx cdktf", "scripts/cdktf.mjs"],
] as const;

describe.each(STARTED)("%s", (_, script) => {
  test.each([
    ["18.20.8", 1],
    ["20.8.1", 1],
    ["20.9.0", undefined],
    ["24.0.0", undefined],
  ])("on Node %s says that it is too old, or starts", (version, status) => {
    checkout.write("node.cjs", `Object.defineProperty(process.versions, "node", { value: "${version}" });\n`);
    const run = checkout.run(process.execPath, ["--require", "./node.cjs", script, "--help"]);
    const oldest = engines.node.replace(">=", "");
    const told = `This is Node ${version}, and ${oldest} is the oldest that will do: nvm install 20, or https://nodejs.org\n`;
    if (status === undefined) expect(run.stderr).not.toContain("This is Node");
    else expect(run).toMatchObject({ status, stdout: "", stderr: told });
  });

  test("without its packages says npm ci", () => {
    const modules = join(checkout.folder, "node_modules");
    renameSync(modules, `${modules}.away`);
    const { status, stdout, stderr } = checkout.run(process.execPath, [script, "--help"]);
    renameSync(`${modules}.away`, modules);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^Packages are not installed \(.* and \d+ more\): run npm ci in \/\S+\n$/);
  });

  test("with one package missing names it", () => {
    const commander = join(checkout.folder, "node_modules", "commander");
    renameSync(commander, `${commander}.away`);
    const { stderr } = checkout.run(process.execPath, [script, "--help"]);
    renameSync(`${commander}.away`, commander);
    expect(stderr).toMatch(/^Packages are not installed \(commander\): run npm ci in /);
  });
});

test.each([
  ["--foo", "Unknown option '--foo'"],
  ["staging-base", "Unexpected argument 'staging-base'"],
  ["--hcl=yes", "Option '--hcl' does not take an argument"],
])("npm run synth -- %s is wrong usage, and writes nothing", (option, message) => {
  const { status, stdout, stderr } = checkout.run(process.execPath, ["scripts/app.mjs", option]);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
  expect(stderr).toContain("There are: --all (every system's program), --hcl (HCL instead of JSON).");
  expect(readdirSync(checkout.folder)).not.toContain("cdktf.out");
});

test("npx plue says where a program cannot be loaded, without a stack trace", () => {
  const program = 'export { system } from "./stacks/plu";\nimport "./nothing";\n';
  const { status, stdout, stderr } = checkout.changed("main.ts", checkout.read("main.ts"), program, () =>
    checkout.run(process.execPath, ["scripts/plue.mjs", "engineers", "list"]),
  );
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr.split("\n")).toEqual([
    'main.ts:1:24: Could not resolve "./stacks/plu"',
    'main.ts:2:8: Could not resolve "./nothing"',
    "The program cannot be loaded: npm run typecheck says all that is wrong with it.",
    "",
  ]);
});

test("npm run synth -- --hcl writes HCL and no JSON", () => {
  const { status } = checkout.run(process.execPath, ["scripts/app.mjs", "--hcl"], {
    CDKTF_OUTDIR: "hcl.out",
  });
  const written = readdirSync(join(checkout.folder, "hcl.out", "stacks", "staging-base"));
  expect(status).toBe(0);
  expect(written).toContain("main.tf");
  expect(written).not.toContain("cdk.tf.json");
});

test("a reader that has seen enough is no error", () => {
  const { status, stderr } = checkout.run("sh", ["-c", `"${process.execPath}" scripts/app.mjs | true`], {
    CDKTF_OUTDIR: "piped.out",
  });
  expect([status, stderr]).toEqual([0, ""]);
});

test("a wrong value of a chart is told as those of the other files, and ends with 3", () => {
  const { status, stderr } = checkout.changed(
    "helm/plue/values-staging.yaml",
    "replicaCount: 1",
    "replicaCuont: 1",
    () => checkout.synth(),
  );
  expect([status, stderr]).toEqual([
    3,
    expect.stringMatching(
      /^helm\/plue\/values-staging\.yaml:\d+:1: replicaCuont: unknown key "replicaCuont": did you mean "replicaCount"\?\n$/,
    ),
  ]);
});

test("a file where the output folder should be is said to be one, and stays", () => {
  checkout.write("cdktf.out", "notes");
  const { status, stderr } = checkout.synth();
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^\/\S+\/cdktf\.out is a file, and the output is a folder: remove it, or set CDKTF_OUTDIR to another place\n$/,
  );
  expect(checkout.read("cdktf.out")).toBe("notes");
  rmSync(join(checkout.folder, "cdktf.out"));
});

test("a checkout that may not be written is said to be one; what only reads goes on", () => {
  // Root may write anywhere.
  const user = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  chmodSync(checkout.folder, 0o555);
  const run = (args: string[]) => checkout.runIn(checkout.folder, process.execPath, args, {}, user);
  const synthesized = run(["scripts/app.mjs"]);
  const listed = run(["scripts/plue.mjs", "engineers", "list"]);
  chmodSync(checkout.folder, 0o755);
  expect(synthesized.status).toBe(1);
  expect(synthesized.stderr).toMatch(
    /^\/\S+\/cdktf\.out\.\S+ may not be read or written by this user: give yourself the right to, or use another folder \(EACCES\)\n$/,
  );
  expect(listed).toMatchObject({ status: 0, stderr: "" });
});

test.each([
  ["a stack", "stacks/plue/staging-engineer.ts", "staging-alice"],
  ["a construct", "lib/google/networking/index.ts", "staging-base/network"],
])("an error of %s that says nothing of its place is told with it", (_, file, where) => {
  const [superCall = ""] = /^ +super\([^;]*;$/m.exec(checkout.read(file)) ?? [];
  const thrown = 'if (process.pid > 0) throw new Error("boom");';
  const { status, stderr } = checkout.changed(file, superCall, `${superCall}\n${thrown}`, () =>
    checkout.synth(),
  );
  expect(status).toBe(1);
  expect(stderr).toMatch(new RegExp(`^${where}: boom \\(${file.replaceAll(".", "\\.")}:\\d+:\\d+\\)\n$`));
});

test.each(
  [["--help"], ["engineers", "list"], ["engineers", "add", "zoe", "--email", "zoe@plue.dev"]].map((args) => [
    args,
  ]),
)("plue %j loads nothing that speaks to Google", (args) => {
  checkout.write(
    "loads.cjs",
    `const Module = require("node:module");
      const load = Module._load;
      Module._load = (name, ...rest) => {
        if (/^(google-auth-library|gaxios|@google-cloud\\/)/.test(name)) throw new Error("loads " + name);
        return load(name, ...rest);
      };\n`,
  );
  const { status, stderr } = checkout.run(process.execPath, [
    "--require",
    "./loads.cjs",
    "scripts/plue.mjs",
    ...args,
  ]);
  checkout.register(ALICE);
  expect([status, stderr]).toEqual([0, expect.not.stringContaining("loads ")]);
});

describe("what a process leaves that was killed", () => {
  test("is gone after the next run, and nothing of one that runs", async () => {
    const temporary = mkdtempSync(join(tmpdir(), "plue-test-tmp-"));
    const running = checkout.leftovers();
    expect(running).toEqual([]);
    expect(await checkout.interrupt("SIGKILL")).toBeNull();
    expect(checkout.leftovers()).toHaveLength(1);
    const [name = ""] = checkout.leftovers();
    // As another process that is there would call its own.
    const others = name.replace(/-\d+-\w{6}$/, `-${process.pid}-abcdef`);
    checkout.write(`${others}/file`, "");
    const inTmp = join(temporary, name.replace(/^cdktf\.out\./, "plue-plan-"));
    const alive = join(temporary, others.replace(/^cdktf\.out\./, "plue-plan-"));
    for (const folder of [inTmp, alive]) {
      writeFileSync(`${folder}.txt`, "");
      checkout.run("mkdir", [folder]);
    }
    expect(checkout.synth({ TMPDIR: temporary }).status).toBe(0);
    expect(checkout.leftovers()).toEqual([others]);
    expect(readdirSync(temporary).filter((entry) => !entry.endsWith(".txt"))).toEqual([
      alive.slice(temporary.length + 1),
    ]);
    checkout.run("mkdir", [inTmp]);
    checkout.run(process.execPath, ["scripts/plue.mjs", "engineers", "list"], { TMPDIR: temporary });
    expect(readdirSync(temporary).filter((entry) => !entry.endsWith(".txt"))).toEqual([
      alive.slice(temporary.length + 1),
    ]);
    for (const folder of [temporary, join(checkout.folder, others)]) rmSync(folder, { recursive: true });
  });
});
