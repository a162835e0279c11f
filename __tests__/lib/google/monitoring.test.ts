import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import type { Stack } from "../../../lib/core/stack";
import {
  type Alert,
  Monitoring,
  type MonitoringProps,
  type UptimeCheck,
} from "../../../lib/google/monitoring";
import {
  type GatewayService,
  loadBalancerErrors,
  loadBalancerLatency,
  metricThreshold,
} from "../../../lib/google/monitoring/alerts";
import { synthesize } from "../../support/synth";

const CHANNELS: Pick<MonitoringProps, "emailChannels" | "existingChannels"> = {
  emailChannels: { team: "team@example.com" },
  existingChannels: { pager: { type: "pagerduty", displayName: "On call" } },
};
const alert = (props: Partial<Alert> = {}): Alert => ({
  displayName: "Too many errors",
  conditions: [loadBalancerErrors({ above: 0.05 })],
  channels: ["pager"],
  documentation: "Requests fail.",
  runbook: "https://example.com/runbooks/errors",
  ...props,
});
const check = (props: Partial<UptimeCheck> = {}): UptimeCheck => ({
  displayName: "API health",
  host: "api.example.com",
  channels: ["pager", "team"],
  documentation: "Nobody can reach the API.",
  runbook: "https://example.com/runbooks/down",
  ...props,
});

function monitoring(props: Partial<MonitoringProps>, look?: (made: Monitoring, stack: Stack) => void) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google");
    const labels = { environment: "test" };
    const made = new Monitoring(stack, "monitoring", { projectId: "project", labels, ...CHANNELS, ...props });
    look?.(made, stack);
  });
}

const EMAIL = "${google_monitoring_notification_channel.monitoring_channels_team.name}";
const PAGER = "${data.google_monitoring_notification_channel.monitoring_channels_pager.name}";

describe("Monitoring channels", () => {
  test("e-mail channels are made, others looked up, so that no secret is needed", () => {
    const stack = monitoring({});
    expect(stack.resource("google_monitoring_notification_channel", "monitoring_channels_team")).toEqual({
      project: "project",
      type: "email",
      display_name: "team@example.com",
      labels: { email_address: "team@example.com" },
      user_labels: { environment: "test" },
    });
    expect(stack.data("google_monitoring_notification_channel", "monitoring_channels_pager")).toEqual({
      project: "project",
      type: "pagerduty",
      display_name: "On call",
    });
  });
});

describe("Alerts on a load balancer's latency", () => {
  const filterOf = (...except: GatewayService[]) =>
    loadBalancerLatency({ percentile: 95, aboveMs: 2000, except }).threshold.filter as string;
  const streams = { namespace: "production", service: "zig-api-streams" };

  // Labels of https_lb_rule: https://cloud.google.com/monitoring/api/resources#tag_https_lb_rule
  test("leave out what is long by nature, by a label that the metric has", () => {
    const [metric, resource, except] = filterOf(streams).split(" AND ");
    expect(metric).toBe('metric.type = "loadbalancing.googleapis.com/https/total_latencies"');
    expect(resource).toBe('resource.type = "https_lb_rule"');
    const [, pattern = ""] =
      /^resource\.labels\.backend_target_name != monitoring\.regex\.full_match\("(.+)"\)$/.exec(
        except ?? "",
      ) ?? [];
    const leftOut = (name: string) => new RegExp(`^(${pattern})$`).test(name);
    expect(leftOut("gkegw1-5hy7-production-zig-api-streams-4000-36opmi9qx1cx")).toBe(true);
    for (const name of [
      "gkegw1-5hy7-production-zig-api-4000-36opmi9qx1cx",
      "gkegw1-5hy7-production-ui-3000-36opmi9qx1cx",
      "gkegw1-5hy7-staging-zig-api-streams-4000-36opmi9qx1cx",
    ])
      expect([name, leftOut(name)]).toEqual([name, false]);
    expect(filterOf()).not.toContain("backend_target_name");
  });
});

describe("Monitoring alerts", () => {
  const policy = (props: Partial<Alert> = {}) =>
    monitoring({ alerts: { errors: alert(props) } }).resource(
      "google_monitoring_alert_policy",
      "monitoring_alerts_errors",
    );

  test("page after five bad minutes and lead to the runbook, unless they say otherwise", () => {
    const { conditions, ...rest } = policy();
    expect(rest).toEqual({
      project: "project",
      display_name: "Too many errors",
      severity: "CRITICAL",
      combiner: "OR",
      alert_strategy: { auto_close: "604800s" },
      documentation: {
        content: "Requests fail.\n\n[Runbook](https://example.com/runbooks/errors)",
        mime_type: "text/markdown",
      },
      notification_channels: [PAGER],
      user_labels: { environment: "test" },
    });
    expect(conditions).toHaveLength(1);
    expect(conditions[0]).toMatchObject({
      display_name: "5xx responses > 5 %",
      condition_threshold: {
        duration: "300s",
        threshold_value: 0.05,
        denominator_filter: expect.stringContaining("request_count"),
        denominator_aggregations: [{ per_series_aligner: "ALIGN_DELTA" }],
        evaluation_missing_data: "EVALUATION_MISSING_DATA_INACTIVE",
      },
    });
  });

  test("severity, duration, closing time and several conditions are as given", () => {
    const cpu = metricThreshold({ displayName: "CPU", filter: "cpu", above: 0.8 });
    const memory = metricThreshold({ displayName: "memory", filter: "memory", above: 0.9 });
    const given = policy({
      severity: "WARNING",
      duration: 60,
      autoClose: 1800,
      combiner: "AND",
      channels: ["team", "pager"],
      conditions: [cpu, memory],
    });
    expect(given).toMatchObject({
      severity: "WARNING",
      combiner: "AND",
      alert_strategy: { auto_close: "1800s" },
      conditions: [
        { display_name: "CPU", condition_threshold: { duration: "60s", filter: "cpu" } },
        { display_name: "memory", condition_threshold: { duration: "60s", filter: "memory" } },
      ],
    });
    expect(given["notification_channels"]).toEqual([EMAIL, PAGER]);
  });
});

describe("Monitoring uptime checks", () => {
  const uptime = (props: Partial<UptimeCheck> = {}) => monitoring({ uptimeChecks: { api: check(props) } });

  test("ask over checked HTTPS every minute, from everywhere", () => {
    expect(uptime().resource("google_monitoring_uptime_check_config", "monitoring_uptime_api")).toEqual({
      project: "project",
      display_name: "API health",
      period: "60s",
      timeout: "10s",
      http_check: { path: "/", port: 443, use_ssl: true, validate_ssl: true },
      monitored_resource: { type: "uptime_url", labels: { project_id: "project", host: "api.example.com" } },
      user_labels: { environment: "test" },
    });
  });

  test("path, times, content and regions are as given", () => {
    const stack = uptime({
      path: "/health",
      port: 8443,
      period: 300,
      timeout: 5,
      contains: "ok",
      regions: ["USA", "EUROPE"],
    });
    expect(stack.resource("google_monitoring_uptime_check_config", "monitoring_uptime_api")).toMatchObject({
      period: "300s",
      timeout: "5s",
      http_check: { path: "/health", port: 8443 },
      content_matchers: [{ content: "ok", matcher: "CONTAINS_STRING" }],
      selected_regions: ["USA", "EUROPE"],
    });
  });

  test("each alerts when two places see it fail", () => {
    const policy = uptime().resource("google_monitoring_alert_policy", "monitoring_uptime_api_alert");
    expect(policy).toMatchObject({
      display_name: "API health",
      severity: "CRITICAL",
      notification_channels: [EMAIL, PAGER],
      documentation: { content: expect.stringContaining("https://example.com/runbooks/down") },
    });
    expect(policy["conditions"]).toEqual([
      {
        display_name: "API health fails: api.example.com",
        condition_threshold: {
          filter:
            'metric.type = "monitoring.googleapis.com/uptime_check/check_passed" AND resource.type = "uptime_url" AND metric.labels.check_id = "${google_monitoring_uptime_check_config.monitoring_uptime_api.uptime_check_id}"',
          comparison: "COMPARISON_GT",
          threshold_value: 1,
          duration: "60s",
          aggregations: [
            {
              alignment_period: "1200s",
              per_series_aligner: "ALIGN_NEXT_OLDER",
              cross_series_reducer: "REDUCE_COUNT_FALSE",
              group_by_fields: ["resource.label.*"],
            },
          ],
          trigger: { count: 1 },
        },
      },
    ]);
  });
});
