import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { table } from "./output";
import { outputWidth, wrap } from "./terminal";

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
 * What a synthesis wrote, for who started it: a line per stack, then warnings, then what to do next.
 * @param startedByCli cdktf-cli started it, which shows a plan or the stacks' warnings after that: one line
 * @param besides warnings of what is no stack's
 */
export function summarize(outdir: string, startedByCli = false, besides: readonly string[] = []): string {
  const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as Manifest;
  const shown = relative(process.cwd(), outdir) || ".";
  const stacks = Object.entries(manifest.stacks);
  const own = besides.map((message) => `warning: ${message}`);
  if (startedByCli) return [...own, `${stacks.length} stacks in ${shown}`].join("\n");
  const rows = stacks.map(([name, stack]) => [
    name,
    `${String(countResources(outdir, stack)).padStart(4)} resources`,
    join(shown, stack.workingDirectory),
  ]);
  const warnings = stacks.flatMap(([, { annotations }]) =>
    annotations.filter(({ level }) => level.endsWith("warn")).map(({ message }) => `warning: ${message}`),
  );
  const width = outputWidth();
  return [
    table(rows, { head: false }),
    ...[...own, ...new Set(warnings)].flatMap((warning) => wrap(warning, width, "", "  ")),
    "",
    ...wrap(NEXT, width, "", "  "),
  ].join("\n");
}

const NEXT =
  "Next: npx plue diff <stack> shows what would change, npx plue deploy <stack> applies it (both need Terraform and Google credentials).";

/** Resources in a stack's Terraform JSON, or in the metadata that stands beside HCL. */
function countResources(outdir: string, stack: StackManifest): number {
  const { synthesizedStackPath: file, stackMetadataPath } = stack;
  const path = join(outdir, file.endsWith(".json") ? file : stackMetadataPath);
  const { resource = {} } = JSON.parse(readFileSync(path, "utf8")) as { resource?: Record<string, object> };
  return Object.values(resource).reduce((sum, named) => sum + Object.keys(named).length, 0);
}
