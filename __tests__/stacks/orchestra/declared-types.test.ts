import { applyPermissions, dataSourceType, resourceType } from "../../../lib/core/resource-types";
import { APPLY_ROLES, DECLARED_TYPES } from "../../../stacks/orchestra/declared-types";
import type { Synthesized } from "../../support/synth";
import { application, base, bootstrap, project } from "./synthesized";

/** Every type that the stacks' provider asks Google about. */
function typesOf(...stacks: readonly Synthesized[]): string[] {
  const types = stacks.flatMap(({ json: { resource = {}, data = {} } }) => [
    ...Object.keys(resource),
    ...Object.keys(data).map((type) => `data.${type}`),
  ]);
  return [...new Set(types)].filter((type) => /^(data\.)?google_/.test(type)).sort();
}

test("the list is of the types that the stacks declare, each and no other", () => {
  expect([...DECLARED_TYPES].sort()).toEqual(typesOf(bootstrap, base, application));
});

test("who applies holds the role of each type in the stacks, and no other", () => {
  const needed = typesOf(base, application).flatMap((type) => {
    const row = type.startsWith("data.") ? dataSourceType(type.slice("data.".length)) : resourceType(type);
    const { apply = [] } = row ?? {};
    return typeof apply === "string" ? [apply] : [];
  });
  const held = [...APPLY_ROLES.predefined, "roles/resourcemanager.projectIamAdmin"];
  expect(held.sort()).toEqual([...new Set([...needed, "roles/iam.serviceAccountUser"])].sort());
});

test("who applies may grant in the project what the stacks grant there, and nothing else", () => {
  const { projectId } = project.config.production;
  const granted = [base, application].flatMap((stack) =>
    Object.values(stack.resources("google_project_iam_member")).map(({ role }) => role),
  );
  expect([...APPLY_ROLES.grants, `projects/${projectId}/roles/cdnCacheInvalidator`].sort()).toEqual(
    [...new Set(granted)].sort(),
  );
});

test("who applies changes no custom role, as it could put any permission into its own", () => {
  expect(typesOf(base, application)).not.toContain("google_project_iam_custom_role");
  expect(applyPermissions(DECLARED_TYPES).filter((permission) => /^iam\.roles/.test(permission))).toEqual([]);
});
