import { type PropProblem, problemsIn, wholeNumber } from "../../core/invalid-props";
import type { Path } from "../../input/problems";
import type { ChartWidget, DashboardProps, DashboardRow, MetricQuery, Widget } from "./props";
import { CONTENT_LABEL } from "./written";

/** The most that stand beside each other: narrower ones show nothing. */
const BESIDE = 12;
/** The most that Google takes of one dashboard. */
const WIDGETS = 100;

export function problems({ displayName, rows, labels = {} }: DashboardProps): PropProblem[] {
  const found: PropProblem[] = [
    ...empty(["displayName"], displayName),
    ...rows.flatMap((row, index) => problemsIn(["rows", index], rowProblems(row))),
  ];
  const widgets = rows.flatMap((row) => row.widgets).length;
  if (rows.length === 0) found.push({ prop: ["rows"], problem: "is empty", instead: "add a row" });
  if (widgets > WIDGETS)
    found.push({
      prop: ["rows"],
      problem: `has ${widgets} widgets`,
      instead: `make several dashboards of up to ${WIDGETS}`,
    });
  for (const [name, value] of Object.entries(labels)) {
    if (name === CONTENT_LABEL)
      found.push({
        prop: ["labels", name],
        problem: "is the label with the content's hash",
        instead: "give it another name",
      });
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(name) || !/^[a-z0-9_-]{1,63}$/.test(value))
      found.push({
        prop: ["labels", name],
        problem: `is "${value}"`,
        instead: "use up to 63 lower-case letters, digits, - and _ in name and value",
      });
  }
  return found;
}

function rowProblems({ widgets, height }: DashboardRow): PropProblem[] {
  const found = [
    ...wholeNumber(["height"], height, { from: 1, to: 200, optional: true }),
    ...widgets.flatMap((widget, index) => problemsIn(["widgets", index], widgetProblems(widget))),
  ];
  if (widgets.length === 0 || widgets.length > BESIDE)
    found.push({
      prop: ["widgets"],
      problem: `has ${widgets.length}`,
      instead: `give 1 to ${BESIDE} in a row`,
    });
  return found;
}

function widgetProblems(widget: Widget): PropProblem[] {
  if ("text" in widget) return empty(["text"], widget.text);
  const found = empty(["title"], widget.title);
  if ("logs" in widget) return [...found, ...empty(["logs"], widget.logs)];
  if ("slo" in widget) return [...found, ...empty(["slo"], widget.slo)];
  return [...found, ...chartProblems(widget)];
}

function chartProblems({ series, thresholds = [] }: ChartWidget): PropProblem[] {
  const found: PropProblem[] = series.flatMap((one, index) => {
    const at: Path = ["series", index];
    if ("promql" in one) return empty([...at, "promql"], one.promql);
    if ("filter" in one) return problemsIn(at, metricProblems(one));
    return (["numerator", "denominator"] as const).flatMap((part) =>
      problemsIn([...at, "ratio", part], metricProblems(one.ratio[part])),
    );
  });
  if (series.length === 0) found.push({ prop: ["series"], problem: "is empty", instead: "add one" });
  for (const [index, { value }] of thresholds.entries())
    if (value === 0 || !Number.isFinite(value))
      found.push({
        prop: ["thresholds", index, "value"],
        problem: `is ${value}, which Google does not keep`,
        instead: "leave the threshold out, or give another",
      });
  return found;
}

function metricProblems({
  filter,
  alignmentSeconds,
  aligner,
  groupBy = [],
  reducer,
}: MetricQuery): PropProblem[] {
  const found = empty(["filter"], filter);
  if (alignmentSeconds !== undefined && (alignmentSeconds < 60 || alignmentSeconds % 60 !== 0))
    found.push({
      prop: ["alignmentSeconds"],
      problem: `is ${alignmentSeconds}`,
      instead: "give whole minutes, from 60",
    });
  if (aligner === "ALIGN_NONE")
    found.push({
      prop: ["aligner"],
      problem: "is ALIGN_NONE, which charts cannot reduce and Google does not keep",
      instead: "leave it out, or give another",
    });
  if (groupBy.length > 0 && !reducer)
    found.push({ prop: ["groupBy"], problem: "is given without a reducer", instead: "give reducer" });
  return found;
}

function empty(prop: Path, text: string): PropProblem[] {
  return text.trim() === "" ? [{ prop, problem: "is empty", instead: "give a text" }] : [];
}
