import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { testWith } from "../support/needs";

const complaints = (tool: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(tool, args, { encoding: "utf8" });
  return status === 0 ? "" : stdout + stderr;
};

// Without shellcheck it would check no script, and say nothing about it.
testWith("actionlint", "shellcheck")(
  "actionlint finds nothing in workflows, nor shellcheck in their steps",
  () => {
    expect(complaints("actionlint", "-no-color")).toBe("");
  },
);

testWith("zizmor")("zizmor finds nothing that somebody could abuse", () => {
  expect(complaints("zizmor", "--offline", "--no-progress", "--color=never", ".github")).toBe("");
});

testWith("shellcheck")("shellcheck finds nothing in scripts", () => {
  const scripts = readdirSync("scripts").filter((file) => file.endsWith(".sh"));
  expect(
    complaints("shellcheck", "--severity=warning", ".ci/run", ...scripts.map((file) => `scripts/${file}`)),
  ).toBe("");
});
