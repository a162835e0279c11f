import type { PlannedAction, PlanReport } from "../../../tools/ci/planned-actions";
import { COMMENT_LIMIT, renderPlans } from "../../../tools/ci/plans-markdown";
import fc from "../../support/properties";

const report = (stack: string, text = "", more: Partial<PlanReport> = {}): PlanReport => ({
  stack,
  outcome: text ? "changed" : "unchanged",
  actions: [],
  text,
  ...more,
});

test("whatever the plans say, the comment is no longer than GitHub takes, and has a row for each", () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ minLength: 1, maxLength: 40 }).map((line) => `${line}\n`.repeat(3000)),
  );
  const reports = fc.array(fc.tuple(text, fc.constantFrom("changed", "failed", "unchanged", "new")), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(reports, (drawn) => {
      const plans = drawn.map(([text, outcome], index) =>
        report(`stack-${index}`, text, { outcome } as object),
      );
      const body = renderPlans(plans, { marker: "<!-- m -->", title: "T", whole: "https://github.com/run" });
      expect(body.length).toBeLessThanOrEqual(COMMENT_LIMIT);
      expect(body.startsWith("<!-- m -->\n")).toBe(true);
      for (const { stack } of plans) expect(body).toContain(`| \`${stack}\` |`);
    }),
    { numRuns: 60 },
  );
});

test("a thousand stacks with thousands of losses stay within it as well", () => {
  const actions = Array.from(
    { length: 50 },
    (_, index): PlannedAction => ({
      address: `google_sql_database.${"x".repeat(500)}${index}`,
      action: "destroy",
      loses: "its tables",
    }),
  );
  const plans = Array.from({ length: 1000 }, (_, index) =>
    report(`staging-${index}`, "x".repeat(1000), { actions }),
  );
  const body = renderPlans(plans, { title: "T" });
  expect(body.length).toBeLessThanOrEqual(COMMENT_LIMIT);
  expect(body).toContain("| and 900 more | |");
  expect(body).toContain("- and 49980 more");
  expect(body).toContain("Not all of it fits here");
});

test("a short difference is whole beside one that is cut off", () => {
  const body = renderPlans(
    [report("long", "  + x\n".repeat(50_000)), report("short", "  + the whole of it")],
    {
      title: "T",
      whole: "https://github.com/run",
    },
  );
  expect(body).toContain("+   the whole of it\n```");
  expect(body).toContain("… cut off here\n```");
  expect(body).toContain("Not all of it fits here: [the run](https://github.com/run) has the whole");
});

test("nothing in a difference ends its fence", () => {
  const body = renderPlans([report("a", "x\n```\n@everyone\n````\n</details>\n")], { title: "T" });
  expect(body).toContain("\n`````diff\nx\n```\n@everyone\n````\n</details>\n\n`````\n");
});

test("marks stand where a diff has them", () => {
  const text =
    "  # a.b will be updated\n  ~ resource {\n      - old = 1\n      + new = 2 -> 3\n    }\n-/+ resource";
  expect(renderPlans([report("a", text)], { title: "T" })).toContain(
    "  # a.b will be updated\n!   resource {\n-       old = 1\n+       new = 2 -> 3\n    }\n-/+ resource",
  );
});

test("what would lose data is said before anything is opened, and an address cannot break the table", () => {
  const actions: PlannedAction[] = [{ address: 'a.b["x|`y"]', action: "replace", loses: "its rows" }];
  const body = renderPlans([report("a", "x", { actions })], { title: "T" });
  expect(body.indexOf("[!CAUTION]")).toBeLessThan(body.indexOf("<details>"));
  expect(body).toContain('- `a`: replace `a.b["x\\|\'y"]`: its rows');
});
