import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RESOURCE_TYPES } from "../../../lib/core/resource-types";
import { REPLACEMENT, replacedBy, replacingArguments } from "../../../lib/core/resource-types/replacement";
import { DECLARED_TYPES } from "../../../stacks/plue/declared-types";

const sql = (settings: object, more: object = {}) => ({ name: "a", settings, ...more });
const instance = (before: object, after: object) =>
  replacedBy("google_sql_database_instance", { ...before }, { ...after });

test("an argument that the provider changes in place replaces nothing", () => {
  expect(instance(sql({ tier: "db-f1-micro" }), sql({ tier: "db-g1-small" }))).toBeUndefined();
  expect(instance(sql({}), sql({}))).toBeUndefined();
});

test("one that it does not, nested or not, replaces for certain where both values are known", () => {
  expect(instance(sql({ disk_type: "PD_SSD" }), sql({ disk_type: "PD_HDD" }))).toEqual({
    certain: true,
    by: ["settings.disk_type"],
  });
  expect(instance({ name: "a" }, { name: "b" })).toEqual({ certain: true, by: ["name"] });
  // Blocks that may occur once are lists of one as well.
  expect(instance({ settings: [{ disk_type: "PD_SSD" }] }, { settings: [{ disk_type: "PD_HDD" }] })).toEqual({
    certain: true,
    by: ["settings.disk_type"],
  });
});

test("where a value comes, goes or is computed, or depends on what it is, a plan has to tell", () => {
  const perhaps = (by: string) => ({ certain: false, by: [by] });
  expect(instance({}, { encryption_key_name: "k" })).toEqual(perhaps("encryption_key_name"));
  expect(instance({ region: "${var.a}" }, { region: "${var.b}" })).toEqual(perhaps("region"));
  expect(instance(sql({ disk_size: 50 }), sql({ disk_size: 10 }))).toEqual(perhaps("settings.disk_size"));
});

test("a grant is replaced by whatever is changed of it, and by nothing that is Terraform's own", () => {
  const grant = { role: "roles/viewer", member: "user:a@b.c", depends_on: ["x.y"], lifecycle: {} };
  const change = (more: object) => replacedBy("google_project_iam_member", grant, { ...grant, ...more });
  expect(change({ member: "user:d@e.f" })).toEqual({ certain: true, by: ["member"] });
  expect(change({ depends_on: [], lifecycle: { prevent_destroy: true } })).toBeUndefined();
  expect(replacingArguments("google_project_iam_member", grant)).toEqual(["role", "member"]);
});

test("what Terraform is told to ignore replaces nothing", () => {
  const pool = (count: number, ignore_changes: unknown) => ({
    name: "a",
    initial_node_count: count,
    node_config: { spot: count === 0 },
    lifecycle: { ignore_changes },
  });
  const change = (ignored: unknown) =>
    replacedBy("google_container_node_pool", pool(1, ignored), pool(0, ignored))?.by;
  expect(change([])).toEqual(["initial_node_count", "node_config.spot"]);
  expect(change(["initial_node_count"])).toEqual(["node_config.spot"]);
  expect(change(["initial_node_count", "node_config[0]"])).toBeUndefined();
  expect(change("all")).toBeUndefined();
});

test("of a type that is not in the table nothing is claimed", () => {
  const unknown = { certain: false, by: [] };
  expect(replacedBy("google_tpu_node", { a: 1 }, { a: 2 })).toEqual(unknown);
  expect(replacedBy("constructor", { a: 1 }, { a: 2 })).toEqual(unknown);
  expect(replacedBy("google_tpu_node", { a: 1 }, { a: 1 })).toBeUndefined();
  expect(replacingArguments("google_tpu_node", {})).toBeUndefined();
});

test("every type that Plue declares is in the table", () => {
  const resources = DECLARED_TYPES.filter((type) => !type.startsWith("data."));
  expect(resources.filter((type) => !REPLACEMENT[type])).toEqual([]);
});

test("each type has a row, and each argument is one that its binding has", () => {
  for (const [type, { by, perhapsBy = [] }] of Object.entries(REPLACEMENT)) {
    expect([type, RESOURCE_TYPES[type]]).toEqual([type, expect.anything()]);
    const [provider = "", ...rest] = type.split("_");
    // Terraform's own.
    if (provider === "terraform") continue;
    const declared = declarationsOf(provider, rest.join("-"));
    for (const path of [...(by === "all" ? [] : by), ...perhapsBy])
      for (const segment of path.split("."))
        expect([type, path, declared.has(camelCase(segment))]).toEqual([type, path, true]);
  }
});

/** Properties of the configuration of a resource, of any depth: beta has what the other provider lacks. */
function declarationsOf(provider: string, name: string): Set<string> {
  const folders =
    provider === "google"
      ? [`provider-google/lib/${name}`, `provider-google-beta/lib/google-${name}`]
      : [`provider-${provider}/lib/${name}`];
  const texts = folders
    .map((folder) => join("node_modules/@cdktf", folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".d.ts"))
        .map((file) => readFileSync(join(folder, file), "utf8")),
    );
  return new Set([...texts.join("\n").matchAll(/readonly (\w+)\??:/g)].map(([, property = ""]) => property));
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
