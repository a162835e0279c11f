import { DATABASE_GRANTS } from "../../stacks/plue/names";
import { admin, Client, eventually } from "./support/cluster";
import { deployerOf, Environment, emailOf } from "./support/environment";

const alice = Environment.ofEngineer("alice");
const asAlice = new Client(emailOf("alice"));
const deployer = new Client(deployerOf("alice"));

beforeAll(() => {
  alice.remove();
  alice.guard();
});

afterAll(() => alice.remove());

describe("the job that keeps the databases' rights", () => {
  test("is started every minute by its schedule, admitted, and put on a node of the default pool", async () => {
    // A pod of an earlier minute may still name a node that another proof has deleted since.
    const { pod, node } = await eventually(
      "a pod of the schedule, on a node that is there",
      () => {
        const nodes = new Map(admin.list("nodes").map((each) => [each["metadata"].name, each]));
        return admin
          .list("pods", DATABASE_GRANTS)
          .filter(({ metadata }) => metadata.ownerReferences?.[0].kind === "Job")
          .map((each) => ({ pod: each, node: nodes.get(each["spec"].nodeName) }))
          .find(({ node }) => node);
      },
      150,
    );
    const { priorityClassName, serviceAccountName } = pod["spec"];
    expect({ priorityClassName, serviceAccountName }).toEqual({
      priorityClassName: "plue-platform",
      serviceAccountName: DATABASE_GRANTS,
    });
    expect(Object.keys(node?.["metadata"].labels)).not.toContain("sandbox.gke.io/runtime");
  });

  test("leaves no password in the cluster", () => {
    expect(admin.list("secrets", DATABASE_GRANTS)).toEqual([]);
    expect(JSON.stringify(admin.list("configmaps", DATABASE_GRANTS))).not.toMatch(/PGPASSWORD=['"]?\w/);
  });

  test("its namespace takes restricted pods alone", () => {
    const answer = admin.tryCreate({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "plain", namespace: DATABASE_GRANTS },
      spec: { containers: [{ name: "main", image: "example" }] },
    });
    expect(answer).toEqual({ ok: false, text: expect.stringContaining('violates PodSecurity "restricted') });
  });
});

describe.each([
  ["alice", asAlice],
  ["alice's deployer", deployer],
])("%s", (_, client) => {
  test.each([
    ["get", "secrets"],
    ["list", "pods"],
    ["get", "pods/log"],
    ["create", "pods"],
    ["create", "pods/exec"],
    ["patch", "cronjobs"],
    ["create", "jobs"],
    ["update", "configmaps"],
    ["create", "serviceaccounts/token"],
  ])("may not %s %s where the job is", (verb, resource) => {
    expect(client.may(verb, resource, DATABASE_GRANTS)).toBe(false);
  });
});

test("alice's deployer cannot bind herself a role there, nor take the namespace over", () => {
  const binding = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "mine", namespace: DATABASE_GRANTS },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "plue-namespace-deployer" },
    subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: deployerOf("alice") }],
  };
  // Two policies refuse it; which of them the API server names is chance.
  expect(deployer.tryCreate(binding)).toEqual({
    ok: false,
    text: expect.stringMatching(
      /may change namespace "alice" and what is in it, nothing else|may be bound in a namespace, and to its own deployer/,
    ),
  });
  expect(deployer.try(["delete", "namespace", DATABASE_GRANTS])).toEqual({
    ok: false,
    text: expect.stringContaining(`may change namespace "alice" and what is in it, nothing else`),
  });
});
