import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../../lib/core/app";
import { orchestra } from "../../../stacks/orchestra";
import { Synthesized } from "../../support/synth";

export const FOLDER = "stacks/orchestra";

/** Orchestra as its committed configuration says. */
export const project = orchestra.readProject(FOLDER);

/** Its stacks, as its program synthesizes them. */
export const { bootstrap, base, application } = synthesizeStacks();

function synthesizeStacks() {
  const outdir = mkdtempSync(join(tmpdir(), "plue-orchestra-"));
  try {
    const app = createApp(outdir);
    project.declare(app);
    app.synth();
    const stack = (name: string) =>
      new Synthesized(
        JSON.parse(readFileSync(join(outdir, "stacks", `orchestra-${name}`, "cdk.tf.json"), "utf8")),
      );
    return { bootstrap: stack("bootstrap"), base: stack("base"), application: stack("application") };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
