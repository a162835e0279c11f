import { parseFilter } from "./filter-grammar";

test("comparisons of a filter, however they are joined", () => {
  expect(
    parseFilter(
      'metric.type = "a" AND NOT (resource.labels.x != monitoring.regex.full_match("b.*") OR metric.labels.y >= 500)',
      "monitoring",
    ),
  ).toEqual([
    { path: "metric.type", operator: "=", value: "a" },
    { path: "resource.labels.x", operator: "!=", value: "b.*" },
    { path: "metric.labels.y", operator: ">=", value: "500" },
  ]);
  expect(parseFilter('log_id("a") severity >= ERROR', "logging")).toHaveLength(2);
});

test.each([
  ["a word without quotes", "metric.type = a"],
  ["a value without end", 'metric.type = "a'],
  ["no value", "metric.type ="],
  ["an operator of Logging's", 'metric.type =~ "a"'],
  ["an unknown function", 'metric.type = regex("a")'],
  ["half a pair of brackets", '(metric.type = "a"'],
  ["nothing", ""],
])("%s is refused", (_, text) => expect(() => parseFilter(text, "monitoring")).toThrow(SyntaxError));
