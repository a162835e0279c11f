import { LimitRangeV1 } from "@cdktf/provider-kubernetes/lib/limit-range-v1";
import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type PropProblem, problemAt, rejectProps, wholeNumber } from "../core/invalid-props";
import { IsolatedNamespace } from "./isolated-namespace";
import { bytesProblem, cpuProblem } from "./quantity";

const RBAC = "rbac.authorization.k8s.io";

/** Hard limits of a ResourceQuota: what a namespace may take of the cluster. */
export interface NamespaceQuota {
  /** CPU that all pods together may request: `4`. */
  readonly cpu: string;
  /** Memory that all pods together may request: `8Gi`. */
  readonly memory: string;
  /** Pods at once. */
  readonly pods: number;
  /** Size of all persistent volumes together: `10Gi`. */
  readonly storage: string;
}

/** Maximum of a LimitRange for one pod: what the limits of its containers may come to. */
export interface PodLimits {
  /** CPU limit, such as `4` or `500m`. */
  readonly cpu: string;
  /** Memory limit, such as `8Gi`. */
  readonly memory: string;
  /** Limit of writable layers, logs and emptyDir volumes, such as `12Gi`. */
  readonly ephemeralStorage: string;
}

/** Name of the ResourceQuota of every guarded namespace. */
export const QUOTA_NAME = "quota";

/**
 * Persistent volume claims at once. One that is there can grow when the quota is not, so their size alone bounds them only
 * while it is.
 */
const MAX_CLAIMS = 10;

/** A quota as the ResourceQuota states it. */
export function quotaHard({ cpu, memory, pods, storage }: NamespaceQuota): Record<string, string> {
  return {
    "requests.cpu": cpu,
    "requests.memory": memory,
    "requests.storage": storage,
    pods: String(pods),
    persistentvolumeclaims: String(MAX_CLAIMS),
    // Either would be a way in beside the Gateway.
    "services.loadbalancers": "0",
    "services.nodeports": "0",
  };
}

/** Limits of a pod as the LimitRange states them. */
export function podLimitMax({ cpu, memory, ephemeralStorage }: PodLimits): Record<string, string> {
  return { cpu, memory, "ephemeral-storage": ephemeralStorage };
}

export interface GuardedNamespaceProps {
  /** Name of the namespace. Changing it recreates the namespace with everything in it. */
  readonly name: string;
  /** What must outlive the namespace: it is gone once all its pods are. @default none */
  readonly dependsOn?: ITerraformDependable[];
  /** Label by which the shared Gateway lets a namespace attach routes. @default no routes */
  readonly routesFrom?: { readonly label: string; readonly value: string };
  /** Labels of the namespace besides those of the construct. @default none */
  readonly labels?: Record<string, string>;
  /**
   * Service account that makes everything in the namespace, where it has no rights of its own: it is bound to the
   * ClusterRole before anything else.
   * @default whoever runs Terraform has the rights already
   */
  readonly deployer?: { readonly email: string; readonly clusterRole: string };
  /** ResourceQuota of the namespace. @default none */
  readonly quota?: NamespaceQuota;
  /**
   * LimitRange: highest limits of one pod. A pod with a container that names no limit for one of them is refused: what a run may take
   * is said where it is written, not filled in here.
   * @default none: a container without limits may take all its node has
   */
  readonly podLimits?: PodLimits;
  /** Google accounts that may read objects and logs, but no Secret. @default none */
  readonly readers?: readonly string[];
  /** Google accounts that may also exec into pods and forward ports. @default none */
  readonly debuggers?: readonly string[];
}

/**
 * Isolated Kubernetes namespace with ResourceQuota, LimitRange, and RoleBindings for its deployer and for people.
 *
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 * @throws on a quota or limit that is no Kubernetes quantity
 * @example
 * ```ts
 * const namespace = new GuardedNamespace(stack, "alice", {
 *   name: "alice",
 *   quota: { cpu: "4", memory: "8Gi", pods: 20, storage: "10Gi" },
 *   podLimits: { cpu: "2", memory: "4Gi", ephemeralStorage: "10Gi" },
 *   debuggers: ["alice@example.com"],
 * });
 * stack.output("namespace", { value: namespace.name });
 * ```
 */
export class GuardedNamespace extends Construct {
  /** Name of the namespace; reading it waits for the namespace to exist. */
  readonly name: string;
  /** Quota, limits, policies and bindings: what must be there before anything runs in the namespace, and outlive it. */
  readonly guards: readonly ITerraformDependable[];

  /** What must precede everything in the namespace. */
  private readonly rights?: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: GuardedNamespaceProps) {
    super(scope, id);
    const { quota, podLimits, deployer, readers = [], debuggers = [] } = props;
    rejectProps(this, [
      ...(quota ? quotaProblems(quota) : []),
      ...(podLimits ? podLimitProblems(podLimits) : []),
    ]);

    const namespace = new IsolatedNamespace(this, "Resource", {
      name: props.name,
      routesFrom: props.routesFrom,
      labels: props.labels,
      dependsOn: props.dependsOn,
    });
    this.name = namespace.name;
    if (deployer)
      this.rights = [this.bind("deployer", "ClusterRole", deployer.clusterRole, [deployer.email])];
    this.guards = [
      ...(this.rights ?? []),
      ...namespace.denyByDefault(this.rights),
      ...(quota ? [this.declareQuota(quota)] : []),
      ...(podLimits ? [this.declareLimits(podLimits)] : []),
      ...this.declarePeople([...new Set([...debuggers, ...readers])], debuggers),
    ];
  }

  /** Binds a role to Google accounts, which the cluster knows by their addresses. */
  private bind(name: string, kind: "Role" | "ClusterRole", role: string, emails: readonly string[]) {
    return new RoleBindingV1(this, name, {
      metadata: { name, namespace: this.name },
      roleRef: { apiGroup: RBAC, kind, name: role },
      subject: emails.map((email) => ({ kind: "User", apiGroup: RBAC, name: email })),
      dependsOn: this.rights,
    });
  }

  private declareQuota(quota: NamespaceQuota) {
    return new ResourceQuotaV1(this, "quota", {
      metadata: { name: QUOTA_NAME, namespace: this.name },
      spec: { hard: quotaHard(quota) },
      dependsOn: this.rights,
    });
  }

  private declareLimits(limits: PodLimits) {
    return new LimitRangeV1(this, "limits", {
      metadata: { name: "limits", namespace: this.name },
      // Of pods: a maximum of containers would also be the limit of each that names none.
      spec: { limit: [{ type: "Pod", max: podLimitMax(limits) }] },
      dependsOn: this.rights,
    });
  }

  private declarePeople(readers: readonly string[], debuggers: readonly string[]) {
    const bindings = readers.length > 0 ? [this.bind("readers", "ClusterRole", "view", readers)] : [];
    if (debuggers.length === 0) return bindings;
    const role = new RoleV1(this, "debug", {
      metadata: { name: "debug", namespace: this.name },
      rule: [{ apiGroups: [""], resources: ["pods/exec", "pods/portforward"], verbs: ["create", "get"] }],
      dependsOn: this.rights,
    });
    return [...bindings, this.bind("debuggers", "Role", role.metadata.name, debuggers)];
  }
}

function quotaProblems({ cpu, memory, pods, storage }: NamespaceQuota): PropProblem[] {
  return [
    ...problemAt(["quota", "cpu"], cpuProblem(cpu)),
    ...problemAt(["quota", "memory"], bytesProblem(memory)),
    ...problemAt(["quota", "storage"], bytesProblem(storage)),
    ...wholeNumber(["quota", "pods"], pods, { from: 1 }),
  ];
}

function podLimitProblems({ cpu, memory, ephemeralStorage }: PodLimits): PropProblem[] {
  return [
    ...problemAt(["podLimits", "cpu"], cpuProblem(cpu)),
    ...problemAt(["podLimits", "memory"], bytesProblem(memory)),
    ...problemAt(["podLimits", "ephemeralStorage"], bytesProblem(ephemeralStorage)),
  ];
}
