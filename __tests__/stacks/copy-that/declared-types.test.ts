import {
  applyPermissions,
  dataSourceType,
  planPermissions,
  resourceType,
} from "../../../lib/core/resource-types";
import { copyThat } from "../../../stacks/copy-that";
import { APPLY_ROLES, DECLARED_TYPES } from "../../../stacks/copy-that/declared-types";
import type { Synthesized } from "../../support/synth";
import { synthesizeProject } from "../../support/system";

const stacks = synthesizeProject(copyThat.readProject("stacks/copy-that"));

/** Every type that the stacks' providers ask Google about. */
function typesOf(names: readonly string[]): string[] {
  const types = names.flatMap((name) => {
    const { resource = {}, data = {} } = (stacks.get(name) as Synthesized).json;
    return [...Object.keys(resource), ...Object.keys(data).map((type) => `data.${type}`)];
  });
  return [...new Set(types)].filter((type) => /^(data\.)?google_/.test(type)).sort();
}

test("the list is of the types that the stacks declare, each and no other", () => {
  expect([...DECLARED_TYPES].sort()).toEqual(typesOf([...stacks.keys()]));
});

test("a plan reads no secret's value, no object of a bucket and no row of the database", () => {
  expect(
    planPermissions(DECLARED_TYPES).filter((permission) =>
      /versions\.access|instances\.(connect|login)|KeyVersions\.use|Token|signBlob|signJwt/.test(permission),
    ),
  ).toEqual([]);
});

describe.each(["staging", "production"] as const)("who applies %s", (environment) => {
  const names = [`copy-that-${environment}-base`, `copy-that-${environment}`];
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

  test("may grant in the project what the stacks grant there, and nothing else", () => {
    const granted = names.flatMap((name) =>
      Object.values(stacks.get(name)?.resources("google_project_iam_member") ?? {}).map(({ role }) => role),
    );
    expect([...grants].sort()).toEqual([...new Set(granted)].sort());
  });

  test("reads no secret's value, and changes no custom role", () => {
    expect(
      applyPermissions(DECLARED_TYPES).filter((each) => /versions\.access|^iam\.roles/.test(each)),
    ).toEqual([]);
  });
});
