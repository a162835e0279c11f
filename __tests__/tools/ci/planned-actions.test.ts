import { countActions, parsePlan, parseReport } from "../../../tools/ci/planned-actions";
import { renderPlans } from "../../../tools/ci/plans-markdown";
import { HOSTILE, obeyed, outsideCode } from "../../support/hostile-text";

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
  [
    "google_compute_region_commitment",
    ["create", "delete"],
    "a purchase: Google cancels none, and what replaces it is bought beside it",
  ],
  ["google_project", ["delete"], "everything in it"],
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

test("whatever a state calls a resource, its address is a harmless line", () => {
  const text = JSON.stringify({
    resource_changes: [{ address: `a.b["${HOSTILE}"]`, type: HOSTILE, change: { actions: ["delete"] } }],
  });
  const [action] = parsePlan(text);
  for (const said of [action?.address ?? "", action?.loses ?? ""]) {
    expect(said).not.toBe("");
    expect(obeyed(said)).toEqual([]);
    expect(said).not.toContain("\n");
  }
});

test("a report that somebody's code made says nothing of its own but in code", () => {
  const actions = [
    { address: `a.b["${HOSTILE}"]`, action: "destroy", loses: HOSTILE },
    { address: "c.d", action: "destroy", loses: "see www.evil.example" },
    { address: "google_sql_database.a", action: "destroy", loses: "its tables" },
  ];
  const report = parseReport(JSON.stringify({ stack: "s", outcome: "changed", actions, text: HOSTILE }));
  expect(report?.actions.map(({ loses }) => loses)).toEqual(["what it holds", "what it holds", "its tables"]);
  const body = renderPlans(report ? [report] : [], { title: "T" });
  expect(obeyed(body)).toEqual([]);
  expect(outsideCode(body)).toBe(
    [
      "### T\n\n| stack | plan |\n|---|---|\n|  | 3 to destroy |\n\n> [!CAUTION]",
      "> This ends what holds data. A deployment refuses it unless each address is allowed by name.\n",
      "- : destroy : what it holds\n- : destroy : what it holds\n- : destroy : its tables\n",
      "<details><summary>difference of s</summary>\n\n\n\n</details>",
    ].join("\n"),
  );
});

test("what is deposed lost its data when it was replaced", () => {
  const deposed = { type: "google_sql_database", actions: ["delete"], deposed: "1a2b" };
  expect(parsePlan(plan(deposed))[0]).toEqual({ address: "google_sql_database.r0", action: "destroy" });
});

test("a plan of outputs alone has no actions", () => {
  expect(parsePlan('{"format_version":"1.2"}')).toEqual([]);
  expect(countActions([])).toBe("outputs alone");
});
