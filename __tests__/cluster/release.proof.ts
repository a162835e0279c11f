import { PRODUCTION_SIZES } from "../../stacks/plue/production";
import { allows } from "../support/network-policy";
import { admin, Client, eventually, type KubernetesObject, succeed } from "./support/cluster";
import { Environment } from "./support/environment";
import { simulatedNodes } from "./support/nodes";

const FIRST = "1";
const SECOND = "2";
const PRODUCTION_NODES = [
  { name: "large", nodes: 3, sandbox: false },
  { name: "large-sandbox", nodes: 3, sandbox: true },
].flatMap((pool) =>
  simulatedNodes({ ...pool, machineType: PRODUCTION_SIZES.cluster.nodePools.default.machineType }),
);

const environments = (image: string) => ({
  alice: Environment.ofEngineer("alice", image),
  bob: Environment.ofEngineer("bob", image),
  production: Environment.ofProduction(image),
});
const first = environments(FIRST);
const second = environments(SECOND);
const names = ["alice", "bob", "production"] as const;

const running = (namespace: string) =>
  admin.list("pods", namespace).filter(({ status }) => status.phase === "Running");
const imagesOf = (namespace: string) =>
  new Set(
    running(namespace).flatMap(({ spec }) => spec.containers.map(({ image }: KubernetesObject) => image)),
  );

const isRunner = ({ metadata }: KubernetesObject) =>
  metadata.labels["app.kubernetes.io/component"] === "runner";
const sandboxNodes = () =>
  new Set(
    admin
      .list("nodes", undefined, "-l", "sandbox.gke.io/runtime=gvisor")
      .map(({ metadata }) => metadata.name),
  );

beforeAll(() => {
  admin.apply(PRODUCTION_NODES);
  for (const name of names) first[name].remove();
});

afterAll(() => {
  for (const name of names) first[name].remove();
  admin.run(["delete", "node", "-l", "simulated=true", "--ignore-not-found"]);
});

describe.each(names)("%s", (name) => {
  test("its deployer makes the namespace and the guardrails", () => first[name].guard());

  test("its release installs to a finished rollout, by the same identity", async () => {
    succeed(await first[name].deploy());
    for (const { metadata, spec, status } of admin.list("deployments,statefulsets", name))
      expect([metadata.name, status.readyReplicas ?? 0]).toEqual([metadata.name, spec.replicas]);
    expect(imagesOf(name)).toContain(
      first[name]
        .manifests()
        .find(({ kind, metadata }) => kind === "Deployment" && metadata.name === "zig-api")?.["spec"].template
        .spec.containers[0].image,
    );
  });

  test("its runners are on sandbox nodes, and nothing else is", () => {
    const pods = running(name);
    expect(pods.filter(isRunner).length).toBeGreaterThan(0);
    for (const pod of pods)
      expect([pod["metadata"].name, sandboxNodes().has(pod["spec"].nodeName)]).toEqual([
        pod["metadata"].name,
        isRunner(pod),
      ]);
  });

  test("its runners may connect to the API's port for them, by the policies that the server has, and to no other", () => {
    const policies = admin.list("networkpolicies", name);
    const labelsOf = (found: KubernetesObject | undefined) => found?.["metadata"].labels;
    const [runner, api] = [
      labelsOf(running(name).find(isRunner)),
      labelsOf(running(name).find(({ metadata }) => metadata.labels.app === "zig-api")),
    ];
    const service = admin.get("service", "zig-api", name)["spec"].ports;
    const ports = service.map((one: KubernetesObject) => [one["name"], one["port"]]);
    expect(ports).toEqual([
      ["http", 4000],
      ["internal", 4001],
    ]);
    for (const [, port] of ports)
      for (const [direction, from, to] of [
        ["Egress", runner, api],
        ["Ingress", api, runner],
      ] as const)
        expect([
          port,
          direction,
          allows(policies, direction, from, { peer: { namespace: name, labels: to }, port }),
        ]).toEqual([port, direction, port === 4001]);
  });

  test("its API, as its service account, starts a run on a sandbox node and ends it", async () => {
    const api = new Client(`system:serviceaccount:${name}:zig-api`);
    const template: string = admin.get("configmap", "runner-job", name)["data"]["job.json"];
    const job = JSON.parse(template.replaceAll("${TASK_ID}", "t1"));
    api.create(job);
    const pod = await eventually("the run's pod on a node", () =>
      api.list("pods", name, "-l", "plue.dev/task-id=t1").find(({ spec }) => spec.nodeName),
    );
    expect(sandboxNodes()).toContain(pod["spec"].nodeName);
    api.run(["delete", "job", job.metadata.name, "-n", name]);
    const other = name === "alice" ? "gateway" : "alice";
    for (const [verb, resource, namespace] of [
      ["create", "jobs", other],
      ["list", "pods", other],
      ["get", "secrets", name],
      ["create", "deployments", name],
    ] as const)
      expect([verb, resource, api.may(verb, resource, namespace)]).toEqual([verb, resource, false]);
  });
});

describe.each(names)("%s, once all three run at once", (name) => {
  test("an upgrade to another image leaves no Deployment a moment with fewer ready pods than it may have", async () => {
    const rolling = admin
      .list("deployments", name)
      .filter(({ spec }) => spec.strategy.type === "RollingUpdate");
    const fewest = new Map(rolling.map(({ metadata, spec }) => [metadata.name, spec.replicas as number]));
    let done = false;
    const upgrade = second[name].deploy().finally(() => {
      done = true;
    });
    while (!done) {
      for (const { metadata, status } of admin.list("deployments", name)) {
        const least = fewest.get(metadata.name);
        if (least !== undefined) fewest.set(metadata.name, Math.min(least, status.readyReplicas ?? 0));
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    succeed(await upgrade);
    await onlyImagesOtherThan(FIRST, name);
    for (const { metadata, spec } of rolling)
      expect([metadata.name, Number(fewest.get(metadata.name)) >= spec.replicas - unavailable(spec)]).toEqual(
        [metadata.name, true],
      );
  });

  // A disk is on one node at a time, so one pod has to go before the next comes: production has a share instead.
  test("its API is rolled without a gap, unless it has a disk", () => {
    const strategy = admin.get("deployment", "zig-api", name)["spec"].strategy.type;
    expect(strategy).toBe(name === "production" ? "RollingUpdate" : "Recreate");
  });

  test("helm rollback brings the image before back", async () => {
    first[name].helm("rollback", first[name].release.name, "1", "--wait", "--timeout=120s");
    await onlyImagesOtherThan(SECOND, name);
  });

  test("helm uninstall leaves nothing but the guardrails and what says that it is kept", async () => {
    const kept = first[name]
      .manifests()
      .filter(({ metadata }) => metadata.annotations?.["helm.sh/resource-policy"] === "keep")
      .map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    first[name].helm("uninstall", first[name].release.name, "--wait", "--timeout=120s");
    const guards = first[name].guards().map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    const leftOver = () =>
      leftIn(name).filter((object) => !guards.includes(object) && !kept.includes(object));
    await eventually("everything to go", () => (leftOver().length === 0 ? true : undefined)).catch(() => {});
    expect(leftOver()).toEqual([]);
  });
});

/** Helm counts a rollout as finished while the last pods that may be unavailable are still being replaced. */
async function onlyImagesOtherThan(digit: string, namespace: string): Promise<void> {
  await eventually("the last pods of the other image to go", () =>
    [...imagesOf(namespace)].some((image) => image.includes(digit.repeat(64))) ? undefined : true,
  );
}

/** How many pods a rolling update may take away at once. */
function unavailable({ replicas, strategy }: KubernetesObject): number {
  const most = strategy.rollingUpdate.maxUnavailable;
  return typeof most === "number" ? most : Math.floor((replicas * Number.parseInt(most, 10)) / 100);
}

/** Every object of a namespace, but what Kubernetes itself puts there. */
function leftIn(namespace: string): string[] {
  const kinds = admin
    .run(["api-resources", "--namespaced", "--verbs=list,delete", "-o", "name"])
    .trim()
    .split("\n")
    .filter((kind) => !/^(events|leases|endpoints)(\.|$)|^controllerrevisions/.test(kind));
  return admin
    .list(kinds.join(","), namespace)
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    .filter((object) => !/^(ConfigMap\/kube-root-ca\.crt|ServiceAccount\/default)$/.test(object));
}
