import { argument } from "../../../lib/core/terraform-json";
import { isProduction } from "./environment";
import { at, type Found, type Program, type Rule, resources, rule, type StackBlock } from "./rule";

/** An argument that a type has to have, with what it may be. */
export interface Required {
  readonly type: string;
  /** `settings.ip_configuration.ssl_mode`; of blocks that may occur once. */
  readonly path: string;
  /** A value or several, or what tells a good one. */
  readonly is: string | number | boolean | readonly unknown[] | ((value: unknown) => boolean);
  /** What to write instead. */
  readonly write: string;
  /** Which of the type's resources; all without. */
  readonly where?: (block: StackBlock) => boolean;
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
  for (const { type, path, is, write, where = () => true } of all)
    for (const block of resources(program, type)) {
      if ((production && !isProduction(program, block.json)) || !where(block)) continue;
      const value = argument(block.args, ...path.split("."));
      if (isRight(value, is)) continue;
      const wrong = value === undefined ? `lacks ${path}` : `has ${path} = ${JSON.stringify(value)}`;
      yield at(block, `${wrong}: ${write}`);
    }
}

function isRight(value: unknown, is: Required["is"]): boolean {
  if (typeof is === "function") return is(value);
  return Array.isArray(is) ? is.includes(value) : value === is;
}

/** For an argument that only has to be there. */
export const given = (value: unknown): boolean => value !== undefined && value !== null && value !== "";
/** For a number that must not be smaller. */
export const atLeast =
  (least: number) =>
  (value: unknown): boolean =>
    typeof value === "number" && value >= least;
