/**
 * Metrics that alerts and dashboards may name: resources that they are written for, and the page that lists them. A metric that is
 * not there is a line that stays empty for ever, and an alert that never fires.
 */
export const METRICS: Readonly<Record<string, { readonly of: readonly string[]; readonly source: string }>> =
  {
    ...listed(
      "https://cloud.google.com/monitoring/api/metrics_gcp_c",
      ["cloudsql_database"],
      [
        "cloudsql.googleapis.com/database/cpu/utilization",
        "cloudsql.googleapis.com/database/disk/bytes_used",
        "cloudsql.googleapis.com/database/disk/quota",
        "cloudsql.googleapis.com/database/disk/utilization",
        "cloudsql.googleapis.com/database/memory/utilization",
        "cloudsql.googleapis.com/database/postgresql/num_backends",
        "cloudsql.googleapis.com/database/postgresql/transaction_count",
      ],
    ),
    ...listed(
      "https://cloud.google.com/monitoring/api/metrics_gcp_i_o",
      ["https_lb_rule"],
      [
        "loadbalancing.googleapis.com/https/request_count",
        "loadbalancing.googleapis.com/https/total_latencies",
      ],
    ),
    ...listed(
      "https://cloud.google.com/monitoring/api/metrics_gcp_i_o",
      // Every resource that writes logs has it.
      ["k8s_container", "cloud_scheduler_job"],
      ["logging.googleapis.com/log_entry_count"],
    ),
    ...listed(
      "https://cloud.google.com/monitoring/api/metrics_gcp_i_o",
      ["uptime_url"],
      [
        "monitoring.googleapis.com/uptime_check/check_passed",
        "monitoring.googleapis.com/uptime_check/time_until_ssl_cert_expires",
      ],
    ),
    ...listed(
      "https://cloud.google.com/monitoring/api/metrics_gcp_p_z",
      ["pubsub_subscription"],
      ["pubsub.googleapis.com/subscription/num_undelivered_messages"],
    ),
    ...listed(
      "https://cloud.google.com/monitoring/api/metrics_gcp_p_z",
      ["redis_instance"],
      ["redis.googleapis.com/stats/memory/usage_ratio"],
    ),
    ...listed(
      "https://cloud.google.com/monitoring/api/metrics_gcp_p_z",
      ["cloud_run_revision"],
      [
        "run.googleapis.com/container/instance_count",
        "run.googleapis.com/request_count",
        "run.googleapis.com/request_latencies",
      ],
    ),
    ...listed(
      "https://cloud.google.com/monitoring/api/metrics_kubernetes",
      ["k8s_container"],
      [
        "kubernetes.io/container/cpu/core_usage_time",
        "kubernetes.io/container/memory/used_bytes",
        "kubernetes.io/container/restart_count",
      ],
    ),
    ...listed(
      "https://cloud.google.com/monitoring/api/metrics_kubernetes",
      ["k8s_node"],
      ["kubernetes.io/node/cpu/allocatable_utilization", "kubernetes.io/node/memory/allocatable_utilization"],
    ),
  };

/** Metrics by their names in PromQL: those of a cluster's objects, an application's own, and one that is counted from logs. */
export const PROMQL_METRICS: Readonly<Record<string, { readonly source: string }>> = {
  ...Object.fromEntries(
    [
      "kube_deployment_status_replicas_available",
      "kube_horizontalpodautoscaler_spec_max_replicas",
      "kube_horizontalpodautoscaler_status_current_replicas",
      "kube_pod_container_status_waiting_reason",
    ].map((name) => [
      name,
      { source: "https://cloud.google.com/kubernetes-engine/docs/how-to/kube-state-metrics" },
    ]),
  ),
  // What Copy-That's application exports itself.
  color_extraction_duration_seconds_bucket: { source: "stacks/copy-that/dashboard.ts" },
  // lib/google/monitoring/denied-egress.ts makes it.
  "logging_googleapis_com:user_denied_egress": {
    source: "https://cloud.google.com/monitoring/promql/promql-mapping",
  },
};

function listed(source: string, of: readonly string[], names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, { of, source }]));
}
