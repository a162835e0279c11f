import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { NetworkPolicyV1, type NetworkPolicyV1Spec } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface IsolatedNamespaceProps {
  /** Name of the namespace. Changing it recreates the namespace with everything in it. */
  readonly name: string;
  /** Label by which the shared Gateway lets a namespace attach routes. @default no routes */
  readonly routesFrom?: { readonly label: string; readonly value: string };
  /** What must outlive the namespace: it is gone once all its pods are. @default none */
  readonly dependsOn?: ITerraformDependable[];
  /** Terraform refuses to destroy the namespace. @default false */
  readonly preventDestroy?: boolean;
  /** Labels besides those of the construct. @default none */
  readonly labels?: Record<string, string>;
}

/**
 * Kubernetes namespace with pod security level `restricted` and, once {@link denyByDefault} is called, default-deny network
 * policies: its pods neither reach nor are reached by anything but what a policy names.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 * @example
 * ```ts
 * const namespace = new IsolatedNamespace(stack, "jobs", {
 *   name: "jobs",
 *   routesFrom: { label: "example.com/gateway-access", value: "true" },
 *   labels: { environment: "production" },
 * });
 * namespace.denyByDefault();
 * ```
 */
export class IsolatedNamespace extends Construct {
  /** Name of the namespace; reading it waits for the namespace to exist. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: IsolatedNamespaceProps) {
    super(scope, id);
    const { routesFrom } = props;
    this.name = new NamespaceV1(this, "Resource", {
      metadata: {
        name: props.name,
        labels: {
          ...props.labels,
          "app.kubernetes.io/managed-by": "terraform",
          ...(routesFrom && { [routesFrom.label]: routesFrom.value }),
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/audit": "restricted",
          "pod-security.kubernetes.io/warn": "restricted",
        },
      },
      lifecycle: props.preventDestroy ? { preventDestroy: true } : undefined,
      dependsOn: props.dependsOn,
    }).metadata.name;
  }

  /**
   * Denies all traffic of the namespace's pods but DNS; further policies add what else may be.
   *
   * @param dependsOn what permits the caller to write policies
   * @returns the policies, for what must not run without them
   */
  denyByDefault(dependsOn?: ITerraformDependable[]): ITerraformDependable[] {
    return [
      this.policy("default-deny", { policyTypes: ["Ingress", "Egress"] }, dependsOn),
      this.allow(
        "allow-dns",
        {
          egress: [
            {
              to: [
                // The cache on each node has both a label, by which Dataplane V2 knows it, and an address.
                ...["kube-dns", "node-local-dns"].map((app) => ({
                  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
                  podSelector: { matchLabels: { "k8s-app": app } },
                })),
                { ipBlock: { cidr: "169.254.20.10/32" } },
              ],
              ports: [
                { port: "53", protocol: "UDP" },
                { port: "53", protocol: "TCP" },
              ],
            },
          ],
        },
        dependsOn,
      ),
    ];
  }

  /**
   * Allows all pods of the namespace what the rules name, beside what else is allowed.
   *
   * @param name of the NetworkPolicy
   * @param dependsOn what permits the caller to write policies
   */
  allow(
    name: string,
    rules: Pick<NetworkPolicyV1Spec, "egress" | "ingress">,
    dependsOn?: ITerraformDependable[],
  ): ITerraformDependable {
    const policyTypes = [...(rules.ingress ? ["Ingress"] : []), ...(rules.egress ? ["Egress"] : [])];
    return this.policy(name, { policyTypes, ...rules }, dependsOn);
  }

  private policy(
    name: string,
    spec: Omit<NetworkPolicyV1Spec, "podSelector">,
    dependsOn?: ITerraformDependable[],
  ): ITerraformDependable {
    return new NetworkPolicyV1(this, name.replaceAll("-", "_"), {
      metadata: { name, namespace: this.name },
      spec: { podSelector: {}, ...spec },
      dependsOn,
    });
  }
}
