import type { ApplyRoles } from "../../lib/environments/bootstrap-stack";

/**
 * Every type of Google's that a stack declares: what the identities that plan and apply have permissions for. A test compares
 * it with what is synthesized.
 */
export const DECLARED_TYPES: readonly string[] = [];

/**
 * Predefined roles of the service account that applies, one for each type of resource, beside its custom role; and the project
 * roles that it may grant. A test compares both with the synthesized stacks.
 */
export const APPLY_ROLES: ApplyRoles = { predefined: [], grants: [] };
