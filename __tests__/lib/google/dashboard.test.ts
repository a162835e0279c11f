import { MonitoringSlo } from "@cdktf/provider-google/lib/monitoring-slo";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import {
  Dashboard,
  type DashboardProps,
  type DashboardRow,
  type Widget,
} from "../../../lib/google/dashboard";
import { written } from "../../../lib/google/dashboard/written";
import { synthesize } from "../../support/synth";

const text: Widget = { text: "Read the runbook" };
const chart: Widget = { title: "CPU", series: [{ filter: 'metric.type="cpu"' }] };

function stackOf(rows: readonly DashboardRow[], changes: Partial<DashboardProps> = {}) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google");
    const { url } = new Dashboard(stack, "shop", {
      projectId: "p",
      displayName: "Shop",
      rows,
      ...changes,
    });
    stack.output("url", { value: url });
  });
}
const contentOf = (...args: Parameters<typeof stackOf>) => stackOf(...args).json["locals"]["shop_content"];
const tilesOf = (...rows: DashboardRow[]) => contentOf(rows).mosaicLayout.tiles;
const widgetOf = (widget: Widget) => tilesOf({ widgets: [widget] })[0].widget;
const hashOf = (...args: Parameters<typeof stackOf>) => contentOf(...args).labels.content;

describe("Dashboard", () => {
  test("is the JSON of its content", () => {
    expect(stackOf([{ widgets: [text] }]).resource("google_monitoring_dashboard", "shop")).toEqual({
      project: "p",
      dashboard_json: "${jsonencode(local.shop_content)}",
    });
    expect(contentOf([{ widgets: [text] }], { labels: { service: "shop" } })).toEqual({
      displayName: "Shop",
      mosaicLayout: {
        columns: 48,
        tiles: [
          { width: 48, height: 8, widget: { text: { content: "Read the runbook", format: "MARKDOWN" } } },
        ],
      },
      labels: { service: "shop", content: expect.stringMatching(/^[0-9a-f]{12}$/) },
    });
  });

  test("tells where the console shows it", () => {
    expect(stackOf([{ widgets: [text] }]).outputs["url"]?.["value"]).toBe(
      'https://console.cloud.google.com/monitoring/dashboards/builder/${element(split("/", google_monitoring_dashboard.shop.id), 3)}?project=p',
    );
  });

  test("lays rows below each other, and widgets of a row beside each other over its whole width", () => {
    const places = tilesOf(
      { widgets: [text] },
      { widgets: [chart, chart, chart] },
      { widgets: [chart, chart, chart, chart, chart], height: 20 },
      { widgets: [chart] },
    ).map(({ widget: _, ...place }: { widget: object }) => place);
    expect(places).toEqual([
      // Left and top are zero, and not written.
      { width: 48, height: 8 },
      { yPos: 8, width: 16, height: 16 },
      { xPos: 16, yPos: 8, width: 16, height: 16 },
      { xPos: 32, yPos: 8, width: 16, height: 16 },
      { yPos: 24, width: 10, height: 20 },
      { xPos: 10, yPos: 24, width: 9, height: 20 },
      { xPos: 19, yPos: 24, width: 10, height: 20 },
      { xPos: 29, yPos: 24, width: 9, height: 20 },
      { xPos: 38, yPos: 24, width: 10, height: 20 },
      { yPos: 44, width: 48, height: 16 },
    ]);
  });

  test("writes nothing that Google answers without", () => {
    const content = contentOf([
      {
        widgets: [
          {
            title: "Zeros",
            series: [
              { filter: "a", reducer: "REDUCE_NONE", groupBy: [], legend: "", unit: "" },
              { promql: "vector(0)" },
            ],
            thresholds: [],
            axis: "",
          },
          { title: "", text: "Text" },
        ],
      },
    ]);
    const values: unknown[] = [];
    JSON.stringify(content, (key, value) => {
      values.push({ key, value });
      return value;
    });
    for (const { value } of values as { value: unknown }[]) {
      expect([0, false, "", null, "0s", "ALIGN_NONE", "REDUCE_NONE"]).not.toContain(value);
      if (typeof value === "object" && value !== null) expect(Object.keys(value)).not.toEqual([]);
    }
  });

  test.each<[string, unknown, unknown]>([
    ["positions", { tile: { xPos: 0, yPos: 0, width: 48 } }, { tile: { width: 48 } }],
    ["lists, and what is empty without them", { a: { b: [] }, c: [{}], d: 1 }, { d: 1 }],
    ["booleans", { hidden: false, shown: true }, { shown: true }],
    [
      "first values of enumerations",
      { perSeriesAligner: "ALIGN_NONE", crossSeriesReducer: "REDUCE_NONE", plotType: "LINE" },
      { plotType: "LINE" },
    ],
    ["durations", { timeshiftDuration: "0s", alignmentPeriod: "60s" }, { alignmentPeriod: "60s" }],
  ])("leaves out zero %s", (_, planted, left) => {
    expect(written(planted)).toEqual(left);
  });

  test("changes its label with its content, also when something is taken away, and with nothing else", () => {
    const rows = [{ widgets: [text, chart] }];
    const hash = hashOf(rows);
    expect(hashOf(rows)).toBe(hash);
    const others = [
      hashOf([{ widgets: [text] }]),
      hashOf([{ widgets: [chart, text] }]),
      hashOf(rows, { displayName: "Shops" }),
      hashOf(rows, { labels: { service: "shop" } }),
    ];
    expect(new Set([hash, ...others]).size).toBe(5);
  });

  test("has the same label whatever else its stack declares, though it names another resource", () => {
    const hashes = [0, 1].map((before) => {
      const { json } = synthesize((stack) => {
        new GoogleProvider(stack, "google");
        for (let made = 0; made < before; made++)
          new MonitoringSlo(stack, `earlier-${made}`, { service: "s", goal: 0.5 });
        const slo = new MonitoringSlo(stack, "slo", { service: "s", goal: 0.99 });
        new Dashboard(stack, "shop", {
          projectId: "p",
          displayName: "Shop",
          rows: [{ widgets: [{ title: "Budget", slo: slo.name }] }],
        });
      });
      expect(JSON.stringify(json["locals"])).toContain("${google_monitoring_slo.slo.name}");
      return json["locals"]["shop_content"].labels.content;
    });
    expect(hashes[0]).toBe(hashes[1]);
  });

  describe("shows", () => {
    test("a metric, with its lines and thresholds", () => {
      expect(
        widgetOf({
          title: "Latency",
          axis: "ms",
          scale: "LOG10",
          thresholds: [{ value: 2000, label: "slow" }, { value: 5000 }],
          series: [
            {
              filter: 'metric.type="latency"',
              aligner: "ALIGN_DELTA",
              reducer: "REDUCE_PERCENTILE_95",
              groupBy: ["resource.label.service_name"],
              alignmentSeconds: 300,
              legend: "${resource.label.service_name}",
              plot: "STACKED_AREA",
              unit: "ms",
            },
          ],
        }),
      ).toEqual({
        title: "Latency",
        xyChart: {
          dataSets: [
            {
              // A dollar of its own, no expression of Terraform's.
              legendTemplate: "$${resource.label.service_name}",
              plotType: "STACKED_AREA",
              targetAxis: "Y1",
              timeSeriesQuery: {
                timeSeriesFilter: {
                  filter: 'metric.type="latency"',
                  aggregation: {
                    alignmentPeriod: "300s",
                    perSeriesAligner: "ALIGN_DELTA",
                    crossSeriesReducer: "REDUCE_PERCENTILE_95",
                    groupByFields: ["resource.label.service_name"],
                  },
                },
                unitOverride: "ms",
              },
            },
          ],
          thresholds: [
            { value: 2000, label: "slow", targetAxis: "Y1" },
            { value: 5000, targetAxis: "Y1" },
          ],
          yAxis: { label: "ms", scale: "LOG10" },
          chartOptions: { mode: "COLOR" },
        },
      });
    });

    test("a gauge by its mean, and a query in PromQL", () => {
      const { dataSets } = widgetOf({
        title: "Both",
        series: [{ filter: "a" }, { promql: "up" }],
      }).xyChart;
      expect(dataSets.map(({ timeSeriesQuery }: { timeSeriesQuery: object }) => timeSeriesQuery)).toEqual([
        {
          timeSeriesFilter: {
            filter: "a",
            aggregation: { alignmentPeriod: "60s", perSeriesAligner: "ALIGN_MEAN" },
          },
        },
        { prometheusQuery: "up" },
      ]);
    });

    test("the share of one metric in another", () => {
      const part = (filter: string) => ({ filter, aligner: "ALIGN_RATE", reducer: "REDUCE_SUM" });
      const asked = (filter: string) => ({
        filter,
        aggregation: {
          alignmentPeriod: "60s",
          perSeriesAligner: "ALIGN_RATE",
          crossSeriesReducer: "REDUCE_SUM",
        },
      });
      const { dataSets } = widgetOf({
        title: "Errors",
        series: [{ ratio: { numerator: part("5xx"), denominator: part("all") }, unit: "10^2.%" }],
      }).xyChart;
      expect(dataSets[0].timeSeriesQuery).toEqual({
        timeSeriesFilterRatio: { numerator: asked("5xx"), denominator: asked("all") },
        unitOverride: "10^2.%",
      });
    });

    test.each([
      [undefined, 'select_slo_budget_fraction("slo")', "ALIGN_NEXT_OLDER", "10^2.%", undefined],
      ["compliance", 'select_slo_compliance("slo")', "ALIGN_MEAN", "10^2.%", undefined],
      ["burnRate", 'select_slo_burn_rate("slo", "3600s")', "ALIGN_NEXT_OLDER", undefined, 1],
    ] as const)("an objective's %s", (show, filter, perSeriesAligner, unitOverride, threshold) => {
      const { xyChart } = widgetOf({ title: "Objective", slo: "slo", show });
      expect(xyChart.dataSets[0].timeSeriesQuery).toEqual({
        timeSeriesFilter: { filter, aggregation: { alignmentPeriod: "60s", perSeriesAligner } },
        ...(unitOverride && { unitOverride }),
      });
      expect(xyChart.thresholds?.[0]?.value).toBe(threshold);
    });

    test("log entries of its project", () => {
      expect(widgetOf({ title: "Errors", logs: "severity>=ERROR" })).toEqual({
        title: "Errors",
        logsPanel: { filter: "severity>=ERROR", resourceNames: ["projects/p"] },
      });
    });

    test("text", () => {
      expect(widgetOf({ title: "Notes", text: "# Notes" })).toEqual({
        title: "Notes",
        text: { content: "# Notes", format: "MARKDOWN" },
      });
    });
  });
});
