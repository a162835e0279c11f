import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { Chart } from "../../lib/chart";
import type { PlatformValues } from "../../lib/chart-values";
import { ClusterPlatform, type ClusterPlatformProps } from "../../lib/cluster-platform";
import { DataResource } from "../support/data-resource";
import { synthesize } from "../support/synth";

const chart = new Chart<PlatformValues>("helm/platform");

function platform(props: Partial<ClusterPlatformProps> = {}) {
  return synthesize((stack) => {
    new KubernetesProvider(stack, "kubernetes", {});
    new HelmProvider(stack, "helm", {});
    const made = new ClusterPlatform(stack, "platform", {
      chart,
      namespace: "edge",
      externalSecretsVersion: "1.3.2",
      priorityClassName: "operators",
      values: {
        gateway: {
          name: "shared",
          addressName: "ingress",
          certificateMap: "map",
          routesFrom: { label: "routes", value: "yes" },
        },
      },
      ...props,
    });
    new DataResource(stack, "application", { dependsOn: [made.release] });
  });
}

describe("ClusterPlatform", () => {
  const stack = platform();
  const operator = stack.resource("helm_release", "platform_external_secrets");
  const release = stack.resource("helm_release", "platform_release");

  test("installs the chart into the namespace it is given", () => {
    expect(stack.resource("kubernetes_namespace_v1", "platform_namespace")["metadata"].name).toBe("edge");
    expect(release).toMatchObject({
      name: "platform",
      namespace: "${kubernetes_namespace_v1.platform_namespace.metadata[0].name}",
      chart: "../../charts/platform",
      values: ["${yamlencode(local.platform_release_values)}"],
    });
    expect(stack.json["locals"].platform_release_values).toMatchObject({
      gateway: { name: "shared", addressName: "ingress", certificateMap: "map" },
      chartHash: chart.hash,
    });
  });

  test("merges the values files it is given", () => {
    const { values } = platform({ valuesFiles: ["values-staging.yaml"] }).resource(
      "helm_release",
      "platform_release",
    );
    expect(values[0]).toBe('${file("../../charts/platform/values-staging.yaml")}');
  });

  test("installs one version of the external-secrets operator, in a namespace of its own", () => {
    expect(operator).toMatchObject({
      name: "external-secrets",
      namespace: "${kubernetes_namespace_v1.platform_external_secrets_namespace.metadata[0].name}",
      repository: "https://charts.external-secrets.io",
      chart: "external-secrets",
      version: "1.3.2",
    });
    expect(
      stack.resource("kubernetes_namespace_v1", "platform_external_secrets_namespace")["metadata"].name,
    ).toBe("external-secrets");
  });

  test("the operator reads for no namespace but by that namespace's own store", () => {
    const [values] = operator["values"];
    for (const off of ["processClusterStore", "processClusterExternalSecret", "processPushSecret"])
      expect(values).toMatch(new RegExp(`"${off}" = false`));
  });

  test("the operator's pods have the priority class that the platform chart makes, and so come after it", () => {
    expect(operator["values"][0].match(/"priorityClassName" = "operators"/g)).toHaveLength(3);
    expect(operator["depends_on"]).toEqual(["helm_release.platform_release"]);
  });

  test("what waits for the platform waits for both", () => {
    expect(stack.resource("terraform_data", "application")["depends_on"]).toEqual([
      "helm_release.platform_external_secrets",
    ]);
  });

  test("a release that does not become ready is undone", () => {
    for (const made of [operator, release])
      expect(made).toMatchObject({ atomic: true, cleanup_on_fail: true, wait: true, timeout: 600 });
  });

  test("its namespaces let in restricted pods alone, and have the labels they are given", () => {
    const namespaces = platform({ labels: { environment: "staging" } }).resources("kubernetes_namespace_v1");
    for (const { metadata } of Object.values(namespaces))
      expect(metadata.labels).toEqual({
        environment: "staging",
        "pod-security.kubernetes.io/enforce": "restricted",
      });
  });
});
