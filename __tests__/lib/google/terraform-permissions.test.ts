import {
  applyPermissions,
  planPermissions,
  TERRAFORM_PERMISSIONS,
} from "../../../lib/google/terraform-permissions";
import { APPLY_ROLES } from "../../../stacks/plue/apply-roles";
import { synthesizeProgram } from "../../support/program";

/** Granted on the state bucket or on the billing account, and not in the project. */
const ELSEWHERE = [
  "google_billing_account_iam_member",
  "google_billing_budget",
  "google_storage_managed_folder",
  "google_storage_managed_folder_iam_member",
];
const stacks = synthesizeProgram();

/** Every type that the stacks' providers ask Google about. */
function typesOf(names: readonly string[]): string[] {
  const types = names.flatMap((name) => {
    const { resource = {}, data = {} } = stacks.get(name)?.json ?? {};
    return [...Object.keys(resource), ...Object.keys(data).map((type) => `data.${type}`)];
  });
  return [...new Set(types)].filter(
    (type) => /^(data\.)?(google|kubernetes|helm)_/.test(type) && !ELSEWHERE.includes(type),
  );
}

test("every type of resource of every stack has a line, and every line is of one", () => {
  expect(Object.keys(TERRAFORM_PERMISSIONS).sort()).toEqual(typesOf([...stacks.keys()]).sort());
});

test("a plan only looks, and sees no secret's value, no Kubernetes Secret, no object of a bucket and no database", () => {
  const verbs = planPermissions().map((permission) => permission.split(".").at(-1));
  expect([...new Set(verbs)].sort()).toEqual(["connect", "get", "getIamPolicy", "list"]);
  expect(
    planPermissions().filter((permission) =>
      /versions\.access|container\.secrets|storage\.objects|instances\.(connect|login)|KeyVersions\.use|Token|signBlob/.test(
        permission,
      ),
    ),
  ).toEqual([]);
  // To the cluster's API, where role bindings decide about all else.
  expect(planPermissions().filter((permission) => permission.endsWith(".connect"))).toEqual([
    "container.clusters.connect",
  ]);
});

test("who applies writes secrets and does not read them, and makes buckets without looking into them", () => {
  expect(applyPermissions().filter((permission) => /access$|objects/.test(permission))).toEqual([]);
});

describe.each([
  ["staging", ["staging-base", "staging-platform", "staging-access"]],
  ["production", ["production", "production-app"]],
] as const)("who applies %s", (environment, names) => {
  const { predefined, grants } = APPLY_ROLES[environment];

  test("holds the role of each type in the stacks, and no other", () => {
    const needed = typesOf(names).flatMap((type) => {
      const { apply = [] } = TERRAFORM_PERMISSIONS[type] ?? {};
      return typeof apply === "string" ? [apply] : [];
    });
    const held = [...predefined, "roles/resourcemanager.projectIamAdmin"];
    expect(held.sort()).toEqual([...new Set([...needed, "roles/iam.serviceAccountUser"])].sort());
  });

  test("may grant in the project what the stacks grant there, and nothing else", () => {
    const granted = names.flatMap((name) => {
      const stack = stacks.get(name);
      const blocks = ["member", "binding"].flatMap((form) =>
        Object.values(stack?.resources(`google_project_iam_${form}`) ?? {}),
      );
      return blocks.map(({ role }) => {
        const [, id] = /google_project_iam_custom_role\.(\w+)\.name/.exec(role) ?? [];
        const custom = id && stack?.resource("google_project_iam_custom_role", id)["role_id"];
        return custom ? `projects/{project}/roles/${custom}` : role;
      });
    });
    expect([...grants].sort()).toEqual([...new Set(granted)].sort());
  });
});
