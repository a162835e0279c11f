import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { age, listed } from "../../../tools/command-line/output";
import { describeLock } from "../../../tools/state/state-bucket";
import { LAUNCHER, PlueFolder, runPlue } from "../../support/plue";

let folder: PlueFolder;
beforeEach(() => {
  folder = new PlueFolder();
});
afterEach(() => folder.remove());

const COMMANDS = ["init", "engineers", "status", "changed", "cost", "report", "eject", "secrets", "doctor"];
const GROUPS = {
  engineers: ["add", "list", "show", "offboard", "remove"],
  secrets: ["list", "set", "rotate", "retire"],
};

test("help names every command, and each has help with an example", async () => {
  const { status, stdout } = await folder.plue(["--help"]);
  expect(status).toBe(0);
  for (const command of COMMANDS) {
    expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
    const help = await folder.plue([command, "--help"]);
    expect([command, help.status]).toEqual([command, 0]);
    if (!(command in GROUPS)) expect(help.stdout).toContain("Examples:\n  $ ");
  }
  for (const [group, commands] of Object.entries(GROUPS))
    for (const command of commands)
      expect((await folder.plue([group, command, "--help"])).stdout).toContain(
        `Examples:\n  $ npx plue ${group} ${command}`,
      );
});

test.each([
  [["statsu"], "Did you mean status?"],
  [["engineers", "lsit"], "Did you mean list?"],
  [["status", "--jsno"], "Did you mean --json?"],
  [["engineers", "add", "carol"], "required option '--email <address>' not specified"],
  [["engineers", "show"], "missing required argument 'name'"],
])("%j is wrong usage, and the message says what would be right", async (args, message) => {
  const { status, stdout, stderr } = await folder.plue(args);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
});

test("the project is where cdktf.json is, here or above", async () => {
  mkdirSync(join(folder.folder, "docs", "deep"), { recursive: true });
  const { status, stdout } = await runPlue(join(folder.folder, "docs", "deep"), [
    "engineers",
    "list",
    "--json",
  ]);
  expect([status, JSON.parse(stdout).length]).toEqual([0, 2]);
});

test("outside of a project there is one message", async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), "plue-elsewhere-"));
  const { status, stderr } = await runPlue(elsewhere, ["status"]);
  rmSync(elsewhere, { recursive: true });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^no cdktf.json in .* or above it: run this in the checkout\n$/);
});

test("a mistake in cdktf.json or engineers.json is told with its place, and ends with 3", async () => {
  folder.registry = '{"engineers": [{"name": "alice"}]}';
  const { status, stderr } = await folder.launch(["status"]);
  expect(status).toBe(3);
  expect(stderr).toMatch(/^engineers.json:1:16: engineers\[0\]/);
});

test("a reader that has seen enough is no error", () => {
  const { stderr, status } = spawnSync(
    "sh",
    ["-c", `"${process.execPath}" "${LAUNCHER}" engineers list --json | true`],
    { cwd: folder.folder, encoding: "utf8" },
  );
  expect([status, stderr]).toEqual([0, ""]);
});

test.each([
  ["npx", ["--no", "--", "plue", "engineers", "list", "--json"]],
  ["npm", ["run", "--silent", "plue", "--", "engineers", "list", "--json"]],
])("%s finds the command line of the checkout", (command, args) => {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8" });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)[0].name).toBe("alice");
});

describe("words for a person", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

  test.each([
    [0, "less than a minute"],
    [1, "1 minute"],
    [59, "59 minutes"],
    [60, "1 hour"],
    [47 * 60, "1 day"],
    [48 * 60, "2 days"],
  ])("%i minutes are %s", (minutes, text) => {
    expect(age(minutesAgo(minutes), now)).toBe(text);
  });

  test("a lock whose file says nothing has an unknown holder", () => {
    expect(describeLock({ id: "1", since: minutesAgo(5) }, now)).toBe("by somebody unknown for 5 minutes");
  });

  test("a long list ends with how many are left out", () => {
    const items = Array.from({ length: 23 }, (_, i) => `a.b${i}`);
    expect(listed(items).split("\n").slice(-2)).toEqual(["  a.b19", "  and 3 more"]);
    expect(listed(["a.b"])).toBe("  a.b");
  });
});
