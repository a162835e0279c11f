import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { lossOf } from "../../lib/core/resource-types";
import { CliError, EXIT } from "../command-line/errors";
import { cleanLine, cleanText } from "../command-line/foreign-text";
import { typedPath } from "../command-line/project";

/** Action that a plan has for a resource. */
export interface PlannedAction {
  readonly address: string;
  readonly action: "create" | "update" | "replace" | "destroy" | "forget";
  /** What ends with it that nothing makes again, or may: "its databases". Missing where that is nothing. */
  readonly loses?: string;
}

/** Published summary of a stack's plan: no value of the state but what Terraform's text shows. */
export interface PlanReport {
  readonly stack: string;
  /** `new` has no state yet: its first deployment makes everything. */
  readonly outcome: "unchanged" | "changed" | "new" | "failed";
  readonly actions: readonly PlannedAction[];
  /** Terraform's text: the difference, or the error. */
  readonly text: string;
}

/** An address as Terraform makes it, with keys that may be anything. */
const address = z.string().transform((text) => cleanLine(text, 1000));

const planSchema = z.object({
  resource_changes: z
    .array(
      z.object({
        address,
        type: z.string(),
        deposed: z.string().optional(),
        change: z.object({ actions: z.array(z.string()) }),
      }),
    )
    .default([]),
});

/** The actions of a plan, as `terraform show -json` prints it. Reading is none. */
export function parsePlan(text: string): PlannedAction[] {
  return planSchema.parse(JSON.parse(text)).resource_changes.flatMap(({ address, type, deposed, change }) => {
    const action = actionOf(change.actions);
    if (!action) return [];
    const ends = action === "destroy" || action === "replace";
    // What is deposed has been replaced already.
    const loses = ends && !deposed ? lossOf(cleanLine(type, 100)) : undefined;
    return [{ address, action, ...(loses !== undefined && { loses }) }];
  });
}

function actionOf(actions: readonly string[]): PlannedAction["action"] | undefined {
  if (actions.includes("create") && actions.includes("delete")) return "replace";
  if (actions.includes("delete")) return "destroy";
  if (actions.includes("forget")) return actions.includes("create") ? "replace" : "forget";
  return (["create", "update"] as const).find((action) => actions.includes(action));
}

/** What `lossOf` says: words, or that a type is not known. */
export const LOSS =
  /^(?:[a-z][a-z ,']{0,120}|whether it holds data is not known: \w{1,100} has no row in [a-z/-]+\.ts)$/;

/** A report is made by the code of a pull request, and published by main's. */
const reportSchema = z.strictObject({
  stack: z.string(),
  outcome: z.enum(["unchanged", "changed", "new", "failed"]),
  actions: z.array(
    z.strictObject({
      address,
      action: z.enum(["create", "update", "replace", "destroy", "forget"]),
      loses: z
        .string()
        .transform((what) => (LOSS.test(what) ? what : "what it holds"))
        .optional(),
    }),
  ),
  text: z.string().transform(cleanText),
});

/** @returns undefined where the text is no report */
export function parseReport(text: string): PlanReport | undefined {
  try {
    return reportSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const DONE: Readonly<Record<PlannedAction["action"], string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  destroy: "destroyed",
  forget: "forgotten",
};

/** `2 to create, 1 to destroy`, or `2 created, 1 destroyed` */
export function countActions(
  actions: readonly PlannedAction[],
  tense: "planned" | "done" = "planned",
): string {
  const kinds = Object.keys(DONE) as PlannedAction["action"][];
  const counts = kinds.map((kind) => [kind, actions.filter(({ action }) => action === kind).length] as const);
  const words = counts
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${tense === "done" ? DONE[kind] : `to ${kind}`}`);
  return words.join(", ") || "outputs alone";
}

/**
 * The plans that `plue ci plan --out` left in a folder, in the order of the matrix that made them. A stack of the matrix
 * whose job ended before it had written anything is there as failed.
 *
 * @param matrix what `plue changed --matrix` or `plue ci stacks --matrix` printed
 * @throws {CliError} when a file is no report, or the matrix is none
 */
export function readReports(folder: string, matrix: string): PlanReport[] {
  return stacksOf(matrix).map((stack) => {
    const file = join(typedPath(folder), `${stack}.json`);
    if (!existsSync(file))
      return {
        stack,
        outcome: "failed",
        actions: [],
        text: "The job ended before there was a plan: see its log.",
      };
    const report = parseReport(readFileSync(file, "utf8"));
    if (report?.stack !== stack) throw new CliError(`${file} is not what plue ci plan --out writes`);
    return report;
  });
}

/** Code of a pull request made it, and a name becomes part of a path. */
const matrixSchema = z.object({
  include: z.array(z.object({ stack: z.string().regex(/^[a-z][a-z0-9-]*$/) })),
});

function stacksOf(matrix: string): string[] {
  try {
    return matrixSchema.parse(JSON.parse(matrix)).include.map(({ stack }) => stack);
  } catch {
    throw new CliError(
      '--matrix takes what plue changed --matrix prints: {"include":[{"stack":"production"}]}',
      EXIT.usage,
    );
  }
}
