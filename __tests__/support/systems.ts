import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { TerraformStack } from "cdktf";
import { createApp } from "../../lib/core/app";
import type { System } from "../../lib/environments/system";
import type { HclStack } from "../../lib/hcl/hcl-stack";
import { stackSource } from "../../tools/policy/stack-source";

/** Folders of every system but Plue, whose program is the checkout's. */
export const SYSTEMS: readonly string[] = readdirSync("stacks")
  .map((name) => join("stacks", name))
  .filter((folder) => existsSync(join(folder, "main.ts")));

/** A system's stacks, as its program synthesizes them. */
export function synthesizeSystem(folder: string) {
  const { system } = require(resolve(folder, "main.ts")) as { readonly system: System };
  const project = system.readProject(folder);
  const outdir = mkdtempSync(join(tmpdir(), "plue-system-"));
  try {
    const app = createApp(outdir);
    project.declare(app);
    app.synth();
    const stacks = app.node.children.filter(TerraformStack.isStack) as HclStack[];
    const sources = stacks.map((stack) =>
      stackSource(stack, readFileSync(join(outdir, "stacks", stack.node.id, "cdk.tf.json"), "utf8")),
    );
    return { project, stacks, sources };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
