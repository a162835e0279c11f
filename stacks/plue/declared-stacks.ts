import type { StoredStack } from "../../tools/state/state-bucket";
import type { EnvironmentName } from "./config";
import type { Project } from "./config/project";
import type { Engineer } from "./registry";
import { engineerNames } from "./registry/engineer-names";

/** A stack that the program declares. */
export interface DeclaredStack {
  readonly stack: string;
  /** Whose it is, where it is one engineer's. */
  readonly engineer?: Engineer;
  readonly environment: EnvironmentName;
}

/** The stacks that belong to no engineer, in the order of a first deployment. */
export const SHARED_STACKS = {
  staging: ["staging-bootstrap", "staging-base", "staging-platform", "staging-access"],
  production: ["production-bootstrap", "production", "production-app"],
} as const;

/** Every stack of the program, in its order, without the time that declaring them takes. */
export function declaredStacks({ config, registry }: Project): DeclaredStack[] {
  return [
    ...SHARED_STACKS.staging.map((stack) => staging(stack)),
    ...registry.engineers.map((engineer) =>
      staging(engineerNames(engineer.name, config.staging.projectId).stack, engineer),
    ),
    ...SHARED_STACKS.production.map((stack): DeclaredStack => ({ stack, environment: "production" })),
  ];
}

function staging(stack: string, engineer?: Engineer): DeclaredStack {
  return { stack, environment: "staging", ...(engineer ? { engineer } : {}) };
}

/** `empty` has been destroyed, or nothing came of its first apply; `missing` never had a state. */
export type Condition = "deployed" | "empty" | "missing" | "forbidden" | "unreadable";

/** A stack, as declared and as stored. */
export interface Environment extends DeclaredStack {
  readonly condition: Condition;
  readonly stored: StoredStack;
}

/**
 * Puts together what is declared and what is stored.
 * @returns the declared ones in their order, and apart from them what only the bucket knows: a stack whose entry was
 * removed while it held something, or holds a lock
 */
export function compare(
  declared: readonly DeclaredStack[],
  stored: readonly StoredStack[],
): { environments: Environment[]; orphans: StoredStack[] } {
  const byName = new Map(stored.map((stack) => [stack.stack, stack]));
  const known = new Set(declared.map(({ stack }) => stack));
  const environments = declared.map((entry) => {
    const found = byName.get(entry.stack) ?? { stack: entry.stack };
    return { ...entry, stored: found, condition: conditionOf(found) };
  });
  const orphans = stored.filter(
    (found) => !known.has(found.stack) && (found.lock || !["empty", "missing"].includes(conditionOf(found))),
  );
  return { environments, orphans };
}

function conditionOf({ state, error }: StoredStack): Condition {
  if (error) return error.fault === "forbidden" ? "forbidden" : "unreadable";
  if (!state) return "missing";
  return state.resources.length > 0 ? "deployed" : "empty";
}
