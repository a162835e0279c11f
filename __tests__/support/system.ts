import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../lib/core/app";
import type { Project } from "../../lib/environments/system";
import { Synthesized } from "./synth";

/** Every stack of a system, by name. */
export function synthesizeProject(project: Project): ReadonlyMap<string, Synthesized> {
  const outdir = mkdtempSync(join(tmpdir(), "plue-system-"));
  try {
    const app = createApp(outdir);
    project.declare(app);
    app.synth();
    const texts = Object.values(app.manifest.stacks).map(
      ({ name, synthesizedStackPath }) =>
        [name, readFileSync(join(outdir, synthesizedStackPath), "utf8")] as const,
    );
    return new Map(texts.map(([name, text]) => [name, new Synthesized(JSON.parse(text))]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
