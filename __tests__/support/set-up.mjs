import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { toolFolders } from "../../scripts/tools.mjs";

/** What all test files together have on disk at one time is a seventh of it. */
const ROOM = 2 ** 30;

/** Of folders that this machine's runs make, each with its process behind it: short, as paths of sockets have to be. */
const PREFIX = `plue-tests-${hostname().slice(0, 12)}-`;

/** Before all test files, for the processes that run them. */
export default function setUp() {
  // Those of npm run tools come first: they have the versions that are pinned.
  process.env.PATH = [...toolFolders(), ...postgresFolders(), process.env.PATH].join(delimiter);
  // Checkouts, states and databases of a moment: in memory nothing waits for a disk to have written them.
  const base = hasRoom("/dev/shm") ? "/dev/shm" : tmpdir();
  sweep(base);
  const folder = mkdtempSync(join(base, `${PREFIX}${process.pid}-`));
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

/** Takes away what runs left that were killed. */
function sweep(base) {
  for (const name of readdirSync(base)) {
    if (!name.startsWith(PREFIX)) continue;
    const owner = Number.parseInt(name.slice(PREFIX.length), 10);
    if (!isRunning(owner)) rmSync(join(base, name), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch ({ code }) {
    return code !== "ESRCH";
  }
}

function hasRoom(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ROOM;
  } catch {
    return false;
  }
}
