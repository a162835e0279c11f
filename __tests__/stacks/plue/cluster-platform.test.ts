import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { Chart } from "../../../lib/kubernetes/chart";
import type { PlatformValues } from "../../../stacks/plue/chart-values";
import { ClusterPlatform, type ClusterPlatformProps } from "../../../stacks/plue/cluster-platform";
import { AppliedStack } from "../../cluster/support/terraform";
import { DataResource } from "../../support/data-resource";
import { allows, type Peer } from "../../support/network-policy";
import { synthesize } from "../../support/synth";

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
      controlPlaneRanges: ["10.9.0.0/16"],
      values: {
        gateway: {
          name: "shared",
          addressName: "ingress",
          certificateMap: "map",
          sslPolicy: "tls",
          routesFrom: { label: "routes", value: "yes" },
        },
        runners: { namespaces: { label: "routes", values: [] }, repository: "registry.example/runner" },
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

  test("makes the namespace of the database's job before the chart, and lets nothing in or out of it unnamed", () => {
    const made = platform({
      databaseGrants: {
        namespace: "grants",
        googleServiceAccount: "grants@p.iam.gserviceaccount.com",
        database: { instanceConnectionName: "p:r:db", privateIp: "10.0.0.1" },
        administrator: { name: "admin", projectId: "p", secretId: "password" },
        rules: [{ login: "app@p.iam", database: "app" }],
      },
    });
    const namespace = "${kubernetes_namespace_v1.platform_database_grants.metadata[0].name}";
    expect(made.json["locals"].platform_release_values.databaseGrants).toMatchObject({
      enabled: true,
      namespace,
      rules: [{ login: "app@p.iam", database: "app" }],
    });
    expect(made.resource("kubernetes_namespace_v1", "platform_database_grants")["metadata"]).toMatchObject({
      name: "grants",
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
    expect(made.resource("helm_release", "platform_release")["depends_on"]).toEqual(
      ["default_deny", "allow_dns"].map(
        (id) => `kubernetes_network_policy_v1.platform_database_grants_${id}`,
      ),
    );
  });

  test("has no such job unless it is asked for", () => {
    expect(stack.json["locals"].platform_release_values).not.toHaveProperty("databaseGrants");
    expect(Object.keys(stack.resources("kubernetes_network_policy_v1")).join()).not.toMatch(/grants/);
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
    const switches = [...values.matchAll(/"(\w+)" = (true|false)/g)].map(([, name, value]) => [name, value]);
    expect(Object.fromEntries(switches)).toEqual({
      // Without it the chart passes none of the others on.
      leaderElect: "true",
      processClusterStore: "false",
      processClusterExternalSecret: "false",
      processClusterGenerator: "false",
      processClusterPushSecret: "false",
      processPushSecret: "false",
      createClusterSecretStore: "false",
      createClusterExternalSecret: "false",
      createClusterGenerator: "false",
      createClusterPushSecret: "false",
      createPushSecret: "false",
    });
  });

  test("the operator's pods have the priority class that the platform chart makes, and so come after it", () => {
    expect(operator["values"][0].match(/"priorityClassName" = "operators"/g)).toHaveLength(3);
    expect(operator["depends_on"]).toContain("helm_release.platform_release");
  });

  describe("the operator's network", () => {
    const pod = { "app.kubernetes.io/name": "external-secrets" };
    const policies = new AppliedStack(stack).objects().filter(({ kind }) => kind === "NetworkPolicy");
    const reaches = (peer: Peer, port: number) => allows(policies, "Egress", pod, { peer, port });
    const isReachedBy = (peer: Peer, port: number) => allows(policies, "Ingress", pod, { peer, port });
    const agent = { namespace: "kube-system", labels: { "k8s-app": "konnectivity-agent" } };
    const alices = { namespace: "alice", labels: { "app.kubernetes.io/component": "api" } };

    test("is there before its pods are", () => {
      expect(operator["depends_on"]).toEqual([
        "helm_release.platform_release",
        ...["default_deny", "allow_dns", "allow_operator"].map(
          (id) => `kubernetes_network_policy_v1.platform_external_secrets_namespace_${id}`,
        ),
      ]);
    });

    test("leads to Google, to its identity and to the control plane", () => {
      expect(reaches("142.250.0.1", 443)).toBe(true);
      expect(reaches("169.254.169.254", 80)).toBe(true);
      expect(reaches("10.9.0.2", 443)).toBe(true);
    });

    test("leads to no other private address, whatever a store or a key says", () => {
      for (const [peer, port] of [
        ["10.3.0.3", 5432],
        ["10.1.2.3", 443],
        ["192.168.0.1", 443],
        ["169.254.169.254", 443],
        ["1.1.1.1", 80],
        [alices, 4000],
        [alices, 443],
      ] as const)
        expect([peer, port, reaches(peer, port)]).toEqual([peer, port, false]);
    });

    test("lets the control plane ask its webhook, and nobody else anything", () => {
      expect(isReachedBy("10.9.0.2", 10250)).toBe(true);
      expect(isReachedBy(agent, 10250)).toBe(true);
      expect(operator["values"][0]).toMatch(/"port" = 10250/);
      for (const peer of [agent, alices, "10.9.0.2", "1.1.1.1"])
        expect([peer, isReachedBy(peer, 8080)]).toEqual([peer, false]);
      expect(isReachedBy(alices, 10250)).toBe(false);
    });
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
      expect(metadata.labels).toMatchObject({
        environment: "staging",
        "pod-security.kubernetes.io/enforce": "restricted",
      });
  });
});
