import { Release } from "@cdktf/provider-helm/lib/release";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ApplicationRelease } from "./application-release";
import type { Chart } from "./chart";
import type { PlatformValues } from "./chart-values";

export interface ClusterPlatformProps {
  /** The chart of what a cluster needs once. */
  readonly chart: Chart<PlatformValues>;
  /** Values files of the chart, merged in this order. @default none */
  readonly valuesFiles?: readonly string[];
  readonly values: PlatformValues;
  /** Namespace of the chart's objects that have one, the Gateway first of all. */
  readonly namespace: string;
  /** Version of the external-secrets chart: 0.17 or later, which serve `external-secrets.io/v1`. */
  readonly externalSecretsVersion: string;
  /** Labels of the namespaces. @default none */
  readonly labels?: Record<string, string>;
}

/**
 * What a cluster needs once, before any environment: the external-secrets operator, and the platform chart with the
 * Gateway, priority classes and admission policies.
 *
 * The operator is a release of its own because its CRDs are: what uses them can only be installed once they are there.
 * Destroying it deletes the CRDs, and with them every ExternalSecret of the cluster.
 *
 * Source: infrastructure document, section "External Secrets Operator".
 * @see https://external-secrets.io/latest/introduction/getting-started/
 */
export class ClusterPlatform extends Construct {
  /** The platform chart's release, for what needs the Gateway or the operator. */
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

    const operator = new Release(this, "external-secrets", {
      name: "external-secrets",
      namespace: namespace("external-secrets-namespace", "external-secrets"),
      repository: "https://charts.external-secrets.io",
      chart: "external-secrets",
      version: props.externalSecretsVersion,
      atomic: true,
      cleanupOnFail: true,
      wait: true,
      timeout: 600,
      maxHistory: 10,
    });
    this.release = new ApplicationRelease<PlatformValues>(this, "release", {
      chart: props.chart,
      name: "platform",
      namespace: namespace("namespace", props.namespace),
      valuesFiles: props.valuesFiles,
      values: props.values,
      dependsOn: [operator],
    }).release;
  }
}
