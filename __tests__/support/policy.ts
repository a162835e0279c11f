import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../lib/core/app";
import { Stack } from "../../lib/core/stack";
import { type CheckovInstallation, installedCheckov } from "../../tools/policy/checkov-install";
import { type StackSource, stackSource } from "../../tools/policy/stack-source";
import { describeOnlyUnless } from "./needs";

/** The pinned checkov; undefined where nobody has installed it yet. */
const installed = installedCheckov("policy/checkov/requirements.txt");

/** `describe` for tests that run checkov, skipped without it. */
export function describeWithCheckov(name: string, declare: (checkov: CheckovInstallation) => void): void {
  describeOnlyUnless(installed ? [] : ["checkov"], name, () => declare(installed as CheckovInstallation));
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
