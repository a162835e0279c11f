import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { parser } from "@prometheus-io/lezer-promql";
import { declare as declareDashboard } from "../../../every-construct/dashboard";
import { declare as declareMonitoring } from "../../../every-construct/monitoring";
import { parseFilter } from "../../../support/filter-grammar";
import { METRICS, PROMQL_METRICS } from "../../../support/metrics";
import { synthesizeProgram } from "../../../support/program";
import { Synthesized, synthesize } from "../../../support/synth";
import { SYSTEMS, synthesizeSystem } from "../../../support/systems";

const stacks: [string, Synthesized][] = [
  [
    "every construct",
    synthesize((stack) => {
      new GoogleProvider(stack, "google");
      declareMonitoring(stack);
      declareDashboard(stack);
    }),
  ],
  ...[
    ...synthesizeProgram(),
    ...SYSTEMS.flatMap((folder) =>
      synthesizeSystem(folder).sources.map(({ name, json }): [string, Synthesized] => [
        name,
        new Synthesized(json),
      ]),
    ),
  ].filter(([, stack]) => "google_monitoring_alert_policy" in (stack.json["resource"] ?? {})),
];

/** Strings below keys of these names, wherever they are. */
function below(value: unknown, keys: readonly string[]): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    keys.includes(key) && typeof item === "string" ? [item] : below(item, keys),
  );
}
const monitoringParts = (stack: Synthesized) =>
  ["google_monitoring_alert_policy", "google_monitoring_slo"].map((type) => stack.resources(type));
const LOG_KEYS = ["condition_matched_log", "logsPanel"];
function logFilters(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    LOG_KEYS.includes(key) ? below(item, ["filter"]) : logFilters(item),
  );
}
function metricFilters(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (LOG_KEYS.includes(key)) return [];
    return /^(filter|denominator_filter|\w+_service_filter|distribution_filter)$/.test(key) &&
      typeof item === "string"
      ? [item]
      : metricFilters(item);
  });
}

describe.each(stacks)("%s", (_, stack) => {
  const all = [monitoringParts(stack), stack.json["locals"]];
  const metrics = [...new Set(metricFilters(all))];
  const queries = [...new Set(below(all, ["query", "prometheusQuery"]))];
  const logs = [
    ...new Set([...logFilters(all), ...below(stack.resources("google_logging_metric"), ["filter"])]),
  ];

  test("every filter of a metric parses, and names a metric that there is for that resource", () => {
    expect(metrics.length).toBeGreaterThan(2);
    for (const filter of metrics) {
      const found = parseFilter(filter, "monitoring");
      const valuesOf = (path: string) => found.filter((one) => one.path === path).map(({ value }) => value);
      if (found.some(({ path }) => path.startsWith("select_slo_"))) continue;
      const [metric = "none", ...more] = valuesOf("metric.type");
      const [resource = "none", ...others] = valuesOf("resource.type");
      expect([filter, more, others]).toEqual([filter, [], []]);
      expect([filter, METRICS[metric]?.of]).toEqual([filter, expect.arrayContaining([resource])]);
    }
  });

  test("every query in PromQL parses, and names metrics that there are", () => {
    for (const query of queries) {
      const names: string[] = [];
      parser.parse(query).iterate({
        enter: ({ type, from, to }) => {
          expect([query, type.isError && query.slice(from)]).toEqual([query, false]);
          if (type.name === "Identifier") names.push(query.slice(from, to));
        },
      });
      expect([query, names.length > 0]).toEqual([query, true]);
      for (const name of names) expect([query, name, name in PROMQL_METRICS]).toEqual([query, name, true]);
    }
  });

  test("every filter of logs parses", () => {
    for (const filter of logs) expect(parseFilter(filter, "logging").length).toBeGreaterThan(0);
  });

  test("every alert has what makes it worth having", () => {
    for (const [id, policy] of Object.entries(stack.resources("google_monitoring_alert_policy"))) {
      expect([id, policy["notification_channels"].length]).not.toEqual([id, 0]);
      expect(policy).toMatchObject({
        severity: expect.stringMatching(/^(CRITICAL|WARNING)$/),
        alert_strategy: { auto_close: expect.stringMatching(/^\d+s$/) },
        documentation: { content: expect.stringMatching(/\n\n\[Runbook\]\(https:\/\/\S+\)$/) },
        user_labels: { environment: expect.any(String) },
      });
      for (const { condition_threshold: condition } of policy["conditions"])
        if (
          condition?.comparison &&
          /%$/.test(policy["conditions"][0].display_name) &&
          /5xx/.test(policy["conditions"][0].display_name)
        )
          expect([id, condition.denominator_filter]).toEqual([id, expect.stringContaining("request_count")]);
    }
  });
});

test("each metric of a cluster that is listed is asked for by somebody", () => {
  const texts = JSON.stringify(stacks.map(([, { json }]) => json));
  for (const name of Object.keys(PROMQL_METRICS)) expect([name, texts.includes(name)]).toEqual([name, true]);
});
