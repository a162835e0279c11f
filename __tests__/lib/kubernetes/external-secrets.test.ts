import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { ExternalSecrets, type ExternalSecretsProps } from "../../../lib/kubernetes/external-secrets";
import { synthesize } from "../../support/synth";

function externalSecrets(props: Partial<ExternalSecretsProps> = {}) {
  return synthesize((stack) => {
    new HelmProvider(stack, "helm");
    new KubernetesProvider(stack, "kubernetes");
    new ExternalSecrets(stack, "external-secrets", {
      version: "1.3.2",
      controlPlaneRanges: ["10.0.0.0/20"],
      ...props,
    });
  });
}

describe("ExternalSecrets", () => {
  test("is one version of the chart, in a restricted namespace of its own, behind its policies", () => {
    const stack = externalSecrets({ labels: { environment: "dev" } });
    expect(stack.resource("helm_release", "external_secrets")).toMatchObject({
      repository: "https://charts.external-secrets.io",
      chart: "external-secrets",
      version: "1.3.2",
      namespace: "${kubernetes_namespace_v1.external_secrets_namespace.metadata[0].name}",
      atomic: true,
      wait: true,
      depends_on: [
        "kubernetes_network_policy_v1.external_secrets_namespace_default_deny",
        "kubernetes_network_policy_v1.external_secrets_namespace_allow_dns",
        "kubernetes_network_policy_v1.external_secrets_namespace_allow_operator",
      ],
    });
    expect(
      stack.resource("kubernetes_namespace_v1", "external_secrets_namespace")["metadata"].labels,
    ).toMatchObject({ environment: "dev", "pod-security.kubernetes.io/enforce": "restricted" });
  });

  test("reads for no other namespace than a store's own, and writes nothing back", () => {
    const [values] = externalSecrets().resource("helm_release", "external_secrets")["values"];
    for (const off of [
      "ClusterStore",
      "ClusterExternalSecret",
      "ClusterGenerator",
      "ClusterPushSecret",
      "PushSecret",
    ])
      expect(values).toContain(`"process${off}" = false`);
  });

  test("has a priority class where one is given", () => {
    const valuesOf = (props: Partial<ExternalSecretsProps>) =>
      externalSecrets(props).resource("helm_release", "external_secrets")["values"][0];
    expect(valuesOf({ priorityClassName: "first" }).match(/"priorityClassName" = "first"/g)).toHaveLength(3);
    expect(valuesOf({})).not.toContain("priorityClassName");
  });

  test("is reached by the control plane alone, and reaches no other private address", () => {
    const { spec } = externalSecrets().resource(
      "kubernetes_network_policy_v1",
      "external_secrets_namespace_allow_operator",
    );
    expect(spec.ingress).toEqual([
      {
        from: [
          { namespace_selector: { match_labels: { "kubernetes.io/metadata.name": "kube-system" } } },
          { ip_block: { cidr: "10.0.0.0/20" } },
        ],
        ports: [{ port: "10250", protocol: "TCP" }],
      },
    ]);
    expect(spec.egress[1].to[0].ip_block.except).toContain("10.0.0.0/8");
  });
});
