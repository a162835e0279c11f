import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { STACK_FILES } from "../hcl/files";

/** What `cdktf` and Terraform leave in a stack's folder and can make again. */
const CACHES = new Set([".terraform", ".terraform.lock.hcl", "plan"]);
/** Folders of the output that stacks take files from. */
const STAGED = ["charts", "functions"];
/** What synthesis writes into a stack's folder. */
const GENERATED = new Set(STACK_FILES);

/**
 * Moves a finished synthesis into the output folder: each file replaced as a whole, the manifest last, files that
 * did not change left alone (their time tells `make` and people what did), and what Terraform keeps in a stack's
 * folder (plug-ins, lock file) kept. Stacks that are gone lose their generated files.
 *
 * @param from folder of a finished synthesis, on the same file system; it is used up
 * @param to the output folder
 * @param startedByCli cdktf-cli started this: it lists the stacks' folders before, and removes those of stacks that are
 *   gone afterwards, with all that is in them. It fails where one is gone already, so each stays, empty.
 * @returns folders to which files were moved out of the CLI's way that cannot be made again, such as `errored.tfstate`
 */
export function publish(from: string, to: string, startedByCli = false): string[] {
  const files = filesBelow(from).sort(
    (a, b) => Number(a === "manifest.json") - Number(b === "manifest.json"),
  );
  for (const file of files) {
    const [source, target] = [join(from, file), join(to, file)];
    if (existsSync(target) && readFileSync(source).equals(readFileSync(target))) continue;
    mkdirSync(dirname(target), { recursive: true });
    renameSync(source, target);
  }
  for (const folder of STAGED) removeStaleFiles(to, folder, new Set(files));
  return removeStaleStacks(to, new Set(files), startedByCli);
}

function removeStaleStacks(outdir: string, current: ReadonlySet<string>, startedByCli: boolean): string[] {
  const moved: string[] = [];
  const entries = readdirSync(join(outdir, "stacks"), { withFileTypes: true });
  for (const { name: stack } of entries.filter((entry) => entry.isDirectory())) {
    const folder = join(outdir, "stacks", stack);
    for (const name of readdirSync(folder))
      if (GENERATED.has(name) && !current.has(join("stacks", stack, name))) rmSync(join(folder, name));
    const gone = readdirSync(folder).every((name) => !GENERATED.has(name));
    if (!gone) continue;
    if (readdirSync(folder).every((name) => CACHES.has(name))) rmSync(folder, { recursive: true });
    else if (startedByCli) moved.push(moveAway(folder, join(outdir, "kept", stack)));
    if (startedByCli) mkdirSync(folder, { recursive: true });
  }
  return moved;
}

/** Moves a folder to a place that is free. @returns that place */
function moveAway(folder: string, wanted: string): string {
  let target = wanted;
  for (let count = 2; existsSync(target); count += 1) target = `${wanted}-${count}`;
  mkdirSync(dirname(target), { recursive: true });
  renameSync(folder, target);
  return target;
}

function removeStaleFiles(outdir: string, folder: string, current: ReadonlySet<string>): void {
  const path = join(outdir, folder);
  if (existsSync(path))
    for (const file of filesBelow(path)) if (!current.has(join(folder, file))) rmSync(join(path, file));
}

function filesBelow(folder: string, prefix = ""): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = join(prefix, entry.name);
    return entry.isDirectory() ? filesBelow(folder, path) : [path];
  });
}
