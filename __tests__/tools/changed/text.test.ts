import type { Stacks, TerraformJson } from "../../../lib/core/terraform-json";
import { type BaseSays, review } from "../../../tools/changed/review";
import {
  describeCost,
  describePolicy,
  describeRoom,
  reviewText,
  shownValues,
} from "../../../tools/changed/text";
import { estimateProgram } from "../../../tools/cost/program";
import { HOSTILE, obeyed } from "../../support/hostile-text";
import { projectOf, synthesizeProgram } from "../../support/program";

const limits = [{ scarce: "CPU of node pool default", engineers: 2 }];

/** Without colours of one number, which workflows have; whatever else a terminal would obey stays. */
const text = (...sides: Parameters<typeof printed>) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  printed(...sides).replace(/\u001b\[\d+m/g, "");

function printed(before: Stacks, after: Stacks, says: BaseSays = {}): string {
  const head = {
    stacks: after,
    cost: estimateProgram({ stacks: after, declared: projectOf().declared, limits }),
    policy: { green: true, findings: [] },
  };
  const its = review("main", before, says, head);
  return reviewText(its.stacks, its);
}

const program: Stacks = new Map([...synthesizeProgram()].map(([name, { json }]) => [name, json]));
/** The program with another stack in the place of one. */
const changed = (
  stack: string,
  change: (resource: NonNullable<TerraformJson["resource"]>) => object,
): Stacks => {
  const json = JSON.parse(JSON.stringify(program.get(stack))) as TerraformJson;
  return new Map([
    ...program,
    [stack, { ...json, resource: { ...json.resource, ...change(json.resource ?? {}) } }],
  ]);
};

test("each resource stands with its sign, what becomes of it, and its arguments from old to new", () => {
  const after = changed("production", ({ google_sql_database_instance: sql }) => ({
    google_sql_database_instance: { sql: { ...sql?.["sql"], name: "plue-other" } },
    google_pubsub_topic: { new: { name: "new" } },
    google_storage_bucket: {},
  }));
  const lines = text(program, after).split("\n");
  const at = (address: string) => lines.findIndex((line) => line.includes(address));
  expect(lines.slice(at("~ google_sql_database_instance.sql")).slice(0, 4)).toEqual([
    "  ~ google_sql_database_instance.sql",
    "      REPLACED by name, which prevent_destroy refuses; with it ends its",
    "      databases",
    '      name  "plue-prod" → "plue-other"',
  ]);
  expect(lines.slice(at("- google_storage_bucket.audit_archive_archive")).slice(0, 2)).toEqual([
    "  - google_storage_bucket.audit_archive_archive",
    "      destroyed, and with it its objects",
  ]);
  expect(lines.slice(at("> google_sql_database.sql_databases_plue")).slice(0, 3)).toEqual([
    "  > google_sql_database.sql_databases_plue",
    "      may be replaced by instance, with google_sql_database_instance.sql, which",
    "      prevent_destroy refuses; with it may end its tables",
  ]);
  expect(lines).toContain("  + google_pubsub_topic.new");
});

test("nothing but an address that cannot be broken is wider than a usual terminal", () => {
  const everything = text(new Map(), program);
  const wide = everything.split("\n").filter((line) => line.length > 80);
  expect(wide.filter((line) => !/^ {2}[+~>.-] \S+$/.test(line))).toEqual([]);
  expect(everything).toContain("and ");
});

test("a stack that is new has its resources alone, one that is gone a count", () => {
  const alice = program.get("staging-alice") as TerraformJson;
  const without = new Map([...program].filter(([name]) => name !== "staging-alice"));
  const added = text(without, program);
  expect(added).toContain("+ kubernetes_namespace_v1.staging\n      will hold every object in it");
  expect(added).not.toMatch(/\+ (output|provider|terraform|var)\./);
  const blocks = Object.keys(alice).length;
  expect(blocks).toBeGreaterThan(3);
  expect(text(program, without).replaceAll(/\s+/g, " ")).toMatch(
    /staging-alice \d+ blocks\. Nothing plans it any more: it must have been destroyed before\./,
  );
});

test("what somebody else wrote does nothing to a terminal", () => {
  const after = changed("production", () => ({
    google_pubsub_topic: { [HOSTILE]: { name: HOSTILE }, t: { name: HOSTILE } },
  }));
  const before = changed("production", () => ({ google_pubsub_topic: { t: { name: "t" } } }));
  expect(obeyed(text(before, after))).toEqual([]);
});

test("long values are shown from shortly before they differ, short ones whole", () => {
  expect(shownValues("a", "b")).toEqual(['"a"', '"b"']);
  expect(shownValues(undefined, 3)).toEqual(["none", "3"]);
  const [one, other] = shownValues(`${"x".repeat(500)}1`, `${"x".repeat(500)}2`);
  expect([one, other]).toEqual([`…${"x".repeat(20)}1"`, `…${"x".repeat(20)}2"`]);
});

test("a cost has what it was and by how much it differs, if it does", () => {
  const after = { low: 10, high: 20 };
  expect(describeCost({ after })).toBe("10.00 to 20.00");
  expect(describeCost({ before: after, after })).toBe("10.00 to 20.00");
  expect(describeCost({ before: { low: 12, high: 19 }, after })).toBe(
    "12.00 to 19.00 → 10.00 to 20.00 (-2.00 to +1.00)",
  );
  expect(describeCost({ before: { low: 5, high: 15 }, after })).toBe(
    "5.00 to 15.00 → 10.00 to 20.00 (+5.00)",
  );
});

test("the room has who is there, who fits, and both as they were", () => {
  const room = (engineers: number, fit: number) => ({
    engineers,
    limits: [{ scarce: "connections of the database", engineers: fit }],
  });
  const now = "Room for 3 engineers, of whom there are 4; first to run out: connections of the database";
  expect(describeRoom({ after: room(4, 3) })).toBe(`${now}. What it was before is not known.`);
  expect(describeRoom({ before: room(4, 3), after: room(4, 3) })).toBe(`${now}, as before.`);
  expect(describeRoom({ before: room(3, 3), after: room(4, 3) })).toBe(
    `${now}. Before: room for 3, and 3 of them.`,
  );
});

test("policy's result is compared in words", () => {
  const result = (before: boolean | undefined, after: boolean, findings = 0) => ({
    green: { ...(before !== undefined && { before }), after },
    appeared: [],
    resolved: [],
    findings,
  });
  expect(describePolicy(result(true, true))).toBe("Policy's own rules hold, as before.");
  expect(describePolicy(result(undefined, false, 1))).toBe(
    "Policy's own rules find 1 thing; before is not known.",
  );
  const appeared = [{ check: "a", resource: "b", title: "c" }];
  expect(describePolicy({ ...result(true, false, 1), appeared })).toBe(
    "Policy's own rules find 1 thing: 1 new, 0 mended.",
  );
});
