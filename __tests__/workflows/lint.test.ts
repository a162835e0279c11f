import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

/** `test`, or a skipped one where the tool is not there; the reason is printed. */
function testWith(...tools: string[]) {
  const missing = tools.filter((tool) => spawnSync(tool, ["--version"]).error);
  if (missing.length > 0)
    console.warn(`skipped, as ${missing.join(" and ")} is not on the PATH: a lint of the workflows`);
  return missing.length > 0 ? test.skip : test;
}

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
