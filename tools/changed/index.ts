import { join } from "node:path";
import type { Command } from "commander";
import { sync as writeFileAtomic } from "write-file-atomic";
import type { Stacks } from "../../lib/core/terraform-json";
import { describeShortage } from "../../lib/environments/capacity";
import type { Project } from "../../lib/environments/system";
import { CliError } from "../command-line/errors";
import { emit, examples, type JsonOption, tell, warn, withJson } from "../command-line/output";
import { readProject, thisSystem, typedPath } from "../command-line/project";
import { withBase } from "./base";
import { compareOutputs, outputIn, type StackChange } from "./compare-outputs";
import { readStacks } from "./read-stacks";
import { fileAt, findReturned, listed, type Returned } from "./returned";
import { askBase, type Head, type Review, review } from "./review";
import { synthesize } from "./synthesize";
import { changesText, reviewText } from "./text";

/** A change, and whom it brings back. */
interface Change extends StackChange {
  readonly returned?: Returned;
}

interface ChangedOptions extends JsonOption {
  readonly base: string;
  readonly verbose?: boolean;
  readonly matrix?: boolean;
  readonly review?: string;
  readonly install?: boolean;
}

/** Registers `plue changed`. */
export function registerChanged(program: Command): void {
  const command = program
    .command("changed")
    .description("the stacks of which a change alters the Terraform; synthesizes both sides, deploys nothing")
    .requiredOption("--base <ref|folder>", "what to compare with: a commit, or a folder with a cdktf.out")
    .option(
      "-v, --verbose",
      "what it does to each resource, to costs and budgets, to the room for engineers and to policy's result",
    )
    .option("--matrix", "print a GitHub matrix of what there is to plan: changed and new stacks, on one line")
    .option("--review <file>", "write what --verbose shows there as JSON, for plue ci comment")
    .option("--install", "run npm ci for the base, in a temporary folder, when it needs other packages");
  examples(withJson(command), {
    "npx plue changed --base origin/main": "what this branch alters",
    "npx plue changed --base origin/main -v": "and what that means, resource by resource",
    "npx plue changed --base ../main": "compares with another checkout's cdktf.out",
    'echo "matrix=$(npx plue changed --base origin/main --matrix)" >> "$GITHUB_OUTPUT"': "",
  });
  command.addHelpText(
    "after",
    "\nGitHub refuses an empty matrix: give the job that uses it\n  if: needs.<job>.outputs.matrix != '{\"include\":[]}'",
  );
  command.action(async (options: ChangedOptions) => {
    const found = await findChanges(options);
    const changes = tellReturned(found.changes, options.base);
    if (!options.verbose) tellShortage(changes);
    if (options.review !== undefined) writeReview(typedPath(options.review), found.review);
    if (options.matrix) printMatrix(changes);
    else if (options.verbose && found.review)
      emit(options, { changes, ...found.review }, () => reviewText(changes, found.review as Review));
    else emit(options, changes, () => changesText(changes, options.base));
  });
}

interface Found {
  readonly changes: readonly StackChange[];
  readonly review?: Review;
}

function findChanges({ base, install, verbose, review: file }: ChangedOptions): Promise<Found> {
  return withBase({ base, install }, async (before) => {
    const after = join(before.temporary, "head.out");
    await synthesize(process.cwd(), after);
    const changes = compareOutputs(before.outdir, after);
    if (!verbose && file === undefined) return { changes };
    const now = headOf(readProject(), readStacks(after));
    return { changes, review: review(base, readStacks(before.outdir), await askBase(before), now) };
  });
}

/**
 * What this checkout's program changes since a base, for a report of it.
 *
 * @param install run `npm ci` for a commit that needs other packages than this checkout
 * @throws {CliError} when there is no such base, or it cannot be synthesized
 */
export function reviewSince(base: string, now: Head, install = false): Promise<Review> {
  return withBase({ base, install }, async (before) =>
    review(base, readStacks(before.outdir), await askBase(before), now),
  );
}

/** The program as it is now. @param stacks as it synthesizes them */
export function headOf(project: Project, stacks: Stacks): Head {
  const { programCost } = require("../cost/program") as typeof import("../cost/program");
  const { ownRules } = require("../policy/result") as typeof import("../policy/result");
  const today = new Date().toISOString().slice(0, 10);
  return { stacks, cost: programCost(project, stacks), policy: ownRules(project, stacks, today) };
}

function writeReview(file: string, value: Review | undefined): void {
  try {
    writeFileAtomic(file, `${JSON.stringify(value, null, 2)}\n`);
  } catch (error) {
    throw new CliError(
      `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
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

/** Warns where somebody joins for whom there is no room. */
function tellShortage(changes: readonly StackChange[]): void {
  const { registry } = thisSystem();
  if (!registry || changes.every(({ change }) => change !== "new")) return;
  const project = readProject();
  const owned = project.declared.filter(({ owner }) => owner);
  const joins = owned.some(({ stack }) => changes.some((one) => one.stack === stack && one.change === "new"));
  const shortage = joins ? describeShortage(project.room(), owned.length) : undefined;
  if (shortage) warn(registry.file, shortage);
}

function describeReturned({ name, was, commit, date, subject }: Returned): string {
  const done = was === "removed" ? "removed in" : "offboarding since";
  const back = was === "removed" ? "back" : "active again";
  return `${name} is ${back}: ${done} commit ${commit} of ${date} (${subject}). If a merge did that, undo it.`;
}

function printMatrix(changes: readonly StackChange[]): void {
  const include = changes
    .filter(({ change }) => change !== "removed")
    .map(({ stack, change }) => ({ stack, change }));
  for (const { stack } of changes.filter(({ change }) => change === "removed"))
    tell(`removed: ${stack}. Nothing plans it any more; it must have been destroyed before.`);
  process.stdout.write(`${JSON.stringify({ include })}\n`);
}
