import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What several test files need and takes long is made by the first of them and read by the others: test files share
 * nothing else. It lasts as long as the run.
 *
 * @param name of what is made
 * @param from all that it depends on beside the sources
 * @param make gives what JSON can hold; always the same
 */
export function shared<T>(name: string, from: unknown, make: () => T): T {
  const file = fileOf(name, from);
  return read<T>(file) ?? write(file, make());
}

/** As `shared`, of what is made later. */
export async function sharedLater<T>(name: string, from: unknown, make: () => Promise<T>): Promise<T> {
  const file = fileOf(name, from);
  return read<T>(file) ?? write(file, await make());
}

/** Undefined outside of a run that has a folder for it. */
function fileOf(name: string, from: unknown): string | undefined {
  const folder = process.env["PLUE_SHARED"];
  const hash = createHash("sha256").update(JSON.stringify(from)).digest("hex");
  return folder && join(folder, `${name}-${hash}.json`);
}

function read<T>(file: string | undefined): T | undefined {
  return file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

function write<T>(file: string | undefined, made: T): T {
  if (file === undefined) return made;
  // Two at once both make it, and write the same.
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, JSON.stringify(made));
  renameSync(partial, file);
  return made;
}
