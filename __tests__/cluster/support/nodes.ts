import { allocatable } from "../../../lib/google/machine-types";
import type { KubernetesObject } from "./cluster";

/** Taint and label that GKE gives the nodes of a gVisor pool. */
const GVISOR = { key: "sandbox.gke.io/runtime", value: "gvisor" };

export interface SimulatedPool {
  readonly name: string;
  readonly nodes: number;
  readonly machineType: string;
  readonly sandbox: boolean;
}

/** Nodes that kwok keeps ready, labelled and tainted as GKE's, spread over three zones. */
export function simulatedNodes({ name, nodes, machineType, sandbox }: SimulatedPool): KubernetesObject[] {
  const room = { ...allocatable(machineType), "ephemeral-storage": "40Gi", pods: "110" };
  return Array.from({ length: nodes }, (_, index) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: `${name}-${index}`,
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: {
        "kubernetes.io/hostname": `${name}-${index}`,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "cloud.google.com/gke-nodepool": name,
        "topology.kubernetes.io/region": "us-central1",
        "topology.kubernetes.io/zone": `us-central1-${"abc"[index % 3]}`,
        ...(sandbox && { [GVISOR.key]: GVISOR.value }),
        simulated: "true",
      },
    },
    spec: sandbox ? { taints: [{ ...GVISOR, effect: "NoSchedule" }] } : {},
    status: { allocatable: room, capacity: room },
  }));
}

/** As GKE makes it. */
export const GVISOR_CLASS = {
  apiVersion: "node.k8s.io/v1",
  kind: "RuntimeClass",
  metadata: { name: "gvisor" },
  handler: "gvisor",
  scheduling: {
    nodeSelector: { [GVISOR.key]: GVISOR.value },
    tolerations: [{ ...GVISOR, operator: "Equal", effect: "NoSchedule" }],
  },
};
