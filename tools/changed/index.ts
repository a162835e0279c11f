import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import colors from "picocolors";
import { temporaryFolder } from "../../lib/core/temporary-folder";
import type { Stacks } from "../../lib/core/terraform-json";
import { CliError } from "../command-line/errors";
import { emit, examples, type JsonOption, tell, warn, withJson } from "../command-line/output";
import { readProject, thisSystem, typedPath } from "../command-line/project";
import { compareOutputs, outputIn, type StackChange } from "./compare-outputs";
import { readStacks } from "./read-stacks";
import { fileAt, findReturned, listed, type Returned } from "./returned";
import { checkOut, synthesize } from "./synthesize";

/** A change, and whom it brings back. */
interface Change extends StackChange {
  readonly returned?: Returned;
}

interface ChangedOptions extends JsonOption {
  readonly base: string;
  readonly matrix?: boolean;
  readonly install?: boolean;
}

/** Registers `plue changed`. */
export function registerChanged(program: Command): void {
  const command = program
    .command("changed")
    .description("the stacks of which a change alters the Terraform; synthesizes both sides, deploys nothing")
    .requiredOption("--base <ref|folder>", "what to compare with: a commit, or a folder with a cdktf.out")
    .option("--matrix", "print a GitHub matrix of what there is to plan: changed and new stacks, on one line")
    .option("--install", "run npm ci for the base, in a temporary folder, when it needs other packages");
  examples(withJson(command), {
    "npx plue changed --base origin/main": "what this branch alters",
    "npx plue changed --base ../main": "compares with another checkout's cdktf.out",
    'echo "matrix=$(npx plue changed --base origin/main --matrix)" >> "$GITHUB_OUTPUT"': "",
  });
  command.addHelpText(
    "after",
    "\nGitHub refuses an empty matrix: give the job that uses it\n  if: needs.<job>.outputs.matrix != '{\"include\":[]}'",
  );
  command.action(async (options: ChangedOptions) => {
    const changes = tellReturned(await findChanges(options), options.base);
    if (options.matrix) printMatrix(changes);
    else emit(options, changes, () => toText(changes, options.base));
  });
}

function findChanges({ base, install = false }: ChangedOptions): Promise<StackChange[]> {
  return inTemporaryFolder(async (folder) => {
    const [before, after] = [await baseOutput(base, folder, install), join(folder, "head.out")];
    tell("Synthesizing this checkout …");
    await synthesize(process.cwd(), after);
    return compareOutputs(before, after);
  });
}

/**
 * The stacks as they were: of a folder that holds a synthesis, or as a commit's own program synthesizes them.
 *
 * @param install run `npm ci` for a commit that needs other packages than this checkout
 * @throws {CliError} when there is neither, or it cannot be synthesized
 */
export function readBase(base: string, install = false): Promise<Stacks> {
  return inTemporaryFolder(async (folder) => readStacks(await baseOutput(base, folder, install)));
}

/** Runs an action with a folder that is gone afterwards, whatever ends it. */
async function inTemporaryFolder<T>(action: (folder: string) => Promise<T>): Promise<T> {
  const folder = temporaryFolder("changed");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  try {
    return await action(folder);
  } catch (error) {
    throw error instanceof Error ? new CliError(error.message) : error;
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/**
 * Says whose stack is there again, in the log and, in a workflow, beside the registry in the pull request.
 * @returns the changes, with who returned in hers
 */
function tellReturned(changes: readonly StackChange[], base: string): Change[] {
  const { registry } = thisSystem();
  if (!registry || changes.length === 0) return [...changes];
  const { file } = registry;
  const project = readProject();
  const stackOf = (name: string) => project.engineerNames(name)?.stack;
  const isNew = new Set(changes.filter(({ change }) => change === "new").map(({ stack }) => stack));
  // Of a folder nobody knows the registry, but its stacks say whom it listed.
  const known = outputIn(typedPath(base)) ? undefined : listed(fileAt(base, file) ?? "");
  const names = project.declared.flatMap(({ owner }) => owner?.engineer.name ?? []);
  const before =
    known ?? new Map(names.filter((name) => !isNew.has(stackOf(name) ?? "")).map((name) => [name, "active"]));
  const returned = new Map(findReturned(file, before).map((who) => [stackOf(who.name), who]));
  for (const who of returned.values()) warn(file, describeReturned(who));
  return changes.map((change) => {
    const who = returned.get(change.stack);
    return who ? { ...change, returned: who } : change;
  });
}

function describeReturned({ name, was, commit, date, subject }: Returned): string {
  const done = was === "removed" ? "removed in" : "offboarding since";
  const back = was === "removed" ? "back" : "active again";
  return `${name} is ${back}: ${done} commit ${commit} of ${date} (${subject}). If a merge did that, undo it.`;
}

/** The folder of the base's output: given, or made from a commit. */
async function baseOutput(base: string, temporary: string, install: boolean): Promise<string> {
  const given = typedPath(base);
  if (outputIn(given)) return given;
  tell(`Synthesizing ${base} …`);
  const checkout = join(temporary, "base");
  await checkOut({ repository: process.cwd(), ref: base, folder: checkout, install });
  const outdir = join(temporary, "base.out");
  mkdirSync(outdir);
  await synthesize(checkout, outdir);
  return outdir;
}

function printMatrix(changes: readonly StackChange[]): void {
  const include = changes
    .filter(({ change }) => change !== "removed")
    .map(({ stack, change }) => ({ stack, change }));
  for (const { stack } of changes.filter(({ change }) => change === "removed"))
    tell(`removed: ${stack}. Nothing plans it any more; it must have been destroyed before.`);
  process.stdout.write(`${JSON.stringify({ include })}\n`);
}

const MARKS: Record<StackChange["change"], string> = {
  changed: colors.yellow("changed"),
  new: colors.green("new    "),
  removed: colors.red("removed"),
};

function toText(changes: readonly StackChange[], base: string): string {
  if (changes.length === 0) return `No stack's Terraform differs from ${base}.`;
  return changes.map(({ stack, change }) => `${MARKS[change]}  ${stack}`).join("\n");
}
