import { Release } from "@cdktf/provider-helm/lib/release";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { cidrProblem } from "../core/cidr";
import { expression } from "../core/expression";
import { InvalidPropsError, type PropProblem, problemAt } from "../core/invalid-props";
import { IsolatedNamespace } from "./isolated-namespace";

export interface ExternalSecretsProps {
  /** Version of the chart `external-secrets`: 0.17 or later, which serve `external-secrets.io/v1`. */
  readonly version: string;
  /** CIDR ranges of the cluster's control plane, which the operator calls and which calls its webhook: those of the nodes. */
  readonly controlPlaneRanges: readonly string[];
  /** Priority class of its pods, so that no application's pods evict them. @default the cluster's default */
  readonly priorityClassName?: string;
  /** What else must exist before it, and outlive it. @default none */
  readonly dependsOn?: readonly ITerraformDependable[];
  /** Labels of the namespace. @default none */
  readonly labels?: Record<string, string>;
}

/** What each of the operator's pods requests; without, it would be the first to go on a node short of memory. */
const OPERATOR_RESOURCES = {
  requests: { cpu: "10m", memory: "64Mi" },
  limits: { memory: "256Mi" },
};

/** Port of the operator's webhook, by which the API server asks it whether a SecretStore is one. */
const WEBHOOK_PORT = 10250;

/** What is on no public address: pods, services, nodes, the metadata server. */
const PRIVATE_RANGES = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

/**
 * Helm release of the External Secrets Operator, in a namespace of its own, `external-secrets`, beside it.
 *
 * A release of its own because its CRDs are: what uses them can only be installed once they are there. Destroying it deletes
 * the CRDs, and with them every ExternalSecret of the cluster.
 *
 * The operator reads secrets as the service account that a namespace's own SecretStore names, never as itself: what reads
 * for all namespaces (cluster stores, cluster external secrets, cluster generators), and what writes secrets back, is off.
 * Its pods reach Google's APIs, the metadata server and the control plane, and no other private address; nothing but the
 * control plane reaches them.
 *
 * Source: infrastructure document, section "External Secrets Operator"; OctoLLM document, section "Secrets Management".
 * @see https://external-secrets.io/latest/introduction/getting-started/
 * @throws when there is no range of the control plane, or one is none
 * @example
 * ```ts
 * new ExternalSecrets(stack, "external-secrets", { version: "1.3.2", controlPlaneRanges: ["10.0.0.0/16"] });
 * ```
 */
export class ExternalSecrets extends Release {
  constructor(scope: Construct, id: string, props: ExternalSecretsProps) {
    const found = problems(props);
    if (found.length > 0) throw new InvalidPropsError(`${scope.node.path}/${id}`, found);
    const operator = new IsolatedNamespace(scope, `${id}-namespace`, {
      name: "external-secrets",
      labels: props.labels,
    });
    super(scope, id, {
      name: "external-secrets",
      namespace: operator.name,
      repository: "https://charts.external-secrets.io",
      chart: "external-secrets",
      version: props.version,
      values: [expression`yamlencode(${operatorValues(props.priorityClassName)})`],
      atomic: true,
      cleanupOnFail: true,
      wait: true,
      timeout: 600,
      maxHistory: 10,
      dependsOn: [
        ...(props.dependsOn ?? []),
        ...operator.denyByDefault(),
        operator.allow("allow-operator", operatorTraffic(props.controlPlaneRanges)),
      ],
    });
  }
}

function problems({ controlPlaneRanges }: ExternalSecretsProps): PropProblem[] {
  const prop = "controlPlaneRanges";
  if (controlPlaneRanges.length === 0)
    return [
      {
        prop: [prop],
        problem: "is empty, so the operator reaches nothing",
        instead: "give the nodes' range",
      },
    ];
  return controlPlaneRanges.flatMap((range, index) => problemAt([prop, index], cidrProblem(range)));
}

function operatorTraffic(controlPlaneRanges: readonly string[]) {
  const controlPlane = controlPlaneRanges.map((cidr) => ({ ipBlock: { cidr } }));
  const https = [{ port: "443", protocol: "TCP" }];
  return {
    ingress: [
      {
        // GKE's API server calls webhooks through an agent's pods.
        from: [
          { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } },
          ...controlPlane,
        ],
        ports: [{ port: String(WEBHOOK_PORT), protocol: "TCP" }],
      },
    ],
    egress: [
      { to: controlPlane, ports: https },
      { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: PRIVATE_RANGES } }], ports: https },
      { to: [{ ipBlock: { cidr: "169.254.169.254/32" } }], ports: [{ port: "80", protocol: "TCP" }] },
    ],
  };
}

function operatorValues(priorityClassName: string | undefined) {
  const pods = {
    ...(priorityClassName !== undefined && { priorityClassName }),
    resources: OPERATOR_RESOURCES,
  };
  return {
    ...pods,
    webhook: { ...pods, port: WEBHOOK_PORT },
    certController: pods,
    // Without it the chart passes none of the switches below to the operator.
    leaderElect: true,
    processClusterStore: false,
    processClusterExternalSecret: false,
    processClusterGenerator: false,
    processClusterPushSecret: false,
    processPushSecret: false,
    crds: {
      createClusterSecretStore: false,
      createClusterExternalSecret: false,
      createClusterGenerator: false,
      createClusterPushSecret: false,
      createPushSecret: false,
    },
  };
}
