import { rmSync } from "node:fs";
import { App } from "cdktf";
import { temporaryFolder } from "./temporary-folder";

import stackTrace = require("cdktf/lib/tokens/private/stack-trace");

/**
 * The app of a program, without the stack traces that CDKTF records of every construct and token: for messages that no
 * program here ever prints, a third of a synthesis.
 *
 * `App({ stackTraces: false })` leaves those of tokens on. The module that makes them is private; the version is pinned,
 * and archived.
 *
 * @param outdir where it is synthesized to; by default where CDKTF says (`CDKTF_OUTDIR`, else `cdktf.out`)
 */
export function createApp(outdir?: string): App {
  Object.assign(stackTrace, { captureStackTrace: () => [] });
  return new App({ outdir, stackTraces: false });
}

/** An app whose stacks are read in memory alone. CDKTF makes the output folder at once: this one is gone again. */
export function unwrittenApp(): App {
  const outdir = temporaryFolder("unwritten");
  try {
    return createApp(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
