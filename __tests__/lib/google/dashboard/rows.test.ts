import { overviewRows, poolRows } from "../../../../lib/google/dashboard/rows";
import { synthesizeStack } from "../../../support/program";

test("an overview has requests, the share that fails of all of them, and latency without streams", () => {
  const [row, ...more] = overviewRows(
    { loadBalancer: { except: [{ namespace: "shop", service: "events" }] } },
    {},
  );
  expect(more).toEqual([]);
  const [requests, share, latency] = (row?.widgets ?? []) as {
    title: string;
    series: { filter: string; ratio: { numerator: { filter: string }; denominator: { filter: string } } }[];
  }[];
  const all = requests?.series[0]?.filter;
  expect(share?.series[0]?.ratio.denominator.filter).toBe(all);
  expect(share?.series[0]?.ratio.numerator.filter).toBe(`${all} AND metric.labels.response_code_class = 500`);
  expect(all).not.toContain("events");
  expect(latency?.series[0]?.filter).toContain("-shop-events-");
});

test("a pool has a row, an objective a chart", () => {
  expect(poolRows({ runners: { namespace: "shop", deployment: "runners" } })).toHaveLength(1);
  const rows = overviewRows({ loadBalancer: {} }, { availability: "projects/p/services/s/slos/a" });
  expect(rows.at(-1)?.widgets).toEqual([
    { title: "Error budget left: availability", slo: "projects/p/services/s/slos/a" },
  ]);
});

test.each([
  ["staging-base", ["cluster", "database", "namespace", "overview"]],
  ["production", ["cluster", "database", "namespace", "overview", "warm-pool"]],
])("%s has its dashboards, and puts out where they are", (name, expected) => {
  const stack = synthesizeStack(name);
  expect(Object.keys(stack.outputs["dashboard_urls"]?.value ?? {}).sort()).toEqual(expected);
  expect(Object.keys(stack.resources("google_monitoring_dashboard"))).toHaveLength(expected.length);
  const namespace = stack.json["locals"].dashboard_namespace_content;
  expect(namespace.dashboardFilters).toEqual([{ filterType: "RESOURCE_LABEL", labelKey: "namespace_name" }]);
});
