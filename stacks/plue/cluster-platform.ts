import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Chart } from "../../lib/kubernetes/chart";
import { ExternalSecrets } from "../../lib/kubernetes/external-secrets";
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
  /** CIDR ranges of the cluster's control plane, which the operator calls and which calls its webhook. */
  readonly controlPlaneRanges: readonly string[];
  /** Labels of the namespaces. @default none */
  readonly labels?: Record<string, string>;
}

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
 * Its pods reach Google's APIs, the metadata server and the control plane, and no other private address; nothing but the
 * control plane reaches them.
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
 *   controlPlaneRanges: ["10.0.0.0/16"],
 *   values: {
 *     gateway: {
 *       ...GATEWAY,
 *       addressName: "plue-staging-ingress",
 *       certificateMap: "plue-staging",
 *       sslPolicy: "plue-staging",
 *     },
 *     runners: {
 *       namespaces: { label: "owner", values: [] },
 *       repository: "us-central1-docker.pkg.dev/plue-staging/plue/runner",
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
    const { labels } = props;
    const namespace = new IsolatedNamespace(this, "namespace", { name: props.namespace, labels });
    const grants = props.databaseGrants && this.prepareGrants(props.databaseGrants, labels);
    const platform = new ApplicationRelease<PlatformValues>(this, "release", {
      chart: props.chart,
      name: "platform",
      namespace: namespace.name,
      valuesFiles: props.valuesFiles,
      values: { ...props.values, databaseGrants: grants?.values },
      dependsOn: grants?.policies,
      // The object NetworkLogging is GKE's.
      takeOwnership: true,
    });
    this.release = new ExternalSecrets(this, "external-secrets", {
      version: props.externalSecretsVersion,
      priorityClassName: props.priorityClassName,
      controlPlaneRanges: props.controlPlaneRanges,
      labels,
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
