import { DEPLOYER_CLUSTER_ROLES } from "../../stacks/plue/names";
import { type Answer, admin, Client, type KubernetesObject } from "./support/cluster";
import { deployerOf, Environment } from "./support/environment";
import { Platform } from "./support/platform";

/** The order of a first deployment: staging-access may come before staging-platform, and a release of it may fail. */
const platform = new Platform("staging-platform");
const alice = Environment.ofEngineer("alice");
const deployer = new Client(deployerOf("alice"));

const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "alice" } };
const binding = (namespace: string, role: string): KubernetesObject => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  metadata: { name: "mine", namespace },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
  subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: deployerOf("alice") }],
});

beforeAll(() => {
  alice.remove();
  platform.remove();
});

afterAll(async () => {
  await platform.install();
  alice.remove();
});

/** What deployers do first, and what they could do harm with. */
const attempts: [string, () => Answer][] = [
  ["make her namespace", () => deployer.tryCreate(namespace)],
  ["delete a namespace", () => deployer.try(["delete", "namespace", "gateway"])],
  ["bind a role in the system's namespace", () => deployer.tryCreate(binding("kube-system", "view"))],
  ["bind her role there", () => deployer.tryCreate(binding("kube-system", DEPLOYER_CLUSTER_ROLES.namespace))],
];

describe("while staging-platform is not there", () => {
  test.each(attempts)("alice's deployer may not %s, although staging-access has bound it", (_, act) => {
    expect(admin.get("clusterrolebinding", "tf-staging-alice")["roleRef"].name).toBe(
      DEPLOYER_CLUSTER_ROLES.cluster,
    );
    expect(act()).toEqual({ ok: false, text: expect.stringMatching(/is forbidden: User ".*" cannot/) });
  });
});

describe("while only its chart is there, as after a deployment that failed behind it", () => {
  beforeAll(() => platform.installChart());

  test.each(attempts)("alice's deployer may not %s", (_, act) => {
    expect(act()).toEqual({ ok: false, text: expect.stringMatching(/is forbidden: User ".*" cannot/) });
  });
});

test("once all of it is there, she makes her namespace and what guards it", async () => {
  await platform.install();
  alice.guard();
  expect(deployer.may("create", "deployments", "alice")).toBe(true);
});
