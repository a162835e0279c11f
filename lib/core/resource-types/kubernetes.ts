import { FREE } from "./billing";
import { DISKS, type Price, per } from "./prices";
import type { Permissions, ResourceType } from "./row";

const CLUSTERS = "roles/container.admin";
const VOLUMES = `${per(DISKS["pd-balanced"] as Price)} on balanced disks; the first Filestore share is counted with its cluster`;

/**
 * Kubernetes objects and Helm releases (which live in ConfigMaps) are read with GKE's IAM permissions, among which those
 * on Secrets are missing on purpose.
 */
export const KUBERNETES = {
  helm_release: {
    plan: ["container.clusters.connect", "container.configMaps.get", "container.configMaps.list"],
    apply: CLUSTERS,
    // What a chart keeps on uninstall is the chart's to say; volumes go with their namespace.
    holdsData: false,
    // Its pods run on nodes that are counted.
    billing: { notCounted: `volumes that its pods claim: ${VOLUMES}` },
  },
  kubernetes_cluster_role_binding_v1: {
    plan: ["container.clusterRoleBindings.get"],
    apply: CLUSTERS,
    holdsData: false,
    billing: FREE,
  },
  kubernetes_cluster_role_v1: {
    plan: ["container.clusterRoles.get"],
    apply: CLUSTERS,
    holdsData: false,
    billing: FREE,
  },
  kubernetes_limit_range_v1: {
    plan: ["container.limitRanges.get"],
    apply: CLUSTERS,
    holdsData: false,
    billing: FREE,
  },
  kubernetes_namespace_v1: {
    plan: ["container.namespaces.get"],
    apply: CLUSTERS,
    holdsData: {
      what: "every object in it, and the volumes that are claimed there",
      guards: [],
      encryption: "objects have the cluster's key, and volumes their storage class's",
      mayBeUnprotected: "most namespaces of a cluster claim no volume",
    },
    billing: FREE,
  },
  kubernetes_network_policy_v1: {
    plan: ["container.networkPolicies.get"],
    apply: CLUSTERS,
    holdsData: false,
    billing: FREE,
  },
  kubernetes_persistent_volume_claim_v1: {
    plan: ["container.persistentVolumeClaims.get"],
    apply: CLUSTERS,
    holdsData: {
      what: "its volume, unless the storage class retains it",
      guards: [],
      encryption: "a volume has its storage class's key",
    },
    billing: { notCounted: `its volume: ${VOLUMES}` },
  },
  kubernetes_resource_quota_v1: {
    plan: ["container.resourceQuotas.get"],
    apply: CLUSTERS,
    holdsData: false,
    billing: FREE,
  },
  kubernetes_role_binding_v1: {
    plan: ["container.roleBindings.get"],
    apply: CLUSTERS,
    holdsData: false,
    billing: FREE,
  },
  kubernetes_role_v1: { plan: ["container.roles.get"], apply: CLUSTERS, holdsData: false, billing: FREE },
} satisfies Readonly<Record<`kubernetes_${string}` | "helm_release", ResourceType & Permissions>>;
