import { readdirSync } from "node:fs";
import { join } from "node:path";

/** What a checkout holds besides the project's own files. */
const NOT_OURS = /^(?:node_modules|\.git|coverage|cdktf\.out.*|ejected.*|\.terraform)$/;

/** The project's files below a folder, by paths from the project's root, sorted. */
export function filesBelow(folder = "."): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.test(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .sort();
}
