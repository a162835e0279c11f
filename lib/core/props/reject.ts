import type { Construct, IConstruct } from "constructs";

const takingAny = new WeakSet<IConstruct>();

/** Lets constructs in this tree take any props: samples in place of values, whose checks say nothing. */
export function takeAnyProps(root: IConstruct): void {
  takingAny.add(root);
}

/** Throws one error that lists every problem of a construct's props after its path; does nothing without problems. */
export function rejectProps(construct: Construct, problems: readonly string[]): void {
  if (problems.length === 0 || construct.node.scopes.some((scope) => takingAny.has(scope))) return;
  throw new Error(`${construct.node.path}: ${problems.join("\n  ")}`);
}
