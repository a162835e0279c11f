import type { Construct } from "constructs";

/** Throws one error that lists every problem of a construct's props after its path; does nothing without problems. */
export function rejectProps(construct: Construct, problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`${construct.node.path}: ${problems.join("\n  ")}`);
}
