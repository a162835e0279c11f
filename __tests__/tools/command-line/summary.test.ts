import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { summarize } from "../../../tools/command-line/summary";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plue-summary-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

describe("summarize", () => {
  const stack = (name: string, annotations: object[] = [], file = "cdk.tf.json") => ({
    [name]: {
      synthesizedStackPath: `stacks/${name}/${file}`,
      stackMetadataPath: `stacks/${name}/metadata.json`,
      workingDirectory: `stacks/${name}`,
      annotations,
    },
  });
  const resources = JSON.stringify({
    resource: { google_sql_user: { a: {}, b: {} }, helm_release: { a: {} } },
    data: { google_project: { a: {} } },
  });
  const summary = (stacks: object, startedByCli = false) => {
    write({ "manifest.json": JSON.stringify({ stacks }) });
    return summarize(folder, startedByCli).split("\n");
  };
  const path = (name: string) => join(relative(process.cwd(), folder), "stacks", name);

  test("has a line for each stack, with its resources and where it is", () => {
    write({
      "stacks/staging-base/cdk.tf.json": resources,
      "stacks/production/cdk.tf.json": JSON.stringify({ terraform: {} }),
    });
    expect(summary({ ...stack("production"), ...stack("staging-base") }).slice(0, 2)).toEqual([
      `production       0 resources  ${path("production")}`,
      `staging-base     3 resources  ${path("staging-base")}`,
    ]);
  });

  test("counts resources of HCL in the metadata beside it", () => {
    write({ "stacks/production/metadata.json": resources });
    expect(summary(stack("production", [], "cdk.tf"))[0]).toBe(
      `production     3 resources  ${path("production")}`,
    );
  });

  test("tells each warning once, and nothing that is none", () => {
    write({ "stacks/a/cdk.tf.json": "{}", "stacks/b/cdk.tf.json": "{}" });
    const warning = { level: "@cdktf/warn", message: "short of room", constructPath: "a" };
    const info = { level: "@cdktf/info", message: "hello", constructPath: "a" };
    expect(summary({ ...stack("a", [warning, info]), ...stack("b", [warning]) }).slice(2, -2)).toEqual([
      "warning: short of room",
    ]);
  });

  test("ends with what to do next", () => {
    const lines = summary({});
    expect(lines.slice(0, -1)).toEqual(["", ""]);
    expect(lines.at(-1)).toMatch(/^Next: npx plue diff <stack> .*, npx plue deploy <stack> /);
  });

  test("is one line inside cdktf, which tells warnings itself", () => {
    const warning = { level: "@cdktf/warn", message: "short of room", constructPath: "a" };
    expect(summary({ ...stack("a", [warning]), ...stack("b") }, true)).toEqual([
      `2 stacks in ${relative(process.cwd(), folder)}`,
    ]);
  });
});
