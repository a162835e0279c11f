import { LoggingMetric } from "@cdktf/provider-google/lib/logging-metric";
import type { Construct } from "constructs";
import type { GkeCluster } from "../gke-cluster";
import type { PromqlCondition } from "./alerts";

/** A GKE cluster with Dataplane V2 and the object NetworkLogging `default`, by which it logs what its network policies deny. */
export interface DeniedEgress {
  readonly cluster: Pick<GkeCluster, "clusterName">;
}

/** Id of the log metric that counts connections to outside which were denied. */
const METRIC = "denied_egress";

/**
 * Filter for entries about denied connections to outside. The entries' fields are flat in some versions of GKE and nested
 * in others, so each is asked for both ways.
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy-logging
 */
export function deniedEgressLog({ cluster }: DeniedEgress): string {
  return [
    'log_id("policy-action")',
    'resource.type = "k8s_node"',
    `resource.labels.cluster_name = "${cluster.clusterName}"`,
    'jsonPayload.disposition = "deny"',
    '(jsonPayload.connection.direction = "egress" OR jsonPayload.direction = "egress")',
  ].join(" AND ");
}

/** Log metric that counts denied connections to outside, by the namespace that they came from. */
export function egressMetric(
  scope: Construct,
  props: { readonly projectId: string; readonly deniedEgress: DeniedEgress },
): LoggingMetric {
  return new LoggingMetric(scope, "denied-egress", {
    project: props.projectId,
    name: METRIC,
    description: "Connections from pods to outside that a network policy denied",
    filter: deniedEgressLog(props.deniedEgress),
    metricDescriptor: {
      metricKind: "DELTA",
      valueType: "INT64",
      unit: "1",
      labels: [{ key: "namespace", valueType: "STRING", description: "Namespace of the pod" }],
    },
    // Nothing where the entry has the field elsewhere: it is counted all the same.
    labelExtractors: { namespace: "EXTRACT(jsonPayload.src.pod_namespace)" },
  });
}

/**
 * Denied connections to outside in a minute, of each namespace. Entries count, each of which may stand for several tries. In
 * PromQL, as Google refuses other conditions on a metric that it has known for less than some minutes.
 */
export function egressDenied({ above }: { readonly above: number }): PromqlCondition {
  return {
    displayName: `denied connections to outside > ${above} in a minute`,
    promql: `60 * sum by (namespace) (rate(logging_googleapis_com:user_${METRIC}{monitored_resource="k8s_node"}[5m])) > ${above}`,
  };
}
