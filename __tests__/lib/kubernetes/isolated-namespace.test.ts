import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { IsolatedNamespace, type IsolatedNamespaceProps } from "../../../lib/kubernetes/isolated-namespace";
import { DataResource } from "../../support/data-resource";
import { synthesize } from "../../support/synth";

const NAME = "${kubernetes_namespace_v1.alice.metadata[0].name}";

function namespace(props: Partial<IsolatedNamespaceProps> = {}, deny = true) {
  return synthesize((stack) => {
    new KubernetesProvider(stack, "kubernetes", {});
    const rights = new DataResource(stack, "rights");
    const made = new IsolatedNamespace(stack, "alice", { name: "al-ice", ...props });
    const policies = deny ? made.denyByDefault([rights]) : [];
    new DataResource(stack, "pod", { input: { namespace: made.name }, dependsOn: policies });
  });
}

describe("IsolatedNamespace", () => {
  test("has the name it is given, by a reference that waits for it", () => {
    expect(namespace().resource("kubernetes_namespace_v1", "alice")["metadata"].name).toBe("al-ice");
    expect(namespace().resource("terraform_data", "pod")["input"]).toEqual({ namespace: NAME });
  });

  test("lets in no pod above the level restricted", () => {
    const { labels } = namespace().resource("kubernetes_namespace_v1", "alice")["metadata"];
    expect(labels).toEqual({
      "app.kubernetes.io/managed-by": "terraform",
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
    });
  });

  test("no label that somebody gives it weakens that", () => {
    const { labels } = namespace({
      labels: { team: "core", "pod-security.kubernetes.io/enforce": "privileged" },
    }).resource("kubernetes_namespace_v1", "alice")["metadata"];
    expect(labels).toMatchObject({ team: "core", "pod-security.kubernetes.io/enforce": "restricted" });
  });

  test("attaches routes to the Gateway only where asked", () => {
    const { labels } = namespace({
      routesFrom: { label: "plue.dev/gateway-access", value: "true" },
    }).resource("kubernetes_namespace_v1", "alice")["metadata"];
    expect(labels).toMatchObject({ "plue.dev/gateway-access": "true" });
  });

  test("can be destroyed unless asked to stay", () => {
    expect(namespace().resource("kubernetes_namespace_v1", "alice")["lifecycle"]).toBeUndefined();
    expect(
      namespace({ preventDestroy: true }).resource("kubernetes_namespace_v1", "alice")["lifecycle"],
    ).toEqual({ prevent_destroy: true });
  });

  describe("denies by default", () => {
    const policy = (id: string) => namespace().resource("kubernetes_network_policy_v1", `alice_${id}`);

    test("all traffic of all its pods", () => {
      expect(policy("default_deny")).toMatchObject({
        metadata: { name: "default-deny", namespace: NAME },
        spec: { pod_selector: {}, policy_types: ["Ingress", "Egress"] },
      });
      expect(policy("default_deny")["spec"].egress).toBeUndefined();
      expect(policy("default_deny")["spec"].ingress).toBeUndefined();
    });

    test("but names they may look up, from the cluster's DNS and the node's cache of it", () => {
      const { spec } = policy("allow_dns");
      expect(spec.policy_types).toEqual(["Egress"]);
      expect(spec.egress).toEqual([
        {
          to: [
            ...["kube-dns", "node-local-dns"].map((app) => ({
              namespace_selector: { match_labels: { "kubernetes.io/metadata.name": "kube-system" } },
              pod_selector: { match_labels: { "k8s-app": app } },
            })),
            { ip_block: { cidr: "169.254.20.10/32" } },
          ],
          ports: [
            { port: "53", protocol: "UDP" },
            { port: "53", protocol: "TCP" },
          ],
        },
      ]);
    });

    test("as soon as the caller may, and before anything that waits for it", () => {
      expect(policy("default_deny")["depends_on"]).toEqual(["terraform_data.rights"]);
      expect(namespace().resource("terraform_data", "pod")["depends_on"]).toEqual([
        "kubernetes_network_policy_v1.alice_default_deny",
        "kubernetes_network_policy_v1.alice_allow_dns",
      ]);
    });

    test("and what a further policy names", () => {
      const allowing = synthesize((stack) => {
        new KubernetesProvider(stack, "kubernetes", {});
        const made = new IsolatedNamespace(stack, "alice", { name: "alice" });
        made.denyByDefault();
        made.allow("allow-web", { ingress: [{ from: [{ podSelector: {} }] }] });
      });
      expect(allowing.resource("kubernetes_network_policy_v1", "alice_allow_web")).toMatchObject({
        metadata: { name: "allow-web", namespace: NAME },
        spec: { pod_selector: {}, policy_types: ["Ingress"], ingress: [{ from: [{ pod_selector: {} }] }] },
      });
    });

    test("and only when told to", () => {
      expect(namespace({}, false).resources("kubernetes_network_policy_v1")).toEqual({});
    });
  });
});
