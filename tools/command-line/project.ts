import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CliError, EXIT } from "./errors";

let startedIn = process.cwd();

/**
 * Goes to the folder of cdktf.json, where the command was started or above, as every command names files from there.
 * @throws {CliError} when there is none
 */
export function enterProject(from: string): void {
  startedIn = from;
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "cdktf.json"))) {
      process.chdir(folder);
      return;
    }
    if (folder === dirname(folder))
      throw new CliError(`no cdktf.json in ${from} or above it: run this in the checkout`, EXIT.usage);
  }
}

/** A path that somebody typed, as seen from where they were. */
export function typedPath(path: string): string {
  return resolve(startedIn, path);
}
