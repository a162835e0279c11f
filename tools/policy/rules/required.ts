import { missing, type RequiredArgument } from "../../../lib/core/resource-types";
import { blocksOf } from "../../../lib/core/terraform-json";
import {
  at,
  type Found,
  isProduction,
  type Program,
  type Rule,
  resources,
  rule,
  type StackBlock,
} from "./rule";

/** An argument that a type has to have. */
export interface Required extends RequiredArgument {
  readonly type: string;
}

interface RequiredRule {
  readonly title: string;
  readonly why: string;
  /** Where it holds. @default everywhere */
  readonly production?: true;
  readonly all: readonly Required[];
}

/** A rule of which every part is an argument with a value. */
export function requires(id: string, { title, why, production, all }: RequiredRule): Rule {
  return rule(id, { title, why, find: (program) => lacking(program, all, production) });
}

/** Where one of these arguments is missing, or is something else. */
export function* lacking(program: Program, all: readonly Required[], production = false): Iterable<Found> {
  for (const { type, ...required } of all)
    for (const block of resources(program, type)) {
      if (production && !isProduction(program, block.json)) continue;
      yield* lackingIn(block, [required]);
    }
}

/** Which of these arguments a resource lacks, or has as something else. */
export function* lackingIn(
  block: StackBlock,
  all: readonly RequiredArgument[],
  message = (wrong: string) => wrong,
): Iterable<Found> {
  const blocks = blocksOf(block.json);
  for (const required of all) {
    const wrong = missing(block, required, blocks);
    if (wrong) yield at(block, message(wrong));
  }
}

/** For a number that must not be smaller. */
export const atLeast =
  (least: number) =>
  (value: unknown): boolean =>
    typeof value === "number" && value >= least;
