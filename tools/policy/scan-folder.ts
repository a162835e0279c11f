import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../../lib/core/temporary-folder";

/** Runs a step with a folder of files for a scanner, which is gone afterwards. */
export function inFolder<T>(
  files: readonly (readonly [name: string, text: string])[],
  step: (folder: string) => Promise<T>,
): Promise<T> {
  return removedAfter(temporaryFolder("policy"), (folder) => {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return step(folder);
  });
}

/** Runs a step with a folder, which is gone afterwards, also where the process exits meanwhile. */
export async function removedAfter<T>(folder: string, step: (folder: string) => Promise<T>): Promise<T> {
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    return await step(folder);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/** A scanner's output, which is not JSON where it broke; undefined then. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
