import { countActions, parsePlan } from "../../../tools/ci/planned-actions";

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
  ["google_sql_database_instance", ["delete"], "its databases"],
  ["google_sql_database", ["delete", "create"], "its tables"],
  [
    "google_container_cluster",
    ["create", "delete"],
    "every object in it, and the volumes that are claimed there",
  ],
  ["google_redis_instance", ["delete"], "all that is kept in it"],
  ["kubernetes_persistent_volume_claim_v1", ["delete"], "its volume, unless the storage class retains it"],
  ["google_kms_crypto_key", ["update"], undefined],
  ["google_storage_managed_folder", ["delete"], undefined],
  ["google_secret_manager_secret_version", ["create", "delete"], undefined],
  ["google_project_iam_member", ["delete"], undefined],
])("%s: %j loses: %s", (type, actions, expected) => {
  expect(parsePlan(plan({ type, actions }))[0]?.loses).toBe(expected);
});

test("a type that is not known may hold anything", () => {
  const [action] = parsePlan(plan({ type: "google_tpu_node", actions: ["delete"] }));
  expect(action?.loses).toBe(
    "whether it holds data is not known: google_tpu_node has no row in lib/core/resource-types/google.ts",
  );
  expect(parsePlan(plan({ type: "google_tpu_node", actions: ["create"] }))[0]).not.toHaveProperty("loses");
});

test("what is deposed lost its data when it was replaced", () => {
  const deposed = { type: "google_sql_database", actions: ["delete"], deposed: "1a2b" };
  expect(parsePlan(plan(deposed))[0]).toEqual({ address: "google_sql_database.r0", action: "destroy" });
});

test("a plan of outputs alone has no actions", () => {
  expect(parsePlan('{"format_version":"1.2"}')).toEqual([]);
  expect(countActions([])).toBe("outputs alone");
});
