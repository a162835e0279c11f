import type { CloudRunService } from "../cloud-run/service";
import { metricThreshold, percentileAbove, ratioAbove, type ThresholdCondition } from "./alerts";

/** A Cloud Run service, as its metrics know it. */
export type ServiceRequests = Pick<CloudRunService, "name">;

/**
 * Cloud Run error rate: share of a service's requests that end in a 5xx, of all its requests.
 * @see https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-run
 */
export function cloudRunErrors(props: {
  readonly service: ServiceRequests;
  /** Fires above this share, from 0 to 1. */
  readonly above: number;
}): ThresholdCondition {
  const { service, above } = props;
  const requests = cloudRunMetric("request_count", service);
  return ratioAbove({
    displayName: `${service.name}: 5xx responses > ${Number((above * 100).toFixed(2))} %`,
    numerator: `${requests} AND metric.labels.response_code_class = "5xx"`,
    denominator: requests,
    above,
  });
}

/** Cloud Run latency: percentile of the time from a request's arrival to its answer's end. A stream counts with its whole length. */
export function cloudRunLatency(props: {
  readonly service: ServiceRequests;
  readonly percentile: 50 | 95 | 99;
  readonly aboveMs: number;
}): ThresholdCondition {
  const { service, percentile, aboveMs } = props;
  return percentileAbove({
    displayName: `${service.name}: P${percentile} latency > ${aboveMs} ms`,
    filter: cloudRunMetric("request_latencies", service),
    percentile,
    above: aboveMs,
  });
}

/** Cloud Run instances at the most that the service may have: further requests wait, and are then refused with 429. */
export function cloudRunAtMaximum({
  service,
}: {
  readonly service: Pick<CloudRunService, "name" | "maxInstances">;
}): ThresholdCondition {
  return metricThreshold({
    displayName: `${service.name}: all ${service.maxInstances} instances run`,
    filter: cloudRunMetric("container/instance_count", service),
    above: service.maxInstances - 0.5,
    aligner: "ALIGN_MAX",
    reducer: "REDUCE_SUM",
    groupBy: ["resource.labels.service_name"],
  });
}

/** Filter for a metric of one service. */
export function cloudRunMetric(metric: string, { name }: ServiceRequests): string {
  return [
    `metric.type = "run.googleapis.com/${metric}"`,
    'resource.type = "cloud_run_revision"',
    `resource.labels.service_name = "${name}"`,
  ].join(" AND ");
}
