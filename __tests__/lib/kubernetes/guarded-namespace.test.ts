import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { GuardedNamespace, type GuardedNamespaceProps } from "../../../lib/kubernetes/guarded-namespace";
import { DataResource } from "../../support/data-resource";
import { synthesize } from "../../support/synth";

const deployer = { email: "tf@p.iam.gserviceaccount.com", clusterRole: "namespace-deployer" };
const quota = { cpu: "4", memory: "8Gi", pods: 20, storage: "10Gi" };
const podLimits = { cpu: "4", memory: "8Gi", ephemeralStorage: "12Gi" };
const NAME = "${kubernetes_namespace_v1.alice.metadata[0].name}";
const DEPLOYER = "kubernetes_role_binding_v1.alice_deployer";

function namespace(props: Partial<GuardedNamespaceProps> = {}) {
  return synthesize((stack) => {
    new KubernetesProvider(stack, "kubernetes", {});
    const made = new GuardedNamespace(stack, "alice", { name: "alice", ...props });
    new DataResource(stack, "pod", { dependsOn: [...made.guards] });
  });
}

const user = (name: string) => ({ kind: "User", api_group: "rbac.authorization.k8s.io", name });
const role = (kind: string, name: string) => ({ api_group: "rbac.authorization.k8s.io", kind, name });

describe("GuardedNamespace", () => {
  test("is an isolated namespace", () => {
    const synthesized = namespace({
      labels: { owner: "alice" },
      routesFrom: { label: "routes", value: "yes" },
    });
    expect(synthesized.resource("kubernetes_namespace_v1", "alice")["metadata"]).toMatchObject({
      name: "alice",
      labels: { owner: "alice", routes: "yes", "pod-security.kubernetes.io/enforce": "restricted" },
    });
    expect(Object.keys(synthesized.resources("kubernetes_network_policy_v1"))).toEqual([
      "alice_allow_dns",
      "alice_default_deny",
    ]);
  });

  test("has no more than that unless asked", () => {
    expect(Object.keys(namespace().json["resource"]).sort()).toEqual([
      "kubernetes_namespace_v1",
      "kubernetes_network_policy_v1",
      "terraform_data",
    ]);
  });

  test("bounds what its pods may request, and has no way in beside the Gateway", () => {
    expect(namespace({ quota }).resource("kubernetes_resource_quota_v1", "alice_quota")["spec"]).toEqual({
      hard: {
        "requests.cpu": "4",
        "requests.memory": "8Gi",
        "requests.storage": "10Gi",
        pods: "20",
        persistentvolumeclaims: "10",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
      },
    });
  });

  test("bounds each pod's limits, and fills none in: a pod that names none is refused", () => {
    expect(namespace({ podLimits }).resource("kubernetes_limit_range_v1", "alice_limits")["spec"]).toEqual({
      limit: [{ type: "Pod", max: { cpu: "4", memory: "8Gi", "ephemeral-storage": "12Gi" } }],
    });
  });

  test("who debugs also reads; who reads does not debug", () => {
    const synthesized = namespace({
      readers: ["carol@plue.dev", "alice@plue.dev"],
      debuggers: ["alice@plue.dev"],
    });
    expect(synthesized.resource("kubernetes_role_binding_v1", "alice_readers")).toEqual({
      metadata: { name: "readers", namespace: NAME },
      role_ref: role("ClusterRole", "view"),
      subject: [user("alice@plue.dev"), user("carol@plue.dev")],
    });
    expect(synthesized.resource("kubernetes_role_binding_v1", "alice_debuggers")).toMatchObject({
      role_ref: role("Role", "${kubernetes_role_v1.alice_debug.metadata[0].name}"),
      subject: [user("alice@plue.dev")],
    });
    expect(synthesized.resource("kubernetes_role_v1", "alice_debug")["rule"]).toEqual([
      { api_groups: [""], resources: ["pods/exec", "pods/portforward"], verbs: ["create", "get"] },
    ]);
  });

  test("binds the deployer to its role first, so that it may make the rest", () => {
    const { json } = namespace({ deployer, quota, podLimits, debuggers: ["alice@plue.dev"] });
    const binding = json["resource"].kubernetes_role_binding_v1.alice_deployer;
    expect(binding).toMatchObject({
      metadata: { name: "deployer", namespace: NAME },
      role_ref: role("ClusterRole", "namespace-deployer"),
      subject: [user("tf@p.iam.gserviceaccount.com")],
    });
    const dependencies = Object.entries<Record<string, { depends_on?: string[] }>>(json["resource"])
      .filter(([type]) => type !== "terraform_data")
      .flatMap(([, made]) => Object.entries(made).map(([id, { depends_on }]) => [id, depends_on]));
    expect(Object.fromEntries(dependencies)).toEqual({
      alice: undefined,
      alice_deployer: undefined,
      alice_allow_dns: [DEPLOYER],
      alice_debug: [DEPLOYER],
      alice_debuggers: [DEPLOYER],
      alice_default_deny: [DEPLOYER],
      alice_limits: [DEPLOYER],
      alice_quota: [DEPLOYER],
      alice_readers: [DEPLOYER],
    });
  });

  test("what runs in it waits for all guards", () => {
    const { json } = namespace({ deployer, quota, podLimits, debuggers: ["alice@plue.dev"] });
    expect(json["resource"].terraform_data.pod.depends_on).toEqual([
      DEPLOYER,
      "kubernetes_network_policy_v1.alice_default_deny",
      "kubernetes_network_policy_v1.alice_allow_dns",
      "kubernetes_resource_quota_v1.alice_quota",
      "kubernetes_limit_range_v1.alice_limits",
      "kubernetes_role_binding_v1.alice_readers",
      "kubernetes_role_binding_v1.alice_debuggers",
    ]);
  });
});
