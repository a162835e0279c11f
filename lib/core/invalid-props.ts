import { Token } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { type Path, printPath } from "../input/problems";

/** What is wrong with a value, wherever it stands. */
export interface ValueProblem {
  /** As it follows the name of the prop: `is 0`, `"Web" is not a valid name`. */
  readonly problem: string;
  /** What to do about it: `give a whole number from 1`. */
  readonly instead: string;
}

/** What is wrong with one of the props of a construct. */
export interface PropProblem extends ValueProblem {
  /** `["secrets", "api-key", "rotationDays"]` */
  readonly prop: Path;
}

/** Props that a construct refuses. Its message has a line for each problem: `<where>: <prop>: <problem>: <instead>`. */
export class InvalidPropsError extends Error {
  override readonly name = "InvalidPropsError";

  /** @param where path of the construct */
  constructor(where: string, problems: readonly PropProblem[]) {
    super(problems.map((problem) => printProblem(where, problem)).join("\n"));
  }
}

/** A problem as one line. @param where path of the construct */
export function printProblem(where: string, problem: PropProblem): string {
  return `${where}: ${printPath(problem.prop)}: ${printValueProblem(problem)}`;
}

/** A problem as one line, of a value that is no prop or whose place is told already. */
export function printValueProblem({ problem, instead }: ValueProblem): string {
  return `${problem}: ${instead}`;
}

/** A scope that is told of invalid props below it, which are then taken as they are. */
export interface InvalidPropsHandler extends IConstruct {
  onInvalidProps(error: InvalidPropsError): void;
}

/** @throws {InvalidPropsError} with every problem of a construct's props; does nothing without problems */
export function rejectProps(construct: Construct, problems: readonly PropProblem[]): void {
  if (problems.length === 0) return;
  const error = new InvalidPropsError(construct.node.path, problems);
  const handler = construct.node.scopes.find(isHandler);
  if (!handler) throw error;
  handler.onInvalidProps(error);
}

function isHandler(scope: IConstruct): scope is InvalidPropsHandler {
  return "onInvalidProps" in scope;
}

/** The problem of a value, if there is one, as that of a prop. */
export function problemAt(prop: Path, problem: ValueProblem | undefined): PropProblem[] {
  return problem ? [{ prop, ...problem }] : [];
}

/** Problems of a part of the props, as those of the whole. */
export function problemsIn(prop: Path, problems: readonly PropProblem[]): PropProblem[] {
  return problems.map((problem) => ({ ...problem, prop: [...prop, ...problem.prop] }));
}

/** Whole numbers that a prop takes. */
export interface WholeNumbers {
  readonly from: number;
  /** @default without end */
  readonly to?: number;
  /** `days` @default none */
  readonly unit?: string;
  /** Or none. @default false */
  readonly optional?: boolean;
}

/** What a number lacks to be a whole one in a range. */
export function wholeNumber(
  prop: Path,
  value: number | undefined,
  { from, to, unit, optional = false }: WholeNumbers,
): PropProblem[] {
  if (value === undefined ? optional : Number.isInteger(value) && value >= from && value <= (to ?? value))
    return [];
  const range = to === undefined ? `from ${from}` : `from ${from} to ${to}`;
  const problem = value === undefined ? "is missing" : `is ${value}`;
  return [{ prop, problem, instead: `give a whole number ${unit ? `of ${unit} ` : ""}${range}` }];
}

/**
 * What keeps a text from being the name of a Compute Engine or GKE resource; undefined when nothing does.
 *
 * @param maxLength 63 for most, fewer where other names are derived from this one
 * @see https://cloud.google.com/compute/docs/naming-resources
 */
export function nameProblem(name: string, maxLength = 63): ValueProblem | undefined {
  if (/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= maxLength) return undefined;
  return {
    problem: `"${name}" is not a valid name`,
    instead: `use at most ${maxLength} lower-case letters, digits and -, first a letter, last no -`,
  };
}

/**
 * What keeps a text from being the id of a project or of a service account, which have one rule; undefined when nothing does.
 *
 * @see https://cloud.google.com/iam/docs/service-accounts-create
 */
export function accountIdProblem(id: string): ValueProblem | undefined {
  if (Token.isUnresolved(id) || /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(id)) return undefined;
  return {
    problem: `is "${id}"`,
    instead: "use 6 to 30 lower-case letters, digits and -, first a letter, last no -",
  };
}
