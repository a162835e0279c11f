import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { Chart } from "../../lib/kubernetes/chart";
import { PgBouncer, type PgBouncerValues } from "../../lib/kubernetes/pgbouncer";
import { synthesize } from "../support/synth";
import { admin, attempt, eventually, succeed } from "./support/cluster";
import { install } from "./support/environment";
import { AppliedStack } from "./support/terraform";

const NAMESPACE = "pooler";
const POOLER = "app.kubernetes.io/instance=pooler";

/** What a release of the construct would install. */
function releaseOf(maxClients?: number) {
  const stack = synthesize((stack) => {
    new HelmProvider(stack, "helm", {});
    new PgBouncer(stack, "pooler", {
      chart: new Chart<PgBouncerValues>("helm/pgbouncer"),
      name: "pooler",
      namespace: NAMESPACE,
      clients: { app: "api" },
      server: { instance: { connectionName: "acme-prod:us-central1:db", privateIp: "10.3.0.3" } },
      login: {
        identity: { email: "pooler@acme-prod.iam.gserviceaccount.com" },
        password: { user: "shop", projectId: "acme-prod", secretId: "db-password", version: 3 },
      },
      databases: { shop: {} },
      serverConnections: 60,
      replicas: 3,
      maxClients,
      image: `registry.example/pgbouncer@sha256:${"a".repeat(64)}`,
      metricsImage: `registry.example/pgbouncer-exporter@sha256:${"b".repeat(64)}`,
    });
  });
  return new AppliedStack(stack).release("pooler_release");
}

const pods = () => admin.list("pods", NAMESPACE, "-l", POOLER);
const evict = (name: string) =>
  admin.try(
    ["create", "--raw", `/api/v1/namespaces/${NAMESPACE}/pods/${name}/eviction`, "-f", "-"],
    JSON.stringify({
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name, namespace: NAMESPACE },
    }),
  );

beforeAll(() => {
  admin.run(["delete", "namespace", NAMESPACE, "--ignore-not-found", "--wait"]);
  admin.create({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: NAMESPACE, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  });
  install(releaseOf());
});

afterAll(() => {
  attempt("helm", ["uninstall", "pooler", "-n", NAMESPACE, "--ignore-not-found"]);
  admin.run(["delete", "namespace", NAMESPACE, "--ignore-not-found", "--wait=false"]);
});

describe("PgBouncer", () => {
  test("is admitted where pods are restricted, and all its replicas become ready", () => {
    const { status } = admin.get("deployment", "pooler", NAMESPACE);
    expect(status).toMatchObject({ replicas: 3, readyReplicas: 3 });
  });

  test("is reached by its service: an endpoint for each pod", async () => {
    const ready = await eventually("three endpoints", () => {
      const slices = admin.list("endpointslices", NAMESPACE, "-l", "kubernetes.io/service-name=pooler");
      const endpoints = slices.flatMap(({ endpoints = [], ports }) =>
        endpoints.map(() => ports.map(({ name, port }: { name: string; port: number }) => [name, port])),
      );
      return endpoints.length === 3 ? endpoints : undefined;
    });
    expect(ready[0]).toEqual([["postgres", 6432]]);
  });

  test("gets its password from one version of a secret, by a store of the namespace", () => {
    expect(admin.get("externalsecret", "pooler", NAMESPACE)["spec"].data).toEqual([
      expect.objectContaining({
        secretKey: "password",
        remoteRef: expect.objectContaining({ key: "db-password", version: "3" }),
      }),
    ]);
    expect(admin.get("secretstore", "pooler", NAMESPACE)["spec"].provider.gcpsm.projectID).toBe("acme-prod");
    expect(admin.list("secrets", NAMESPACE)).toEqual([]);
  });

  test("loses one pod at a time: a second eviction is refused while the first has no successor", async () => {
    await eventually("the budget", () => {
      const { status } = admin.get("poddisruptionbudget", "pooler", NAMESPACE);
      return status?.disruptionsAllowed === 1 ? true : undefined;
    });
    const [first, second] = pods().map(({ metadata }) => metadata.name);
    // Its successor finds no node, so that what the budget allows does not come back in between.
    const nodes = admin.list("nodes").map(({ metadata }) => metadata.name);
    for (const node of nodes) admin.run(["cordon", node]);
    try {
      succeed(evict(first));
      expect(evict(second)).toEqual({ ok: false, text: expect.stringContaining("disruption budget") });
    } finally {
      for (const node of nodes) admin.run(["uncordon", node]);
      admin.run(["rollout", "status", "deployment/pooler", "-n", NAMESPACE, "--timeout=120s"]);
    }
  });

  test("a changed configuration replaces every pod", () => {
    const before = pods().map(({ metadata }) => metadata.name);
    install(releaseOf(50));
    const after = pods().filter(({ metadata }) => !metadata.deletionTimestamp);
    expect(after.map(({ metadata }) => metadata.name).filter((name) => before.includes(name))).toEqual([]);
  });

  test("an uninstall leaves nothing", () => {
    succeed(attempt("helm", ["uninstall", "pooler", "-n", NAMESPACE, "--wait"]));
    for (const kind of ["deployments", "services", "configmaps", "externalsecrets", "networkpolicies"])
      expect(
        admin
          .list(kind, NAMESPACE)
          .map(({ metadata }) => metadata.name)
          .filter((name) => name !== "kube-root-ca.crt"),
      ).toEqual([]);
  });
});
