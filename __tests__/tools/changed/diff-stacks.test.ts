import type { TerraformJson } from "../../../lib/core/terraform-json";
import { diffStacks } from "../../../tools/changed/diff-stacks";

const stacks = (content: Record<string, TerraformJson>) => new Map(Object.entries(content));
const user = (args: object): TerraformJson => ({ resource: { google_sql_user: { admin: { ...args } } } });

test("stacks that are the same have no difference, whatever CDKTF notes about itself", () => {
  const noted = user({ name: "a", "//": { metadata: { path: "x" } } });
  expect(
    diffStacks(stacks({ s: user({ name: "a" }) }), stacks({ s: { "//": { version: "1" }, ...noted } })),
  ).toEqual([]);
});

test("a stack that is new or gone has all that it holds", () => {
  const one = stacks({ s: { ...user({}), output: { url: { value: "x" } } } });
  const addresses = ["google_sql_user.admin", "output.url"];
  expect(diffStacks(stacks({}), one)).toEqual([
    { stack: "s", change: "new", added: addresses, removed: [], forgotten: [], changed: [] },
  ]);
  expect(diffStacks(one, stacks({}))).toEqual([
    { stack: "s", change: "removed", added: [], removed: addresses, forgotten: [], changed: [] },
  ]);
});

test("a changed argument is named by its path, with what it was and is", () => {
  const before = user({ name: "a", rule: [{ verb: "get" }], tags: ["x"], gone: 1 });
  const after = user({ name: "b", rule: [{ verb: "list" }, { verb: "get" }], tags: ["x", "y"] });
  expect(diffStacks(stacks({ s: before }), stacks({ s: after }))).toEqual([
    {
      stack: "s",
      change: "changed",
      added: [],
      removed: [],
      forgotten: [],
      changed: [
        {
          address: "google_sql_user.admin",
          arguments: [
            { path: "gone", before: 1, after: undefined },
            { path: "name", before: "a", after: "b" },
            { path: "rule[0].verb", before: "get", after: "list" },
            { path: "rule[1]", before: undefined, after: { verb: "get" } },
            { path: "tags", before: ["x"], after: ["x", "y"] },
          ],
        },
      ],
    },
  ]);
});

test("locals, variables, data and settings are named as Terraform does", () => {
  const after: TerraformJson = {
    locals: { values: 1 },
    variable: { image_tag: {} },
    data: { google_project: { it: {} } },
    ephemeral: { random_password: { p: {} } },
    terraform: { required_version: ">= 1" },
  };
  expect(diffStacks(stacks({ s: {} }), stacks({ s: after }))[0]?.added).toEqual([
    "data.google_project.it",
    "ephemeral.random_password.p",
    "local.values",
    "terraform.required_version",
    "var.image_tag",
  ]);
});

describe("what Terraform is told of addresses", () => {
  const bucket = (name: string, args: object = {}): TerraformJson => ({
    resource: { google_storage_bucket: { [name]: { ...args } } },
  });

  test("a moved block makes one resource of two addresses", () => {
    const moved = [{ from: "google_storage_bucket.old", to: "google_storage_bucket.new" }];
    const diff = (args: object) =>
      diffStacks(
        stacks({ s: bucket("old", { name: "a" }) }),
        stacks({ s: { ...bucket("new", args), moved } }),
      );
    expect(diff({ name: "a" })).toEqual([]);
    expect(diff({ name: "b" })[0]?.changed).toEqual([
      {
        address: "google_storage_bucket.new",
        from: "google_storage_bucket.old",
        arguments: [{ path: "name", before: "a", after: "b" }],
      },
    ]);
  });

  test("one that is no move is none: both addresses stay, or neither was there", () => {
    const moved = [{ from: "google_storage_bucket.never", to: "google_storage_bucket.new" }];
    const [difference] = diffStacks(stacks({ s: bucket("old") }), stacks({ s: { ...bucket("new"), moved } }));
    expect(difference).toMatchObject({
      added: ["google_storage_bucket.new"],
      removed: ["google_storage_bucket.old"],
    });
  });

  test.each([
    [{ destroy: false }, "forgotten"],
    [[{ destroy: false }], "forgotten"],
    [{ destroy: true }, "removed"],
  ])("a removed block with lifecycle %j: %s", (lifecycle, as) => {
    const removed = [{ from: "google_storage_bucket.old", lifecycle }];
    const [difference] = diffStacks(stacks({ s: bucket("old") }), stacks({ s: { removed } }));
    expect(difference?.[as as "removed" | "forgotten"]).toEqual(["google_storage_bucket.old"]);
  });
});
