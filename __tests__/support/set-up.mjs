import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { toolFolders } from "../../scripts/tools.mjs";

/** Before all test files, for the processes that run them. */
export default function setUp() {
  // Those of npm run tools come first: they have the versions that are pinned.
  process.env.PATH = [...toolFolders(), process.env.PATH].join(delimiter);
  process.env.PLUE_SHARED = mkdtempSync(join(tmpdir(), "plue-shared-"));
}
