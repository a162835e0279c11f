import type { PromqlCondition } from "./alerts";

/** A Deployment of a cluster. */
export interface Deployment {
  readonly namespace: string;
  readonly deployment: string;
}

/**
 * Warm pool of a Deployment without a pod that waits. Needs the cluster's metrics of DEPLOYMENT, which `GkeCluster` collects.
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/kube-state-metrics
 */
export function poolEmpty({ namespace, deployment }: Deployment): PromqlCondition {
  return {
    displayName: `${namespace}/${deployment}: nobody waits`,
    promql: `kube_deployment_status_replicas_available${selector({ namespace, deployment })} == 0`,
  };
}

/** Horizontal pod autoscalers of a namespace that have as many replicas as they may. Needs the cluster's metrics of HPA. */
export function autoscalerAtMaximum({ namespace }: Pick<Deployment, "namespace">): PromqlCondition {
  const of = selector({ namespace });
  return {
    displayName: `${namespace}: an autoscaler is at its maximum`,
    promql: `kube_horizontalpodautoscaler_status_current_replicas${of} >= kube_horizontalpodautoscaler_spec_max_replicas${of}`,
  };
}

/** Containers of a namespace that Kubernetes starts again and again, ever more slowly. Needs the cluster's metrics of POD. */
export function crashLoops({ namespace }: Pick<Deployment, "namespace">): PromqlCondition {
  return {
    displayName: `${namespace}: a container crashes in a loop`,
    promql: `sum by (namespace, pod, container) (kube_pod_container_status_waiting_reason${selector({ namespace, reason: "CrashLoopBackOff" })}) > 0`,
  };
}

function selector(labels: Readonly<Record<string, string>>): string {
  const matchers = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `{${matchers.join(", ")}}`;
}
