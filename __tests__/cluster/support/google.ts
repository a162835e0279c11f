import { DEPLOYER_PERMISSIONS } from "../../../lib/environments/shared-roles";
import type { KubernetesObject } from "./cluster";

const API_GROUPS: Record<string, string> = {
  namespaces: "",
  rolebindings: "rbac.authorization.k8s.io",
};

/**
 * What GKE makes of the deployers' IAM role, for these users: it lets IAM's permissions `container.<resource>.<verb>`
 * pass in the whole cluster, beside what RBAC grants. Today it makes nothing of it: the role has none but those that
 * lead to the cluster.
 */
export function iamOfDeployers(users: readonly string[]): KubernetesObject[] {
  const rules = DEPLOYER_PERMISSIONS.flatMap((permission) => {
    const [service, resource = "", verb] = permission.toLowerCase().split(".");
    if (service !== "container" || resource === "clusters") return [];
    const group = API_GROUPS[resource];
    if (group === undefined) throw new Error(`${permission}: which API group has ${resource}?`);
    return [{ apiGroups: [group], resources: [resource], verbs: [verb] }];
  });
  const metadata = { name: "simulated-iam" };
  const subjects = users.map((name) => ({ kind: "User", apiGroup: "rbac.authorization.k8s.io", name }));
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: metadata.name };
  return [
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata, rules },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding", metadata, roleRef, subjects },
  ];
}

/** Custom resources that GKE brings, with any content: that theirs is right is checked elsewhere. */
const GKE_KINDS = [
  ["networking.gke.io", "HealthCheckPolicy", "healthcheckpolicies", "Namespaced"],
  ["networking.gke.io", "GCPBackendPolicy", "gcpbackendpolicies", "Namespaced"],
  ["networking.gke.io", "GCPGatewayPolicy", "gcpgatewaypolicies", "Namespaced"],
  ["networking.gke.io", "NetworkLogging", "networkloggings", "Cluster"],
  ["snapshot.storage.k8s.io", "VolumeSnapshot", "volumesnapshots", "Namespaced"],
  ["snapshot.storage.k8s.io", "VolumeSnapshotClass", "volumesnapshotclasses", "Cluster"],
] as const;

export function gkeResources(): KubernetesObject[] {
  return GKE_KINDS.map(([group, kind, plural, scope]) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      // For groups that are Kubernetes' own.
      annotations: { "api-approved.kubernetes.io": "unapproved, a stub for a test" },
    },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: kind === "NetworkLogging" ? "v1alpha1" : "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  }));
}
