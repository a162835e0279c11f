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
    { stack: "s", change: "new", added: addresses, removed: [], changed: [] },
  ]);
  expect(diffStacks(one, stacks({}))).toEqual([
    { stack: "s", change: "removed", added: [], removed: addresses, changed: [] },
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
