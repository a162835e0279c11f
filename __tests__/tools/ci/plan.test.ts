import { countActions, parsePlan } from "../../../tools/ci/plan";

/** As `terraform show -json` prints it. */
const plan = (...changes: { type?: string; actions: string[]; deposed?: string }[]) =>
  JSON.stringify({
    format_version: "1.2",
    resource_changes: changes.map(({ type = "terraform_data", actions, deposed }, index) => ({
      address: `${type}.r${index}`,
      mode: "managed",
      type,
      name: `r${index}`,
      ...(deposed ? { deposed } : {}),
      change: { actions, before: {}, after: {} },
    })),
  });

test("actions are what Terraform calls them in its text", () => {
  const actions = parsePlan(
    plan(
      { actions: ["no-op"] },
      { actions: ["read"] },
      { actions: ["create"] },
      { actions: ["update"] },
      { actions: ["delete"] },
      { actions: ["delete", "create"] },
      { actions: ["create", "delete"] },
      { actions: ["forget"] },
      { actions: ["create", "forget"] },
    ),
  );
  expect(actions.map(({ action }) => action)).toEqual([
    "create",
    "update",
    "destroy",
    "replace",
    "replace",
    "forget",
    "replace",
  ]);
  expect(countActions(actions)).toBe("1 to create, 1 to update, 3 to replace, 1 to destroy, 1 to forget");
});

test.each([
  ["google_sql_database_instance", ["delete"], true],
  ["google_sql_database", ["delete", "create"], true],
  ["google_container_cluster", ["create", "delete"], true],
  ["kubernetes_namespace_v1", ["delete"], true],
  ["google_kms_crypto_key", ["update"], false],
  ["google_storage_managed_folder", ["delete"], false],
  ["google_project_iam_member", ["delete"], false],
])("%s: %j loses data: %s", (type, actions, expected) => {
  expect(parsePlan(plan({ type, actions }))[0]?.losesData).toBe(expected);
});

test("what is deposed lost its data when it was replaced", () => {
  const deposed = { type: "google_sql_database", actions: ["delete"], deposed: "1a2b" };
  expect(parsePlan(plan(deposed))[0]).toMatchObject({ action: "destroy", losesData: false });
});

test("a plan of outputs alone has no actions", () => {
  expect(parsePlan('{"format_version":"1.2"}')).toEqual([]);
  expect(countActions([])).toBe("outputs alone");
});
