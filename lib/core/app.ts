import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";

/** An app whose stacks are read in memory alone. CDKTF makes the output folder at once: this one is gone again. */
export function unwrittenApp(): App {
  const outdir = mkdtempSync(join(tmpdir(), "plue-unwritten-"));
  try {
    return new App({ outdir, stackTraces: false });
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
