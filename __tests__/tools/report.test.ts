import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlueFolder } from "../support/plue";
import { programFiles } from "../support/program";

let folder: PlueFolder;
beforeEach(() => {
  folder = new PlueFolder([{ name: "alice", email: "alice@plue.dev" }]);
});
afterEach(() => folder.remove());
const read = (file: string) => readFileSync(join(folder.folder, file), "utf8");

/** A synthesis of alice and bob, as another checkout has it. */
function writeBase(name: string): void {
  for (const [path, text] of programFiles()) {
    const file = join(folder.folder, name, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
  }
}

test("a page is written beside the stacks, and again the same", async () => {
  const { status, stdout, stderr } = await folder.plue(["report"]);
  expect([status, stdout, stderr]).toEqual([0, "", "Wrote cdktf.out/report.html: open it in a browser.\n"]);
  const page = read("cdktf.out/report.html");
  expect(page).toContain("https://alice.staging.plue.dev");
  await folder.plue(["report", "--out", "again.html"]);
  expect(read("again.html")).toBe(page);
  expect(readdirSync(join(folder.folder, "cdktf.out"))).toEqual(["report.html"]);
});

test("with a base, the page says what changed since", async () => {
  writeBase("base");
  await folder.plue(["report", "--base", "base", "--out", "report.html"]);
  const page = read("report.html");
  expect(page).toContain('<h3>staging-bob <span class="tag removed">removed</span></h3>');
  expect(page).toContain('<h3>staging-access <span class="tag changed">changed</span></h3>');
  expect(page).not.toContain('<h3>staging-base <span class="tag');
});

test("a base that is none, and a place that cannot be written, are one message each", async () => {
  const none = await folder.plue(["report", "--base", "helm"]);
  expect([none.status, none.stderr]).toEqual([
    1,
    expect.stringMatching(/helm is neither a folder with synthesized stacks nor a commit of this repository/),
  ]);
  const blocked = await folder.plue(["report", "--out", "cdktf.json/report.html"]);
  expect([blocked.status, blocked.stderr.split("\n").length]).toEqual([1, 2]);
  expect(blocked.stderr).toMatch(/report\.html cannot be written: /);
  expect(existsSync(join(folder.folder, "cdktf.out"))).toBe(false);
});
