import type { DeclaredStack } from "../../lib/environments/system";
import type { StoredStack } from "../state/state-bucket";

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
