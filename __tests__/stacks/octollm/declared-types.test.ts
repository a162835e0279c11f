import {
  applyPermissions,
  dataSourceType,
  planPermissions,
  resourceType,
} from "../../../lib/core/resource-types";
import { ENVIRONMENTS } from "../../../stacks/octollm/config";
import { APPLIED_TYPES, APPLY_ROLES, PEOPLES_TYPES } from "../../../stacks/octollm/declared-types";
import { synthesizeOctollm } from "./synthesize";

const stacks = synthesizeOctollm();
const APPLIED = ENVIRONMENTS.flatMap((name) => [`octollm-${name}`, `octollm-${name}-cluster`]);

/** Every type that the stacks' providers ask Google or Kubernetes about. */
function typesOf(names: readonly string[]): string[] {
  const types = names.flatMap((name) => {
    const { resource = {}, data = {} } = stacks.get(name)?.json ?? {};
    return [...Object.keys(resource), ...Object.keys(data).map((type) => `data.${type}`)];
  });
  return [...new Set(types)].filter((type) => /^(data\.)?(google|kubernetes|helm)_/.test(type)).sort();
}

test("the lists are of the types that the stacks declare, each and no other", () => {
  expect([...APPLIED_TYPES].sort()).toEqual(typesOf(APPLIED));
  const all = typesOf([...stacks.keys()]);
  expect([...APPLIED_TYPES, ...PEOPLES_TYPES].sort()).toEqual(all);
});

test("a plan only looks, and sees no secret's value, no Kubernetes Secret, no object of a bucket and no database", () => {
  const permissions = planPermissions([...APPLIED_TYPES, ...PEOPLES_TYPES]);
  expect(
    permissions.filter((permission) =>
      /versions\.access|container\.secrets|storage\.objects|instances\.(connect|login)|KeyVersions\.use|Token|signBlob/.test(
        permission,
      ),
    ),
  ).toEqual([]);
});

test("who applies writes secrets and does not read them, and makes buckets without looking into them", () => {
  expect(applyPermissions(APPLIED_TYPES).filter((permission) => /access$|objects/.test(permission))).toEqual(
    [],
  );
});

test("who applies holds the role of each type in the stacks, and no other", () => {
  const needed = typesOf(APPLIED).flatMap((type) => {
    const row = type.startsWith("data.") ? dataSourceType(type.slice("data.".length)) : resourceType(type);
    const { apply = [] } = row ?? {};
    return typeof apply === "string" ? [apply] : [];
  });
  const held = [...APPLY_ROLES.predefined, "roles/resourcemanager.projectIamAdmin"];
  expect(held.sort()).toEqual([...new Set([...needed, "roles/iam.serviceAccountUser"])].sort());
});

test("who applies may grant in the project what the stacks grant there, and nothing else", () => {
  const granted = APPLIED.flatMap((name) =>
    Object.values(stacks.get(name)?.resources("google_project_iam_member") ?? {}).map(({ role }) => role),
  );
  expect([...APPLY_ROLES.grants].sort()).toEqual([...new Set(granted)].sort());
});
