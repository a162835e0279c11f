import { chmodSync, existsSync, mkdirSync, readdirSync, statfsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { loadProgram } from "../../scripts/strip-types.mjs";
import { toolFolders } from "../../scripts/tools.mjs";

/** What all test files together have on disk at one time is a seventh of it. */
const ROOM = 2 ** 30;

/** Before all test files, for the processes that run them. */
export default function setUp() {
  // Those of npm run tools come first: they have the versions that are pinned.
  process.env.PATH = [...toolFolders(), ...postgresFolders(), process.env.PATH].join(delimiter);
  // Checkouts, states and databases of a moment: in memory nothing waits for a disk to have written them.
  if (hasRoom("/dev/shm")) process.env.TMPDIR = "/dev/shm";
  const { program } = loadProgram('export * from "./lib/core/temporary-folder";');
  program.sweepTemporaryFolders();
  const folder = program.temporaryFolder("tests");
  // Some start what they test as another user.
  chmodSync(folder, 0o1777);
  process.env.PLUE_SHARED = join(folder, "shared");
  mkdirSync(process.env.PLUE_SHARED);
  process.env.TMPDIR = folder;
}

/** Debian's psql is a script that looks for the newest, which takes four times as long as psql itself. */
function postgresFolders() {
  const versions = "/usr/lib/postgresql";
  if (!existsSync(versions)) return [];
  const newestFirst = readdirSync(versions).sort((one, other) => Number(other) - Number(one));
  return newestFirst
    .map((version) => join(versions, version, "bin"))
    .filter((bin) => existsSync(join(bin, "psql")))
    .slice(0, 1);
}

function hasRoom(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ROOM;
  } catch {
    return false;
  }
}
