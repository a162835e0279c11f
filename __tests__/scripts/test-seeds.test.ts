import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesBelow } from "../support/tree";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plue-seeds-"));
  cpSync("scripts/test-seeds.mjs", join(folder, "scripts/test-seeds.mjs"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the script with a test runner that only says how it was started, and ends so. */
function seeds(status: number, ...args: string[]) {
  mkdirSync(join(folder, "node_modules/jest/bin"), { recursive: true });
  writeFileSync(
    join(folder, "node_modules/jest/bin/jest.js"),
    `console.log(process.env.PROPERTY_SEED, ...process.argv.slice(2)); process.exit(${status});`,
  );
  const script = join(folder, "scripts/test-seeds.mjs");
  return spawnSync(process.execPath, [script, ...args], { cwd: folder, encoding: "utf8" });
}

test("each run has a seed of its own, which is said", () => {
  const runs = [seeds(0), seeds(0)];
  const said = runs.map(({ status, stdout, stderr }) => {
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^Properties on the seed -?\d+ …\n$/)]);
    const [seed, ...args] = stdout.trim().split(" ");
    expect(stderr).toContain(` ${seed} `);
    expect(args).toEqual(["--silent", "--findRelatedTests", "__tests__/support/properties.ts"]);
    return seed;
  });
  expect(new Set(said).size).toBe(2);
});

test("a run that fails says how to have it again, which it is with that seed", () => {
  const { status, stderr } = seeds(1);
  const [, again = ""] = /^Again with the same values: npm run test:seeds -- (-?\d+)$/m.exec(stderr) ?? [];
  expect([status, stderr]).toEqual([1, expect.stringContaining(`seed ${again} …`)]);
  expect(seeds(0, again).stdout).toMatch(new RegExp(`^${again} `));
});

test("anything but a whole number is wrong usage", () => {
  for (const args of [["x"], ["1.5"], ["1", "2"]])
    expect(seeds(0, ...args)).toMatchObject({ status: 2, stdout: "" });
});

test("it runs every file with a property", () => {
  const jest = ["node_modules/jest/bin/jest.js", "--listTests", "--findRelatedTests"];
  const { stdout } = spawnSync(process.execPath, [...jest, "__tests__/support/properties.ts"], {
    encoding: "utf8",
  });
  const listed = stdout.split("\n").map((file) => file.slice(process.cwd().length + 1));
  const having = filesBelow().filter(
    (file) =>
      /^__tests__\/.*\.test\.ts$/.test(file) && /\bfc\.(assert|sample)\(/.test(readFileSync(file, "utf8")),
  );
  expect(having.length).toBeGreaterThan(10);
  expect(listed).toEqual(
    expect.arrayContaining(having.filter((file) => !file.startsWith("__tests__/scripts/"))),
  );
});
