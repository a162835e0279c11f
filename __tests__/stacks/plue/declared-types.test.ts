import {
  applyPermissions,
  dataSourceType,
  planPermissions,
  resourceType,
} from "../../../lib/core/resource-types";
import { APPLY_ROLES } from "../../../stacks/plue/apply-roles";
import { DECLARED_TYPES } from "../../../stacks/plue/declared-types";
import { synthesizeProgram } from "../../support/program";

const stacks = synthesizeProgram();

/** Every type that the stacks' providers ask Google about. */
function typesOf(names: readonly string[]): string[] {
  const types = names.flatMap((name) => {
    const { resource = {}, data = {} } = stacks.get(name)?.json ?? {};
    return [...Object.keys(resource), ...Object.keys(data).map((type) => `data.${type}`)];
  });
  return [...new Set(types)].filter((type) => /^(data\.)?(google|kubernetes|helm)_/.test(type)).sort();
}

test("the list is of the types that the stacks declare, each and no other", () => {
  expect([...DECLARED_TYPES].sort()).toEqual(typesOf([...stacks.keys()]));
});

test("a plan only looks, and sees no secret's value, no Kubernetes Secret, no object of a bucket and no database", () => {
  const verbs = planPermissions(DECLARED_TYPES).map((permission) => permission.split(".").at(-1));
  expect([...new Set(verbs)].sort()).toEqual(["connect", "get", "getIamPolicy", "list", "use"]);
  // The project as quota project, which reading a budget needs.
  expect(planPermissions(DECLARED_TYPES).filter((permission) => permission.endsWith(".use"))).toEqual([
    "serviceusage.services.use",
  ]);
  expect(
    planPermissions(DECLARED_TYPES).filter((permission) =>
      /versions\.access|container\.secrets|storage\.objects|instances\.(connect|login)|KeyVersions\.use|Token|signBlob/.test(
        permission,
      ),
    ),
  ).toEqual([]);
  // To the cluster's API, where role bindings decide about all else.
  expect(planPermissions(DECLARED_TYPES).filter((permission) => permission.endsWith(".connect"))).toEqual([
    "container.clusters.connect",
  ]);
});

test("who applies writes secrets and does not read them, and makes buckets without looking into them", () => {
  expect(applyPermissions(DECLARED_TYPES).filter((permission) => /access$|objects/.test(permission))).toEqual(
    [],
  );
});

describe.each([
  ["staging", ["staging-base", "staging-platform", "staging-access"]],
  ["production", ["production", "production-app"]],
] as const)("who applies %s", (environment, names) => {
  const { predefined, grants } = APPLY_ROLES[environment];

  test("holds the role of each type in the stacks, and no other", () => {
    const needed = typesOf(names).flatMap((type) => {
      const row = type.startsWith("data.") ? dataSourceType(type.slice("data.".length)) : resourceType(type);
      const { apply = [] } = row ?? {};
      return typeof apply === "string" ? [apply] : [];
    });
    const held = [...predefined, "roles/resourcemanager.projectIamAdmin"];
    expect(held.sort()).toEqual([...new Set([...needed, "roles/iam.serviceAccountUser"])].sort());
  });

  test("changes no custom role, as it could put any permission into its own", () => {
    expect(typesOf(names)).not.toContain("google_project_iam_custom_role");
    expect(predefined.filter((role) => /roleAdmin|securityAdmin|\/(owner|editor)$/.test(role))).toEqual([
      "roles/compute.securityAdmin",
    ]);
    expect(applyPermissions(DECLARED_TYPES).filter((permission) => /^iam\.roles/.test(permission))).toEqual(
      [],
    );
  });

  test("may grant in the project what the stacks grant there, and nothing else", () => {
    const granted = names.flatMap((name) => {
      const stack = stacks.get(name);
      const blocks = ["member", "binding"].flatMap((form) =>
        Object.values(stack?.resources(`google_project_iam_${form}`) ?? {}),
      );
      return blocks.map(({ role }) => role.replace(/^projects\/[^/]+\//, "projects/{project}/"));
    });
    expect([...grants].sort()).toEqual([...new Set(granted)].sort());
  });
});
