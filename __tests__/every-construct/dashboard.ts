import { MonitoringCustomService } from "@cdktf/provider-google/lib/monitoring-custom-service";
import { MonitoringSlo } from "@cdktf/provider-google/lib/monitoring-slo";
import type { Stack } from "../../lib/core/stack";
import { Dashboard } from "../../lib/google/dashboard";

const REQUESTS =
  'resource.type="cloud_run_revision" resource.label.service_name="shop" metric.type="run.googleapis.com/request_count"';
const rate = (filter: string) => ({ filter, aligner: "ALIGN_RATE", reducer: "REDUCE_SUM" });

export function declare(stack: Stack): void {
  const service = new MonitoringCustomService(stack, "service", {
    project: "acme-prod",
    serviceId: "shop",
    userLabels: { environment: "production", managed_by: "terraform" },
  });
  const { name: slo } = new MonitoringSlo(stack, "slo", {
    project: "acme-prod",
    service: service.serviceId,
    sloId: "availability",
    goal: 0.999,
    rollingPeriodDays: 28,
    requestBasedSli: {
      goodTotalRatio: {
        totalServiceFilter: REQUESTS,
        badServiceFilter: `${REQUESTS} metric.label.response_code_class="5xx"`,
      },
    },
    userLabels: { environment: "production", managed_by: "terraform" },
  });
  const dashboard = new Dashboard(stack, "dashboard", {
    projectId: "acme-prod",
    displayName: "Shop",
    filters: ["service_name"],
    labels: { environment: "production", managed_by: "terraform" },
    rows: [
      { widgets: [{ title: "First", text: "See the [runbooks](https://example.com/runbooks)." }], height: 6 },
      {
        widgets: [
          {
            title: "Requests",
            axis: "per second",
            scale: "LOG10",
            series: [
              {
                ...rate(REQUESTS),
                groupBy: ["metric.label.response_code_class"],
                alignmentSeconds: 120,
                legend: "${metric.label.response_code_class}",
                plot: "STACKED_BAR",
                unit: "1/s",
              },
            ],
          },
          {
            title: "Errors",
            series: [
              {
                ratio: {
                  numerator: rate(`${REQUESTS} metric.label.response_code_class="5xx"`),
                  denominator: rate(REQUESTS),
                },
                unit: "10^2.%",
              },
            ],
            thresholds: [
              { value: 0.01, label: "warning" },
              { value: 0.05, label: "critical" },
            ],
          },
          {
            title: "Ready",
            series: [{ promql: 'sum(kube_deployment_status_replicas_available{namespace="shop"})' }],
          },
        ],
      },
      {
        widgets: [
          { title: "Availability", slo, show: "compliance" },
          { title: "Budget", slo, show: "budget" },
          { title: "Burn rate", slo, show: "burnRate" },
        ],
      },
      {
        widgets: [{ title: "Errors", logs: 'severity>=ERROR resource.type="cloud_run_revision"' }],
        height: 20,
      },
    ],
  });
  stack.output("dashboard_url", { value: dashboard.url });
}
