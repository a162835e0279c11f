import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { STACK_FILES } from "../hcl/files";

/** What `cdktf` and Terraform leave in a stack's folder and can make again. */
const CACHES = new Set([".terraform", ".terraform.lock.hcl", "plan"]);
/** What synthesis writes into a stack's folder. */
const GENERATED = new Set(STACK_FILES);

interface Manifest {
  readonly stacks: Record<string, StackManifest>;
}

interface StackManifest {
  readonly synthesizedStackPath: string;
  readonly stackMetadataPath: string;
  readonly workingDirectory: string;
  readonly annotations: readonly {
    readonly level: string;
    readonly message: string;
    readonly constructPath: string;
  }[];
}

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
  removeStaleCharts(to, new Set(files));
  return removeStaleStacks(to, new Set(files), startedByCli);
}

/**
 * A line per stack, then warnings, then what to do next.
 *
 * @param startedByCli cdktf-cli started this, and prints the warnings itself
 */
export function summarize(outdir: string, startedByCli = false): string {
  const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as Manifest;
  const shown = relative(process.cwd(), outdir) || ".";
  const stacks = Object.entries(manifest.stacks).map(([name, stack]) => ({
    name,
    path: join(shown, stack.synthesizedStackPath),
    resources: countResources(outdir, stack),
    warnings: stack.annotations.filter(({ level }) => level.endsWith("warn")).map(({ message }) => message),
  }));
  const width = Math.max(0, ...stacks.map(({ name }) => name.length));
  const lines = stacks.map(
    ({ name, resources, path }) =>
      `${name.padEnd(width)}  ${String(resources).padStart(4)} resources  ${path}`,
  );
  const warnings = new Set(startedByCli ? [] : stacks.flatMap((stack) => stack.warnings));
  return [
    ...lines,
    ...[...warnings].map((warning) => `warning: ${warning}`),
    "",
    `Next: npx cdktf diff <stack> shows what would change, npx cdktf deploy <stack> applies it (both need Terraform and Google credentials).`,
  ].join("\n");
}

/** Resources in a stack's Terraform JSON, or in the metadata that stands beside HCL. */
function countResources(outdir: string, stack: StackManifest): number {
  const { synthesizedStackPath: file, stackMetadataPath } = stack;
  const path = join(outdir, file.endsWith(".json") ? file : stackMetadataPath);
  const { resource = {} } = JSON.parse(readFileSync(path, "utf8")) as { resource?: Record<string, object> };
  return Object.values(resource).reduce((sum, named) => sum + Object.keys(named).length, 0);
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

function removeStaleCharts(outdir: string, current: ReadonlySet<string>): void {
  const charts = join(outdir, "charts");
  if (existsSync(charts))
    for (const file of filesBelow(charts)) if (!current.has(join("charts", file))) rmSync(join(charts, file));
}

function filesBelow(folder: string, prefix = ""): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = join(prefix, entry.name);
    return entry.isDirectory() ? filesBelow(folder, path) : [path];
  });
}
