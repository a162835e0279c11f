import { Release } from "@cdktf/provider-helm/lib/release";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Chart } from "../../lib/kubernetes/chart";
import { IsolatedNamespace } from "../../lib/kubernetes/isolated-namespace";
import { ApplicationRelease } from "../../lib/kubernetes/release";
import type { DatabaseGrants, PlatformValues } from "./chart-values";

export interface ClusterPlatformProps {
  /** Platform chart (`helm/platform`). */
  readonly chart: Chart<PlatformValues>;
  /** Values files of the chart, merged in this order. @default none */
  readonly valuesFiles?: readonly string[];
  /** Values that are merged over the files. References to other resources are welcome. */
  readonly values: Omit<PlatformValues, "databaseGrants">;
  /**
   * CronJob that keeps the grants inside a Cloud SQL instance, and the namespace to make for it: whoever may run a pod there
   * has the administrator's password.
   * @default none
   */
  readonly databaseGrants?: Omit<DatabaseGrants, "enabled">;
  /** Namespace of the chart's objects that have one, the Gateway first of all. */
  readonly namespace: string;
  /** Version of the external-secrets chart: 0.17 or later, which serve `external-secrets.io/v1`. */
  readonly externalSecretsVersion: string;
  /** Priority class of the operator's pods: one that the chart makes, so that no application's pods evict them. */
  readonly priorityClassName: string;
  /** Labels of the namespaces. @default none */
  readonly labels?: Record<string, string>;
}

/** What each of the operator's pods requests; without, it would be the first to go on a node short of memory. */
const OPERATOR_RESOURCES = {
  requests: { cpu: "10m", memory: "64Mi" },
  limits: { memory: "256Mi" },
};

/**
 * Helm releases that a cluster needs once, before any environment: the platform chart with the Gateway, priority classes and
 * admission policies, and then the external-secrets operator, each in a namespace of its own.
 *
 * The operator is a release of its own because its CRDs are: what uses them can only be installed once they are there.
 * Destroying it deletes the CRDs, and with them every ExternalSecret of the cluster. It comes after the platform chart,
 * which uses none of them, for its pods' priority class.
 *
 * The operator reads secrets as the service account that a namespace's own SecretStore names, never as itself: what reads
 * for all namespaces (cluster stores, cluster external secrets, cluster generators), and what writes secrets back, is off.
 *
 * The chart's job for the database's rights fetches the administrator's password itself, each time: no Secret has it, and
 * the operator could not read it.
 *
 * Source: infrastructure document, section "External Secrets Operator".
 * @see https://external-secrets.io/latest/introduction/getting-started/
 * @example
 * ```ts
 * new ClusterPlatform(stack, "platform", {
 *   chart: new Chart<PlatformValues>("helm/platform"),
 *   namespace: GATEWAY.namespace,
 *   externalSecretsVersion: EXTERNAL_SECRETS_VERSION,
 *   priorityClassName: PRIORITY_CLASSES.platform,
 *   values: {
 *     gateway: {
 *       ...GATEWAY,
 *       addressName: "plue-staging-ingress",
 *       certificateMap: "plue-staging",
 *       sslPolicy: "plue-staging",
 *     },
 *   },
 * });
 * ```
 */
export class ClusterPlatform extends Construct {
  /** The last of the releases, for what needs the Gateway or the operator. */
  readonly release: ITerraformDependable;

  constructor(scope: Construct, id: string, props: ClusterPlatformProps) {
    super(scope, id);
    const namespace = (child: string, name: string) =>
      new NamespaceV1(this, child, {
        metadata: {
          name,
          labels: { ...props.labels, "pod-security.kubernetes.io/enforce": "restricted" },
        },
      }).metadata.name;

    const grants = props.databaseGrants && this.prepareGrants(props.databaseGrants, props.labels);
    const platform = new ApplicationRelease<PlatformValues>(this, "release", {
      chart: props.chart,
      name: "platform",
      namespace: namespace("namespace", props.namespace),
      valuesFiles: props.valuesFiles,
      values: { ...props.values, databaseGrants: grants?.values },
      dependsOn: grants?.policies,
    });
    this.release = new Release(this, "external-secrets", {
      name: "external-secrets",
      namespace: namespace("external-secrets-namespace", "external-secrets"),
      repository: "https://charts.external-secrets.io",
      chart: "external-secrets",
      version: props.externalSecretsVersion,
      values: [Fn.yamlencode(operatorValues(props.priorityClassName))],
      atomic: true,
      cleanupOnFail: true,
      wait: true,
      timeout: 600,
      maxHistory: 10,
      dependsOn: [platform.release],
    });
  }

  private prepareGrants(grants: Omit<DatabaseGrants, "enabled">, labels?: Record<string, string>) {
    const namespace = new IsolatedNamespace(this, "database-grants", { name: grants.namespace, labels });
    return {
      values: { ...grants, namespace: namespace.name, enabled: true },
      policies: namespace.denyByDefault(),
    };
  }
}

function operatorValues(priorityClassName: string) {
  const pods = { priorityClassName, resources: OPERATOR_RESOURCES };
  return {
    ...pods,
    webhook: pods,
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
