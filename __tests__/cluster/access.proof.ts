import { admin, Client, type KubernetesObject } from "./support/cluster";
import { Environment, emailOf } from "./support/environment";

const alice = Environment.ofEngineer("alice", undefined, { readers: ["carol@plue.dev"] });
const bob = Environment.ofEngineer("bob");
const asAlice = new Client(emailOf("alice"));
const asCarol = new Client("carol@plue.dev");

const pod = (namespace: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "api", namespace },
  spec: {
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "main",
        image: "example/api",
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        resources: { limits: { cpu: "100m", memory: "64Mi", "ephemeral-storage": "64Mi" } },
      },
    ],
  },
});

beforeAll(() => {
  for (const environment of [alice, bob]) {
    environment.remove();
    environment.guard();
    admin.create(pod(environment.namespace));
    admin.run(["create", "secret", "generic", "plue-secrets", "-n", environment.namespace]);
  }
});

afterAll(() => {
  for (const environment of [alice, bob]) environment.remove();
});

describe("alice", () => {
  test("sees her own pods", () => expect(asAlice.run(["get", "pods", "-n", "alice"])).toContain("api"));

  test.each(["pods", "secrets", "deployments", "configmaps"])("is denied bob's %s", (kind) => {
    expect(asAlice.try(["get", kind, "-n", "bob"])).toEqual({
      ok: false,
      text: expect.stringContaining(`User "alice@plue.dev" cannot list resource "${kind}"`),
    });
  });

  test("is denied the logs of bob's pods", () => {
    expect(asAlice.try(["logs", "api", "-n", "bob"])).toEqual({
      ok: false,
      text: expect.stringContaining(
        'User "alice@plue.dev" cannot get resource "pods" in API group "" in the namespace "bob"',
      ),
    });
  });

  test.each([
    ["get", "pods/log"],
    ["create", "pods/exec"],
    ["create", "pods/portforward"],
    ["get", "services"],
    ["list", "events"],
  ])("may %s %s in her namespace and nowhere else", (verb, resource) => {
    const allowed = ["alice", "bob", "gateway", "kube-system", "default"].filter((namespace) =>
      asAlice.may(verb, resource, namespace),
    );
    expect(allowed).toEqual(["alice"]);
  });

  test("changes nothing by hand, and reads no Secret as an object: Terraform and external-secrets do", () => {
    for (const [verb, resource] of [
      ["get", "secrets"],
      ["create", "pods"],
      ["patch", "deployments"],
      ["update", "resourcequotas"],
      ["create", "rolebindings"],
    ] as const)
      expect([verb, resource, asAlice.may(verb, resource, "alice")]).toEqual([verb, resource, false]);
  });
});

describe("a reader of alice's namespace", () => {
  test("sees pods and logs there, and gets into none", () => {
    expect(asCarol.run(["get", "pods", "-n", "alice"])).toContain("api");
    expect(asCarol.may("get", "pods/log", "alice")).toBe(true);
    expect(asCarol.may("create", "pods/exec", "alice")).toBe(false);
    expect(asCarol.may("get", "pods", "bob")).toBe(false);
  });
});
