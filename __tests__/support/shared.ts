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
  const folder = process.env["PLUE_SHARED"];
  if (!folder) return make();
  const hash = createHash("sha256").update(JSON.stringify(from)).digest("hex");
  const file = join(folder, `${name}-${hash}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const made = make();
  // Two at once both make it, and write the same.
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, JSON.stringify(made));
  renameSync(partial, file);
  return made;
}
