import type { TerraformJson } from "../../../lib/core/terraform-json";
import { dashboardsSection } from "../../../tools/report/dashboards";

const content = {
  displayName: "acme: <overview>",
  mosaicLayout: {
    columns: 48,
    tiles: [
      {
        width: 24,
        height: 16,
        widget: {
          title: "Requests & errors",
          xyChart: {
            dataSets: [
              {
                timeSeriesQuery: {
                  timeSeriesFilter: { filter: 'metric.type = "run.googleapis.com/request_count"' },
                },
              },
              { timeSeriesQuery: { prometheusQuery: "sum(up)" } },
            ],
            thresholds: [{ value: 0.05, label: "alert" }],
          },
        },
      },
      {
        xPos: 24,
        width: 24,
        height: 16,
        widget: { title: "First", text: { content: "See the runbooks.\n\nThen go on." } },
      },
      {
        yPos: 16,
        width: 48,
        height: 12,
        widget: { title: "Errors", logsPanel: { filter: "severity>=ERROR" } },
      },
    ],
  },
};
const stack = (dashboardJson: string): TerraformJson => ({
  locals: { it: content },
  resource: { google_monitoring_dashboard: { it: { dashboard_json: dashboardJson } } },
});
const section = (json: TerraformJson) => dashboardsSection(new Map([["production", json]]))?.text ?? "";

test("each dashboard is a picture with its widgets where they are, and the same in words", () => {
  const page = section(stack("${jsonencode(local.it)}"));
  expect(page).toContain("acme: &lt;overview&gt;");
  expect(page).toContain('viewBox="0 0 1152 308"');
  expect(page.match(/<rect x="(\d+)" y="(\d+)"/g)).toEqual([
    '<rect x="2" y="2"',
    '<rect x="578" y="2"',
    '<rect x="2" y="178"',
  ]);
  expect(page.match(/class="line"/g)).toHaveLength(2);
  expect(page.match(/class="limit"/g)).toHaveLength(1);
  expect(page).toContain(">See the runbooks.<");
  expect(page).toContain(
    "<strong>Requests &amp; errors</strong>: run.googleapis.com/request_count; lines at alert",
  );
  expect(page).toContain("<strong>Errors</strong>: entries of the log");
});

test("the samples are the same each time, and those of text are its own", () => {
  expect(section(stack("${jsonencode(local.it)}"))).toBe(section(stack("${jsonencode(local.it)}")));
  expect(section(stack(JSON.stringify(content)))).toBe(section(stack("${jsonencode(local.it)}")));
});

test("without a dashboard there is no section, and one that cannot be read is left out", () => {
  expect(section({ resource: {} })).toBe("");
  expect(section(stack('${file("x.json")}'))).toBe("");
});
