import type { Project } from "../../lib/environments/system";
import type { Scan } from "./model";
import { checkRules, RULES } from "./rules";
import { type StackSource, subjectAt } from "./stack-source";

/** Holds the stacks against the program's own rules, which need no tool. */
export function scanWithOwnRules(project: Project, stacks: readonly StackSource[]): Scan {
  const found = checkRules({ project, stacks: new Map(stacks.map(({ name, json }) => [name, json])) });
  return {
    tool: "own rules",
    version: `${RULES.length} rules`,
    scanned: stacks.reduce((sum, { subjects }) => sum + subjects.size, 0),
    unit: "resources",
    findings: found.map(({ rule, stack: name, address, message }) => {
      const stack = stacks.find((each) => each.name === name);
      if (!stack) throw new Error(`${rule} reports on ${name}, which is no stack`);
      return { check: rule, title: message, ...subjectAt(stack, address) };
    }),
    failures: [],
  };
}
