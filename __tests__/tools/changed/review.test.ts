import type { Stacks, TerraformJson } from "../../../lib/core/terraform-json";
import { type BaseSays, endsOf, type Head, review, reviewStacks } from "../../../tools/changed/review";
import { estimateProgram } from "../../../tools/cost/program";
import { projectOf } from "../../support/program";

type Resources = NonNullable<TerraformJson["resource"]>;
const stack = (resource: Resources, more: TerraformJson = {}): Stacks =>
  new Map([["staging-base", { resource, ...more }]]);
const blocksOf = (before: Resources, after: Resources, more: TerraformJson = {}) =>
  reviewStacks(stack(before), stack(after, more))[0]?.blocks ?? [];
const effects = (before: Resources, after: Resources) =>
  blocksOf(before, after).map(({ address, change, replaced, holds }) => [
    address,
    change,
    replaced?.certain,
    holds,
  ]);

const sql = (args: object): Resources => ({ google_sql_database_instance: { sql: { name: "a", ...args } } });

describe("a block", () => {
  test("that holds data says so, whether it comes, stays in place, is replaced or goes", () => {
    const named = (change: string, certain?: boolean) => [
      ["google_sql_database_instance.sql", change, certain, "its databases"],
    ];
    expect(effects({}, sql({}))).toEqual(named("added"));
    expect(effects(sql({}), sql({ settings: { tier: "db-f1-micro" } }))).toEqual(named("changed"));
    expect(effects(sql({}), sql({ name: "b" }))).toEqual(named("changed", true));
    expect(effects(sql({}), {})).toEqual(named("removed"));
  });

  test("of a type that nobody knows may hold data, and may be replaced", () => {
    const unknown = (size: number): Resources => ({ google_tpu_node: { t: { size } } });
    expect(effects(unknown(1), unknown(2))).toEqual([
      ["google_tpu_node.t", "changed", false, expect.stringContaining("whether it holds data is not known")],
    ]);
  });

  test("that Terraform may not destroy is refused where it is replaced, and no longer where it is removed", () => {
    const kept = (name: string) => sql({ name, lifecycle: { prevent_destroy: true } });
    expect(blocksOf(kept("a"), kept("b"))).toMatchObject([{ replaced: { certain: true }, refused: true }]);
    expect(blocksOf(kept("a"), {})[0]).not.toHaveProperty("refused");
    expect(blocksOf(sql({}), sql({ name: "b" }))[0]).not.toHaveProperty("refused");
  });

  test("that is no resource is only changed", () => {
    const [difference] = reviewStacks(
      stack({}, { output: { url: { value: "a" } } }),
      stack({}, { output: { url: { value: "b" } } }),
    );
    expect(difference?.blocks).toEqual([
      {
        address: "output.url",
        change: "changed",
        arguments: [{ path: "value", before: "a", after: "b" }],
      },
    ]);
  });

  test("that is taken out of the state is forgotten, and ends nothing", () => {
    const removed = [{ from: "google_sql_database_instance.sql", lifecycle: { destroy: false } }];
    const [difference] = reviewStacks(stack(sql({})), stack({}, { removed }));
    expect(difference?.blocks.map(({ change }) => change)).toEqual(["forgotten"]);
    expect(difference && endsOf(difference)).toEqual([]);
  });
});

test("what names something that is replaced, where that replaces it too, follows; and what names that", () => {
  const program = (name: string): Resources => ({
    ...sql({ name }),
    google_sql_database: { shop: { name: "shop", instance: "${google_sql_database_instance.sql.name}" } },
    google_kms_crypto_key: { k: { name: "k", key_ring: "elsewhere" } },
    google_secret_manager_secret_iam_member: {
      g: { secret_id: "x", member: "${google_sql_database.shop.id}" },
    },
    // An argument that is changed in place.
    google_monitoring_alert_policy: { p: { display_name: "${google_sql_database_instance.sql.name}" } },
  });
  expect(
    blocksOf(program("a"), program("b")).map(({ address, change, of, holds }) => [
      address,
      change,
      of,
      holds,
    ]),
  ).toEqual([
    ["google_sql_database_instance.sql", "changed", undefined, "its databases"],
    ["google_sql_database.shop", "follows", "google_sql_database_instance.sql", "its tables"],
    ["google_secret_manager_secret_iam_member.g", "follows", "google_sql_database.shop", undefined],
  ]);
});

test("what ends is what holds data and is removed or replaced, but not with a stack that is gone", () => {
  const [difference] = reviewStacks(
    stack({ ...sql({}), google_storage_bucket: { b: {} }, google_pubsub_topic: { t: {} } }),
    stack(sql({ name: "b" })),
  );
  expect(difference && endsOf(difference).map(({ address }) => address)).toEqual([
    "google_storage_bucket.b",
    "google_sql_database_instance.sql",
  ]);
  const [gone] = reviewStacks(stack(sql({})), new Map());
  expect(gone && endsOf(gone)).toEqual([]);
});

describe("all of a change", () => {
  const limits = (engineers: number) => [{ scarce: "CPU of node pool default", engineers }];
  const pool = (most: number): Resources => ({
    google_container_node_pool: {
      default: {
        node_config: { machine_type: "e2-medium", disk_type: "pd-ssd", disk_size_gb: 50 },
        autoscaling: { total_min_node_count: 1, total_max_node_count: most },
      },
    },
    google_billing_budget: {
      budget: {
        amount: { specified_amount: { units: "60", currency_code: "USD" } },
        threshold_rules: [{ threshold_percent: 0.5 }],
      },
    },
  });
  const finding = (resource: string) => ({ check: "tls-is-current", resource, title: "has none" });
  const head = (most: number, room: number): Head => {
    const stacks = stack(pool(most));
    return {
      stacks,
      cost: estimateProgram({ stacks, declared: projectOf().declared, limits: limits(room) }),
      policy: { green: false, findings: [finding("a"), finding("b")] },
    };
  };
  const of = (says: BaseSays, before: Stacks = stack(pool(3))) => review("main", before, says, head(4, 1));

  test("has what each environment cost and costs, beside its budget", () => {
    const [staging] = of({}).environments;
    expect(staging).toMatchObject({
      name: "staging",
      cost: { before: { low: 32.96, high: 98.88 }, after: { low: 32.96, high: 131.84 } },
      budget: { amount: 60, everyMonth: [0.5] },
    });
  });

  test("counts a stack that is gone to its environment", () => {
    const before = new Map([...stack(pool(3)), ["staging-old", { resource: pool(1) }]]);
    expect(of({}, before).environments[0]?.cost.before).toEqual({ low: 65.92, high: 131.84 });
  });

  test("has the room for engineers as the base's own program says it, and warns where they are too many", () => {
    const before = { engineers: 2, limits: limits(2) };
    expect(of({ room: before }).room).toEqual({ before, after: { engineers: 2, limits: limits(1) } });
    expect(of({}).room).toEqual({ after: { engineers: 2, limits: limits(1) } });
    expect(of({}).warnings).toContainEqual(
      expect.stringContaining(
        "Staging has 2 engineers and room for 1: it runs out of CPU of node pool default",
      ),
    );
  });

  test("has what policy finds new and no more, and nothing of that where the base does not say", () => {
    const policy = { green: false, findings: [finding("b"), finding("c")] };
    expect(of({ policy }).policy).toEqual({
      green: { before: false, after: false },
      appeared: [finding("a")],
      resolved: [finding("c")],
      findings: 2,
    });
    expect(of({}).policy).toEqual({ green: { after: false }, appeared: [], resolved: [], findings: 2 });
  });
});
