import type { ChartWidget, DashboardRow, LogsWidget, MetricQuery, Series, SloWidget, Widget } from "./props";

/** Columns of the layout, in which widths and heights count. */
export const COLUMNS = 48;
/** Heights of rows that say none. */
const HEIGHT = 16;
const TEXT_HEIGHT = 8;

/** Tiles of a mosaic layout: row below row, and in each its widgets beside each other, together as wide as the whole. */
export function tiles(rows: readonly DashboardRow[], projectId: string): object[] {
  let yPos = 0;
  return rows.flatMap(({ widgets, height = heightOf(widgets) }) => {
    const top = yPos;
    yPos += height;
    return widgets.map((widget, index) => {
      const edge = (at: number) => Math.round((at * COLUMNS) / widgets.length);
      const xPos = edge(index);
      return { xPos, yPos: top, width: edge(index + 1) - xPos, height, widget: widgetOf(widget, projectId) };
    });
  });
}

function heightOf(widgets: readonly Widget[]): number {
  return widgets.every((widget) => "text" in widget) ? TEXT_HEIGHT : HEIGHT;
}

function widgetOf(widget: Widget, projectId: string): object {
  const { title } = widget;
  if ("text" in widget) return { title, text: { content: widget.text, format: "MARKDOWN" } };
  if ("logs" in widget) return { title, logsPanel: logsPanel(widget, projectId) };
  return { title, xyChart: "slo" in widget ? sloChart(widget) : chart(widget) };
}

function logsPanel({ logs }: LogsWidget, projectId: string): object {
  return { filter: logs, resourceNames: [`projects/${projectId}`] };
}

/** What Google takes where nothing is said is written out all the same where it is not zero: it answers with it. */
function chart({ series, thresholds = [], axis, scale = "LINEAR" }: ChartWidget): object {
  return {
    dataSets: series.map(dataSet),
    thresholds: thresholds.map(({ value, label }) => ({ value, label, targetAxis: "Y1" })),
    yAxis: { label: axis, scale },
    chartOptions: { mode: "COLOR" },
  };
}

function dataSet(series: Series): object {
  const { legend, plot = "LINE", unit } = series;
  return {
    legendTemplate: legend,
    plotType: plot,
    targetAxis: "Y1",
    timeSeriesQuery: { ...query(series), unitOverride: unit },
  };
}

function query(series: Series): object {
  if ("promql" in series) return { prometheusQuery: series.promql };
  if ("filter" in series) return { timeSeriesFilter: filtered(series) };
  const { numerator, denominator } = series.ratio;
  return {
    timeSeriesFilterRatio: { numerator: filtered(numerator), denominator: filtered(denominator) },
  };
}

function filtered(metric: MetricQuery): object {
  const { filter, aligner = "ALIGN_MEAN", reducer, groupBy, alignmentSeconds = 60 } = metric;
  return {
    filter,
    aggregation: {
      alignmentPeriod: `${alignmentSeconds}s`,
      perSeriesAligner: aligner,
      crossSeriesReducer: reducer,
      groupByFields: groupBy,
    },
  };
}

/** Selector of an objective's series, with the aligner that suits it and its unit. */
const SLO_SERIES = {
  compliance: { selector: (slo: string) => `select_slo_compliance("${slo}")`, aligner: "ALIGN_MEAN" },
  budget: { selector: (slo: string) => `select_slo_budget_fraction("${slo}")`, aligner: "ALIGN_NEXT_OLDER" },
  burnRate: {
    selector: (slo: string) => `select_slo_burn_rate("${slo}", "3600s")`,
    aligner: "ALIGN_NEXT_OLDER",
  },
} as const;

function sloChart({ title, slo, show = "budget" }: SloWidget): object {
  const { selector, aligner } = SLO_SERIES[show];
  const share = show !== "burnRate";
  return chart({
    title,
    series: [{ filter: selector(slo), aligner, unit: share ? "10^2.%" : undefined }],
    // Above 1 the budget does not last.
    thresholds: share ? [] : [{ value: 1 }],
  });
}
