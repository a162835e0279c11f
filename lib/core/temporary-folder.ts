import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/** What this program's folders for temporary files are called first, in the system's own. */
const PREFIX = "plue-";
/** Whose a folder is: a process, and where its number means that process. */
const OWNED = /[.-]([A-Za-z0-9]+)-(\d+)-[A-Za-z0-9]{6}$/;

/**
 * Makes a folder in the system's own for temporary files. Whoever makes it takes it away; where that process was killed, the
 * next run does ({@link sweepTemporaryFolders}).
 * @param purpose part of its name
 */
export function temporaryFolder(purpose: string): string {
  return mkdtempSync(join(tmpdir(), `${PREFIX}${purpose}-${owner()}-`));
}

/** As `temporaryFolder`, beside a path and named after it: what is made in it can be moved there at once. */
export function temporaryFolderBeside(path: string): string {
  return mkdtempSync(`${path}.${owner()}-`);
}

/** Takes away what processes that are gone left in the system's folder for temporary files. */
export function sweepTemporaryFolders(): void {
  sweep(tmpdir(), PREFIX);
}

/**
 * Takes away what processes that are gone left beside a path.
 * @param save told of each folder before
 */
export function sweepBeside(path: string, save?: (folder: string) => void): void {
  sweep(dirname(path), `${basename(path)}.`, save);
}

function sweep(folder: string, prefix: string, save: (folder: string) => void = () => {}): void {
  for (const path of abandoned(folder, prefix)) {
    save(path);
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Somebody else sweeps, or may: no reason not to do what was asked.
    }
  }
}

/** Folders of this user whose process is gone. */
function abandoned(folder: string, prefix: string): string[] {
  return entriesOf(folder)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(folder, name))
    .filter((path) => {
      const [, place, process] = OWNED.exec(path) ?? [];
      return place === thisPlace() && !runs(Number(process)) && isMine(path);
    });
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isMine(path: string): boolean {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  return entry?.isDirectory() === true && (process.getuid === undefined || entry.uid === process.getuid());
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function owner(): string {
  return `${thisPlace()}-${process.pid}`;
}

let place: string | undefined;

/** Where numbers of processes are those of this one: the machine, and on Linux the container. */
function thisPlace(): string {
  place ??= `${hostname()}${namespaceOfProcesses()}`.replace(/[^A-Za-z0-9]/g, "") || "here";
  return place;
}

function namespaceOfProcesses(): string {
  try {
    return readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
  } catch {
    return "";
  }
}
