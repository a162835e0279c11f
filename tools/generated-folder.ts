import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { sweepBeside, temporaryFolderBeside } from "../lib/core/temporary-folder";
import { readNormalized } from "../lib/core/text-file";
import { CliError, EXIT } from "./command-line/errors";

/** Lists what was written, so that a later run can tell its own files from those of somebody else. */
const MANIFEST = ".plue-files.json";
/** What a folder held that is being replaced. */
const PREVIOUS = "previous";

/**
 * Refuses a folder that holds anything but what `publishFolder` wrote.
 * @throws {CliError} naming what else is there
 */
export function refuseForeignFiles(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new CliError(`${folder} is a file, not a folder.`, EXIT.refused);
  const known = readManifest(folder);
  const foreign = filesBelow(folder).filter(
    (file) => file !== MANIFEST && (known[file] === undefined || known[file] !== digest(join(folder, file))),
  );
  if (foreign.length === 0) return;
  const named =
    foreign.slice(0, 5).join(", ") + (foreign.length > 5 ? ` and ${foreign.length - 5} more` : "");
  throw new CliError(
    `${folder} holds what was not written here, or was changed since: ${named}. It stays as it is; choose another folder.`,
    EXIT.refused,
  );
}

/**
 * Writes a folder as a whole: it is there complete or not at all, and an older one of ours is replaced. Where that fails, the
 * older one is there as before.
 *
 * @param write fills the folder that it is given
 * @throws {CliError} where the folder holds anything else
 */
export function publishFolder(folder: string, write: (partial: string) => void): void {
  // Killed between its two steps, an earlier run has left the folder as it was in its own.
  sweepBeside(folder, (partial) => {
    if (!existsSync(folder) && existsSync(join(partial, PREVIOUS)))
      renameSync(join(partial, PREVIOUS), folder);
  });
  refuseForeignFiles(folder);
  mkdirSync(dirname(folder), { recursive: true });
  const partial = temporaryFolderBeside(folder);
  const [next, previous] = [join(partial, "next"), join(partial, PREVIOUS)];
  try {
    mkdirSync(next);
    write(next);
    const files = filesBelow(next).map((file) => [file, digest(join(next, file))]);
    writeFileSync(join(next, MANIFEST), `${JSON.stringify({ files: Object.fromEntries(files) }, null, 2)}\n`);
    if (existsSync(folder)) renameSync(folder, previous);
    renameSync(next, folder);
  } catch (error) {
    if (existsSync(previous)) putBack(previous, folder, error);
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
  rmSync(partial, { recursive: true, force: true });
}

/** @throws where that fails, too: the older folder is left where it is, and named */
function putBack(previous: string, folder: string, because: unknown): void {
  try {
    renameSync(previous, folder);
  } catch (error) {
    const reason = [because, error].map((each) => (each instanceof Error ? each.message : each)).join("; ");
    throw new Error(`${folder} could not be replaced (${reason}). What it held is in ${previous}.`);
  }
}

/** Writes texts below a folder, by path with `/`. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function readManifest(folder: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(join(folder, MANIFEST), "utf8")).files ?? {};
  } catch {
    return {};
  }
}

/** Whoever commits the folder may check it out with other line ends. */
function digest(file: string): string {
  return createHash("sha256").update(readNormalized(file)).digest("hex").slice(0, 16);
}

/** Paths with `/`, sorted. Links are files: what they lead to is not ours. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .sort();
}
