import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { declareStacks } from "../../stacks";
import { Charts } from "../../stacks/charts";
import type { Project } from "../config/project";
import type { Stacks, TerraformJson } from "../terraform-json";
import { disableTokenStackTraces } from "../token-stack-traces";

/**
 * Synthesizes every stack in this process, into a folder that is gone afterwards: what `cdktf.out/` holds may be of
 * another day, or HCL. Types are not checked.
 */
export function synthesizeStacks(project: Project): Stacks {
  disableTokenStackTraces();
  const outdir = mkdtempSync(join(tmpdir(), "plue-stacks-"));
  try {
    const app = new App({ outdir, stackTraces: false });
    declareStacks(app, project, new Charts());
    app.synth();
    return new Map(
      Object.values(app.manifest.stacks).map(({ name, synthesizedStackPath }) => [
        name,
        JSON.parse(readFileSync(join(outdir, synthesizedStackPath), "utf8")) as TerraformJson,
      ]),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
