import { type Answer, admin, Client, eventually, type KubernetesObject } from "./support/cluster";
import { deployerOf, Environment, provideVolumes } from "./support/environment";

const alice = Environment.ofEngineer("alice");
const bob = Environment.ofEngineer("bob");
const deployer = new Client(deployerOf("alice"));
const answers: string[] = [];

beforeAll(() => {
  for (const environment of [alice, bob]) {
    environment.remove();
    environment.guard();
  }
});

afterAll(() => {
  for (const environment of [alice, bob]) environment.remove();
  process.stdout.write(`\nIn the server's own words:\n${answers.join("")}`);
});

/** The server's words, which have to say why. */
function refused(what: string, { ok, text }: Answer, why: RegExp): void {
  answers.push(`- ${what}:\n    ${text.trim().replaceAll("\n", "\n    ")}\n`);
  expect(ok).toBe(false);
  expect(text).toMatch(why);
}

const limits = { cpu: "100m", memory: "64Mi", "ephemeral-storage": "64Mi" };

/** A pod that is admitted as it is, and otherwise with changes. */
function pod(name: string, container: KubernetesObject = {}, spec: KubernetesObject = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "alice", labels: { "app.kubernetes.io/component": "runner" } },
    spec: {
      runtimeClassName: "gvisor",
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "main",
          image: "example/runner",
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          resources: { limits },
          ...container,
        },
      ],
      ...spec,
    },
  };
}

const quota = (namespace: string, hard: Record<string, string>, spec: KubernetesObject = {}) => {
  const objects = Environment.ofEngineer(namespace).guards();
  const written = objects.find(({ kind }) => kind === "ResourceQuota") as KubernetesObject;
  return { ...written, spec: { hard: { ...written["spec"].hard, ...hard }, ...spec } };
};

const claim = (name: string, storage: string) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name, namespace: "alice" },
  spec: {
    accessModes: ["ReadWriteOnce"],
    storageClassName: "standard-rwo",
    resources: { requests: { storage } },
  },
});

const service = (type: string, spec: KubernetesObject = {}) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "door", namespace: "alice" },
  spec: { type, selector: { app: "zig-api" }, ports: [{ port: 80 }], ...spec },
});

/** Does something in alice's namespace while quota and LimitRange are deleted, as her deployer may delete them. */
function withoutBounds(action: () => void): void {
  const bounds = alice.guards().filter(({ kind }) => kind === "ResourceQuota" || kind === "LimitRange");
  for (const { kind, metadata } of bounds) deployer.run(["delete", kind, metadata.name, "-n", "alice"]);
  try {
    action();
  } finally {
    for (const bound of bounds) deployer.create(bound);
  }
}

const route = (host: string) => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: { name: "route", namespace: "alice" },
  spec: {
    parentRefs: [{ name: "plue", namespace: "gateway" }],
    hostnames: [host],
    rules: [{ backendRefs: [{ name: "zig-api", port: 4000 }] }],
  },
});

describe("pods of an engineer's namespace", () => {
  test("a plain one is admitted", () => {
    expect(deployer.tryCreate(pod("plain"))).toMatchObject({ ok: true });
    deployer.run(["delete", "pod", "plain", "-n", "alice"]);
  });

  test("a privileged one is refused", () =>
    refused(
      "a privileged pod",
      deployer.tryCreate(pod("privileged", { securityContext: { privileged: true } })),
      /violates PodSecurity "restricted:latest": privileged/,
    ));

  test("a runner without limits is refused", () =>
    refused(
      "a runner without limits",
      deployer.tryCreate(pod("unlimited", { resources: { requests: limits } })),
      /maximum (cpu|memory) usage per Pod is .*No limit is specified/,
    ));

  test("so it is where the LimitRange has been deleted", () => {
    deployer.run(["delete", "limitrange", "limits", "-n", "alice"]);
    refused(
      "a runner without limits, and without the LimitRange",
      deployer.tryCreate(pod("unlimited", { resources: { requests: limits } })),
      /every container names its limits of cpu, memory and ephemeral-storage/,
    );
    const written = alice.guards().find(({ kind }) => kind === "LimitRange") as KubernetesObject;
    deployer.create(written);
  });

  test("one beyond the quota is refused", () => {
    const last = Number(admin.get("resourcequota", "quota", "alice")["spec"].hard.pods);
    const small = { resources: { limits, requests: { cpu: "1m", memory: "1Mi" } } };
    for (let index = 0; index < last; index++) deployer.create(pod(`filler-${index}`, small));
    refused(
      "one pod beyond the quota",
      deployer.tryCreate(pod("beyond", small)),
      /exceeded quota: quota, requested: pods=1, used: pods=(\d+), limited: pods=\1/,
    );
    deployer.run(["delete", "pods", "--all", "-n", "alice"]);
  });

  test("one that would evict others is refused", () =>
    refused(
      "a pod with the platform's priority",
      deployer.tryCreate(pod("important", {}, { priorityClassName: "plue-platform" })),
      /pods of an engineer's namespace have the priority class plue-application or none/,
    ));

  test("one that asks Binary Authorization to look away is refused, and so is the mark on a running one", () => {
    const why = /pods of an engineer's namespace run images of known origin, without break-glass/;
    const marked = pod("marked");
    marked["metadata"].labels["image-policy.k8s.io/break-glass"] = "true";
    refused("a pod with break-glass", deployer.tryCreate(marked), why);
    admin.create(pod("running"));
    const mark = ["label", "pod", "running", "image-policy.k8s.io/break-glass=true", "-n", "alice"];
    refused("break-glass on a pod that runs", admin.try(mark), why);
    deployer.run(["delete", "pod", "running", "-n", "alice"]);
  });

  test("without the quota there is none", () => {
    deployer.run(["delete", "resourcequota", "quota", "-n", "alice"]);
    refused(
      "a pod in a namespace whose quota was deleted",
      deployer.tryCreate(pod("unbounded")),
      /no params found for policy binding|a namespace without its quota runs no pods/,
    );
    deployer.create(quota("alice", {}));
  });
});

describe("what bounds an engineer's namespace, with its quota and LimitRange and without", () => {
  const large = { limits: { ...limits, cpu: "500" }, requests: { cpu: "1m" } };
  const largest = /the limits of a pod of an engineer's namespace come to 4 of cpu at most/;
  const init = (resources: object, more: object = {}) => ({
    ...pod("init")["spec"].containers[0],
    name: "before",
    resources,
    ...more,
  });
  const largePods: [string, KubernetesObject][] = [
    ["a container", pod("large", { resources: large })],
    [
      "two containers that are too large together",
      pod(
        "large",
        {},
        {
          containers: ["a", "b"].map((name) =>
            init({ ...large, limits: { ...limits, cpu: "2100m" } }, { name }),
          ),
        },
      ),
    ],
    ["a container that runs before", pod("large", {}, { initContainers: [init(large)] })],
    ["a sidecar", pod("large", {}, { initContainers: [init(large, { restartPolicy: "Always" })] })],
    ["the pod as a whole", pod("large", {}, { resources: { limits: { cpu: "500" } } })],
  ];

  test.each(largePods)("no pod has limits of 500 CPU: %s", (what, large) => {
    // The LimitRange, while it is there, has words of its own.
    expect(deployer.tryCreate(large)).toMatchObject({ ok: false });
    deployer.run(["delete", "limitrange", "limits", "-n", "alice"]);
    refused(
      `a pod with limits of 500 CPU, ${what}, without the LimitRange`,
      deployer.tryCreate(large),
      largest,
    );
    deployer.create(alice.guards().find(({ kind }) => kind === "LimitRange") as KubernetesObject);
  });

  test("nor does one that a LimitRange of hers fills in", () => {
    deployer.run(["delete", "limitrange", "limits", "-n", "alice"]);
    deployer.create({
      apiVersion: "v1",
      kind: "LimitRange",
      metadata: { name: "mine", namespace: "alice" },
      spec: { limits: [{ type: "Container", default: large.limits, defaultRequest: { cpu: "1m" } }] },
    });
    refused(
      "a pod with limits of 500 CPU, by her own LimitRange",
      deployer.tryCreate(pod("large", { resources: {} })),
      largest,
    );
    deployer.run(["delete", "limitrange", "mine", "-n", "alice"]);
    deployer.create(alice.guards().find(({ kind }) => kind === "LimitRange") as KubernetesObject);
  });

  test.each(["1Gi", "60Ti"])("no volume of %s without the quota", (size) =>
    withoutBounds(() =>
      refused(
        `a claim of ${size} without the quota`,
        deployer.tryCreate(claim("volume", size)),
        /no params found for policy binding|a namespace without its quota runs no pods and claims no volumes|has 100Gi at most/,
      ),
    ),
  );

  test("no volume grows beyond what all may have, without the quota", async () => {
    // As GKE's own: its volumes can grow.
    const growing = { provisioner: "pd.csi.storage.gke.io", allowVolumeExpansion: true };
    admin.apply([
      {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name: "standard-rwo" },
        ...growing,
      },
    ]);
    provideVolumes("alice", [claim("volume", "1Gi")]);
    deployer.create(claim("volume", "1Gi"));
    await eventually("the volume", () =>
      admin.get("pvc", "volume", "alice")["status"].phase === "Bound" ? true : undefined,
    );
    const grow = (storage: string) =>
      deployer.try([
        ...["patch", "pvc", "volume", "-n", "alice", "-p"],
        JSON.stringify({ spec: { resources: { requests: { storage } } } }),
      ]);
    withoutBounds(() => {
      refused(
        "a claim that grows to 60Ti without the quota",
        grow("60Ti"),
        /a volume of an engineer's namespace has 100Gi at most/,
      );
      // It goes without the quota, as its namespace has to.
      deployer.run(["delete", "pvc", "volume", "-n", "alice", "--timeout=30s"]);
    });
    expect(admin.get("resourcequota", "quota", "alice")["spec"].hard).toMatchObject({
      persistentvolumeclaims: "10",
    });
    admin.run(["delete", "storageclass", "standard-rwo"]);
  });

  test.each([
    ["a public load balancer", service("LoadBalancer")],
    ["a port of every node", service("NodePort")],
    ["an address of somebody else", service("ClusterIP", { externalIPs: ["192.0.2.1"] })],
    ["a name of somebody else", service("ExternalName", { externalName: "example.com", ports: undefined })],
  ])("no service is %s", (what, object) => {
    const why = /a service of an engineer's namespace is a ClusterIP without externalIPs/;
    refused(what, deployer.tryCreate(object), why);
    withoutBounds(() => refused(`${what}, without the quota`, deployer.tryCreate(object), why));
  });

  test("a service that is a ClusterIP does not become another", () => {
    deployer.create(service("ClusterIP"));
    refused(
      "a ClusterIP that becomes a load balancer",
      deployer.try(["patch", "service", "door", "-n", "alice", "-p", '{"spec":{"type":"LoadBalancer"}}']),
      /is a ClusterIP without externalIPs/,
    );
    deployer.run(["delete", "service", "door", "-n", "alice"]);
  });

  test("nor is there a door of another kind that she could make", () => {
    const doors = ["ingresses.networking.k8s.io", "gateways.gateway.networking.k8s.io", "daemonsets.apps"];
    expect(doors.filter((resource) => deployer.may("create", resource, "alice"))).toEqual([]);
  });
});

describe("alice's deployer", () => {
  test("cannot raise her quota beyond what the registry could give her", () => {
    expect(
      deployer.try(["replace", "-f", "-"], JSON.stringify(quota("alice", { "requests.cpu": "16" }))),
    ).toMatchObject({
      ok: true,
    });
    refused(
      "an over-large quota",
      deployer.try(["replace", "-f", "-"], JSON.stringify(quota("alice", { "requests.cpu": "16001m" }))),
      /the quota of an engineer's namespace bounds requests.cpu, to 16 at most/,
    );
    refused(
      "a way in beside the Gateway",
      deployer.try(["replace", "-f", "-"], JSON.stringify(quota("alice", { "services.loadbalancers": "1" }))),
      /bounds services.loadbalancers, to 0 at most/,
    );
  });

  test("cannot have a quota that does not count", () => {
    const { "requests.memory": _, ...hard } = quota("alice", {})["spec"].hard;
    refused(
      "a quota without memory",
      deployer.try(["replace", "-f", "-"], JSON.stringify({ ...quota("alice", {}), spec: { hard } })),
      /bounds requests.memory, to 48Gi at most/,
    );
    deployer.run(["delete", "resourcequota", "quota", "-n", "alice"]);
    refused(
      "a quota of some pods only",
      deployer.tryCreate(quota("alice", {}, { scopes: ["NotBestEffort"] })),
      /unsupported scope applied to resource/,
    );
    deployer.create(quota("alice", {}));
  });

  test("cannot touch bob's namespace", () => {
    refused(
      "a role binding in bob's namespace",
      deployer.tryCreate({
        ...(alice.guards().find(({ metadata }) => metadata.name === "deployer") as KubernetesObject),
        metadata: { name: "mine", namespace: "bob" },
      }),
      /may change namespace "alice" and what is in it, nothing else|may be bound in a namespace, and to its own deployer/,
    );
    refused(
      "a pod in bob's namespace",
      deployer.tryCreate({ ...pod("theirs"), metadata: { name: "theirs", namespace: "bob" } }),
      /cannot create resource "pods" in API group "" in the namespace "bob"/,
    );
    refused(
      "bob's quota",
      deployer.try(["delete", "resourcequota", "quota", "-n", "bob"]),
      /cannot delete resource "resourcequotas" in API group "" in the namespace "bob"/,
    );
    refused(
      "deleting bob's namespace",
      deployer.try(["delete", "namespace", "bob"]),
      /may change namespace "alice" and what is in it, nothing else/,
    );
  });

  test("cannot make a namespace that is not hers, nor bind her role in the system's", () => {
    refused(
      "a namespace called after nobody",
      deployer.tryCreate({ apiVersion: "v1", kind: "Namespace", metadata: { name: "mallory" } }),
      /may change namespace "alice" and what is in it, nothing else/,
    );
    refused(
      "her role in kube-system",
      deployer.tryCreate({
        ...(alice.guards().find(({ metadata }) => metadata.name === "deployer") as KubernetesObject),
        metadata: { name: "mine", namespace: "kube-system" },
      }),
      /nothing else|to its own deployer/,
    );
    refused(
      "a stronger role in her own namespace",
      deployer.tryCreate({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: { name: "admin", namespace: "alice" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: deployerOf("alice") }],
      }),
      /attempting to grant RBAC permissions not currently held/,
    );
  });

  test("cannot loosen her namespace, herself or through a service account", () => {
    const loosen = [
      "label",
      "namespace",
      "alice",
      "--overwrite",
      "pod-security.kubernetes.io/enforce=privileged",
    ];
    refused(
      "pod security off",
      deployer.try(loosen),
      /keeps the label pod-security.kubernetes.io\/enforce: restricted/,
    );
    refused(
      "an engineer's namespace that is none",
      deployer.try(["label", "namespace", "alice", "owner-"]),
      /keeps the label owner: alice/,
    );
    deployer.run(["create", "serviceaccount", "helper", "-n", "alice"]);
    deployer.run([
      ...["create", "rolebinding", "helper", "-n", "alice", "--clusterrole=plue-namespace-deployer"],
      `--user=${deployerOf("alice")}`,
    ]);
    deployer.run([
      "create",
      "role",
      "helper",
      "-n",
      "alice",
      "--verb=get,patch,update",
      "--resource=namespaces,resourcequotas",
    ]);
    deployer.run([
      "create",
      "rolebinding",
      "helper-role",
      "-n",
      "alice",
      "--role=helper",
      "--serviceaccount=alice:helper",
    ]);
    const helper = new Client("system:serviceaccount:alice:helper");
    refused(
      "pod security off, by a service account of hers",
      helper.try(loosen),
      /keeps the label pod-security.kubernetes.io\/enforce: restricted/,
    );
    refused(
      "an over-large quota, by a service account of hers",
      helper.try(["replace", "-f", "-"], JSON.stringify(quota("alice", { pods: "61" }))),
      /bounds pods, to 60 at most/,
    );
  });

  test.each(["enforce", "audit", "warn"])("cannot go back to an old version of pod security: %s", (mode) => {
    const label = (value: string) => [
      "label",
      "namespace",
      "alice",
      "--overwrite",
      `pod-security.kubernetes.io/${mode}${value}`,
    ];
    refused(
      `pod security of 2018, to ${mode}`,
      deployer.try(label("-version=v1.0")),
      /labels pod-security.kubernetes.io\/… of an engineer's namespace say restricted, and those of versions latest/,
    );
    refused(
      `pod security of some day, to ${mode}`,
      deployer.try(label("-version=v1.34")),
      /and those of versions latest/,
    );
    expect(deployer.try(label("-version=latest"))).toMatchObject({ ok: true });
    refused(`another level, to ${mode}`, deployer.try(label("=baseline")), /restricted/);
    deployer.run(["label", "namespace", "alice", `pod-security.kubernetes.io/${mode}-version-`]);
  });

  test("routes no other host than hers", () => {
    expect(deployer.tryCreate(route("alice.staging.plue.dev"))).toMatchObject({ ok: true });
    deployer.run(["delete", "httproute", "route", "-n", "alice"]);
    refused(
      "a route for bob's host",
      deployer.tryCreate(route("bob.staging.plue.dev")),
      /routes of this namespace serve alice.staging.plue.dev and nothing else/,
    );
  });

  test("has external-secrets read as nobody but the namespace's own identity", () => {
    const store = (gcpsm: KubernetesObject) => ({
      apiVersion: "external-secrets.io/v1",
      kind: "SecretStore",
      metadata: { name: "store", namespace: "alice" },
      spec: { provider: { gcpsm: { projectID: "plue-staging", ...gcpsm } } },
    });
    const why = /with auth.workloadIdentity of the namespace's service account and nothing else/;
    const workloadIdentity = { serviceAccountRef: { name: "zig-api" } };
    const key = { secretAccessKeySecretRef: { name: "key", key: "json" } };
    refused("a store that reads as the operator", deployer.tryCreate(store({})), why);
    refused(
      "a store with a key beside workload identity",
      deployer.tryCreate(store({ auth: { workloadIdentity, secretRef: key } })),
      why,
    );
    refused(
      "a store with a federation beside workload identity",
      deployer.tryCreate(
        store({
          auth: { workloadIdentity, workloadIdentityFederation: { credConfig: { name: "c", key: "json" } } },
        }),
      ),
      why,
    );
    refused(
      "a store of another cluster",
      deployer.tryCreate(
        store({ auth: { workloadIdentity: { ...workloadIdentity, clusterName: "other" } } }),
      ),
      why,
    );
    refused(
      "a store at an address of hers",
      deployer.tryCreate(store({ auth: { workloadIdentity }, location: "evil.example/" })),
      why,
    );
    expect(deployer.tryCreate(store({ auth: { workloadIdentity } }))).toMatchObject({ ok: true });
    deployer.run(["delete", "secretstore", "store", "-n", "alice"]);
    expect(deployer.may("create", "webhooks.generators.external-secrets.io", "alice")).toBe(false);
    expect(admin.run(["api-resources", "--api-group=external-secrets.io", "-o", "name"])).not.toContain(
      "cluster",
    );
  });

  test("reads no Secret, not even of her own namespace", () =>
    refused("Secrets", deployer.try(["get", "secrets", "-n", "alice"]), /cannot list resource "secrets"/));
});
