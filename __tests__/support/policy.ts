import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../lib/core/app";
import { Stack } from "../../lib/core/stack";
import { type CheckovInstallation, installedCheckov } from "../../tools/policy/checkov-install";
import { type StackSource, stackSource } from "../../tools/policy/stack-source";

/** The pinned checkov; undefined where nobody has installed it yet. */
const installed = installedCheckov("policy/checkov/requirements.txt");

/** `describe` for tests that run checkov, which without it says why it skips. */
export function describeWithCheckov(name: string, declare: (checkov: CheckovInstallation) => void): void {
  if (installed) return void describe(name, () => declare(installed));
  console.warn(`Skipped: ${name}: checkov is not installed; npm run policy does that, once`);
  test.skip(`${name}: needs checkov`, () => {});
}

/** `describe` for tests that run a program, which without it says why it skips. */
export function describeWith(program: string, name: string, declare: () => void): void {
  if (spawnSync(program, ["--version"]).error === undefined) return void describe(name, declare);
  console.warn(`Skipped: ${name}: ${program} is not on the PATH`);
  test.skip(`${name}: needs ${program}`, () => {});
}

/** Stacks of one app, by name, as the policy scans them. */
export function sourcesOf(builds: Readonly<Record<string, (stack: Stack) => void>>): StackSource[] {
  const outdir = mkdtempSync(join(tmpdir(), "plue-policy-test-"));
  try {
    const app = createApp(outdir);
    const stacks = Object.entries(builds).map(([name, build]) => {
      const stack = new Stack(app, name, { stateBucket: "test-state" });
      build(stack);
      return stack;
    });
    app.synth();
    return stacks.map((stack) =>
      stackSource(stack, readFileSync(join(outdir, "stacks", stack.node.id, "cdk.tf.json"), "utf8")),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
