import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import { createApp } from "../lib/core/app";
import { temporaryFolder } from "../lib/core/temporary-folder";
import type { Stacks, TerraformJson } from "../lib/core/terraform-json";
import { type Project, synthesizeInto } from "../lib/environments/system";
import type { HclStack } from "../lib/hcl/hcl-stack";
import { during } from "./command-line/progress";
import { type StackSource, stackSource } from "./policy/stack-source";

/**
 * Synthesizes every stack in this process, into a folder that is gone afterwards: what `cdktf.out/` holds may be of
 * another day, or HCL. Types are not checked.
 */
export function synthesizeStacks(project: Project): Stacks {
  const { texts } = synthesize(project);
  return new Map([...texts].map(([name, text]) => [name, JSON.parse(text) as TerraformJson]));
}

/** As `synthesizeStacks`, in both forms. */
export function synthesizeSources(project: Project): StackSource[] {
  const { stacks, texts } = synthesize(project);
  return stacks.map((stack) => stackSource(stack, texts.get(stack.node.id) ?? ""));
}

/** The stacks with everything that only a synthesis settles, and their `cdk.tf.json`, by name. */
export function synthesize(project: Project): {
  readonly stacks: readonly HclStack[];
  readonly texts: ReadonlyMap<string, string>;
} {
  return during("Synthesizing the stacks", () => synthesizeAside(project));
}

function synthesizeAside(project: Project): ReturnType<typeof synthesize> {
  const outdir = temporaryFolder("stacks");
  try {
    const app = createApp(outdir);
    synthesizeInto(app, project);
    const texts = Object.values(app.manifest.stacks).map(
      ({ name, synthesizedStackPath }) =>
        [name, readFileSync(join(outdir, synthesizedStackPath), "utf8")] as const,
    );
    return {
      // A stack that is none of ours has no HCL, and fails where somebody wants it.
      stacks: app.node.findAll().filter(TerraformStack.isStack) as HclStack[],
      texts: new Map(texts),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
