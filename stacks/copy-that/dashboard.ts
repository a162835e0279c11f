import type { Construct } from "constructs";
import { Dashboard } from "../../lib/google/dashboard";
import { cloudRunMetric } from "../../lib/google/monitoring/cloud-run-alerts";
import type { EnvironmentName } from "./config";
import { nameOf } from "./names";

/** What the dashboard is of. */
interface Shown {
  readonly projectId: string;
  readonly environment: EnvironmentName;
  readonly labels: Record<string, string>;
}

/** The four panels that people look at first, and the log. */
export function dashboardOf(scope: Construct, { projectId, environment, labels }: Shown): Dashboard {
  const rate = (filter: string) => ({ filter, aligner: "ALIGN_RATE", reducer: "REDUCE_SUM" });
  const service = { name: nameOf("api", environment) };
  const all = cloudRunMetric("request_count", service);
  return new Dashboard(scope, "dashboard", {
    projectId,
    displayName: `Copy-That API - ${environment}`,
    labels,
    rows: [
      {
        widgets: [
          {
            title: "Request rate",
            axis: "per second",
            series: [
              {
                ...rate(all),
                groupBy: ["resource.label.revision_name"],
                legend: "${resource.labels.revision_name}",
              },
            ],
          },
          {
            title: "Error rate",
            series: [
              {
                ratio: {
                  numerator: rate(`${all} AND metric.labels.response_code_class = "5xx"`),
                  denominator: rate(all),
                },
                unit: "10^2.%",
              },
            ],
            thresholds: [
              { value: 0.01, label: "1 %" },
              { value: 0.05, label: "5 %" },
            ],
          },
        ],
      },
      {
        widgets: [
          {
            title: "P95 latency",
            series: [
              {
                filter: cloudRunMetric("request_latencies", service),
                aligner: "ALIGN_DELTA",
                reducer: "REDUCE_PERCENTILE_95",
                unit: "ms",
              },
            ],
            thresholds: [{ value: 2000, label: "2 s" }],
          },
          {
            title: "Extraction duration (P95)",
            axis: "seconds",
            series: [
              {
                promql:
                  "histogram_quantile(0.95, sum by (le) (rate(color_extraction_duration_seconds_bucket[5m])))",
              },
            ],
          },
        ],
      },
      {
        widgets: [
          {
            title: "Errors",
            logs: `resource.type="cloud_run_revision" resource.labels.service_name="${service.name}" severity>=ERROR`,
          },
        ],
      },
    ],
  });
}
