import { readFileSync } from "node:fs";
import { LEVELS } from "../../lib/google/monitoring/levels";
import { parseFilter } from "../support/filter-grammar";

const text = readFileSync("docs/observability.md", "utf8");
const rows = text
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.slice(2, -2).split(" | "));

test.each(Object.entries(LEVELS))("the table has %s as it is", (alert, row) => {
  const page = "runbook" in row ? row.runbook : alert;
  expect(rows.find(([name]) => name === alert)).toEqual([
    alert,
    row.level,
    row.severity === "CRITICAL" ? "yes" : "no",
    [row.subject]
      .flat()
      .map((subject) => `\`${subject}\``)
      .join(", "),
    row.measures,
    `[${page}](runbooks/${page}.md)`,
  ]);
});

test("no alert is in the table that there is not", () => {
  const named = rows.filter((row) => row.length === 6 && row[1] !== "from level").map(([name]) => name);
  expect(named).toEqual(["api-down", ...Object.keys(LEVELS), "slo-fast-burn", "slo-slow-burn"]);
});

test("the queries are such as Cloud Logging reads", () => {
  const queries = [...text.matchAll(/^```text\n(.*?)\n```$/gms)].map(([, query = ""]) => query);
  expect(queries.length).toBeGreaterThan(3);
  for (const query of queries) expect(parseFilter(query, "logging").length).toBeGreaterThan(0);
});
