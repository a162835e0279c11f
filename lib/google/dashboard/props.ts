/** Which time series of a metric, and how their points become a line. */
export interface MetricQuery {
  /**
   * By metric, resource and labels.
   * @see https://cloud.google.com/monitoring/api/v3/filters
   */
  readonly filter: string;
  /** How the points of that time become one. @default "ALIGN_MEAN", for gauges; counters need ALIGN_RATE or ALIGN_DELTA */
  readonly aligner?: string;
  /** How several time series become one, such as REDUCE_SUM. @default each is a line of its own */
  readonly reducer?: string;
  /** Labels that stay apart when series are reduced, such as `resource.label.service_name`. @default none */
  readonly groupBy?: readonly string[];
  /** Seconds of measurements that become one point, in whole minutes. @default 60 */
  readonly alignmentSeconds?: number;
}

/** Lines of a chart: of a metric, of the ratio of two, or of a query in PromQL. */
export type Series = {
  /** Name in the legend; `${metric.labels.x}` puts in a label. @default Google's: all labels */
  readonly legend?: string;
  /** @default "LINE" */
  readonly plot?: "LINE" | "STACKED_AREA" | "STACKED_BAR" | "HEATMAP";
  /** Unit, as `ms`, `By` or `10^2.%`, which shows a share in per cent. @default the metric's */
  readonly unit?: string;
} & (
  | MetricQuery
  | { readonly ratio: { readonly numerator: MetricQuery; readonly denominator: MetricQuery } }
  | { readonly promql: string }
);

/** Line across a chart at a value. */
export interface Threshold {
  readonly value: number;
  /** @default none */
  readonly label?: string;
}

/** Chart of time series. */
export interface ChartWidget {
  readonly title: string;
  readonly series: readonly Series[];
  /** @default none */
  readonly thresholds?: readonly Threshold[];
  /** Name of the vertical axis. @default none */
  readonly axis?: string;
  /** @default "LINEAR" */
  readonly scale?: "LINEAR" | "LOG10";
}

/** Chart of a service level objective. */
export interface SloWidget {
  readonly title: string;
  /** Full name of the objective, `projects/…/services/…/serviceLevelObjectives/…`. */
  readonly slo: string;
  /**
   * What of it: the share of what was good, the share of the error budget that is left, or how many times too fast the
   * budget of the last hour was used up.
   * @default "budget"
   */
  readonly show?: "compliance" | "budget" | "burnRate";
}

/** Text of people for people. */
export interface TextWidget {
  /** @default none */
  readonly title?: string;
  /** Markdown. */
  readonly text: string;
}

/** Log entries, newest first. */
export interface LogsWidget {
  readonly title: string;
  /** @see https://cloud.google.com/logging/docs/view/logging-query-language */
  readonly logs: string;
}

export type Widget = ChartWidget | SloWidget | TextWidget | LogsWidget;

/** Widgets beside each other. */
export interface DashboardRow {
  /** Up to twelve; each as wide as the others. */
  readonly widgets: readonly Widget[];
  /** Height, of which the whole width is 48. @default 16; 8 in a row of text alone */
  readonly height?: number;
}

export interface DashboardProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Name in the console. */
  readonly displayName: string;
  /** Rows of widgets, from the top. */
  readonly rows: readonly DashboardRow[];
  /**
   * Labels of resources, such as `namespace_name`, for each of which whoever looks chooses a value for all charts that have it.
   * @default none
   */
  readonly filters?: readonly string[];
  /** Labels, by which the console's list filters: lower-case letters, digits, - and _. @default none */
  readonly labels?: Readonly<Record<string, string>>;
}
