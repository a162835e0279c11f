import { API_SERVICE_ACCOUNT, PRODUCTION_NAMESPACE } from "../../stacks/plue/names";
import { PRODUCTION_SIZES } from "../../stacks/plue/production";
import { type Answer, admin, Client, eventually, type KubernetesObject, succeed } from "./support/cluster";
import { Environment } from "./support/environment";
import { simulatedNodes } from "./support/nodes";
import { Platform } from "./support/platform";

/** Production's cluster: what production-app brings, in place of staging-platform. */
const platform = new Platform("production-app");
const production = Environment.ofProduction("1");
const namespace = PRODUCTION_NAMESPACE;
const api = new Client(`system:serviceaccount:${namespace}:${API_SERVICE_ACCOUNT}`);
/** Somebody who may change workloads, and is no administrator. */
const operator = new Client("operator@plue.dev");
const NODES = [
  { name: "large", nodes: 3, sandbox: false },
  { name: "large-sandbox", nodes: 3, sandbox: true },
].flatMap((pool) =>
  simulatedNodes({ ...pool, machineType: PRODUCTION_SIZES.cluster.nodePools.default.machineType }),
);

beforeAll(async () => {
  production.remove();
  new Platform("staging-platform").remove();
  admin.apply(NODES);
  await platform.install();
  succeed(await production.deploy());
  admin.run([
    "create",
    "rolebinding",
    "operators",
    "-n",
    namespace,
    "--clusterrole=edit",
    `--user=${operator.user}`,
  ]);
});

afterAll(async () => {
  production.helm("uninstall", production.release.name, "--wait", "--timeout=120s");
  production.remove();
  platform.remove();
  admin.run(["delete", "node", "-l", "simulated=true", "--ignore-not-found"]);
  await new Platform("staging-platform").install();
});

/** A run, as the API makes it of its template, and otherwise with changes. */
function job(change: (template: KubernetesObject) => void = () => {}): KubernetesObject {
  const template: string = admin.get("configmap", "runner-job", namespace)["data"]["job.json"];
  const made = JSON.parse(template.replaceAll("${TASK_ID}", "t1"));
  change(made.spec.template);
  return made;
}

/** The same run, as a pod without its Job. */
function pod(change: (template: KubernetesObject) => void = () => {}): KubernetesObject {
  const { template } = job(change)["spec"];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...template.metadata, name: "run-t1", namespace },
    spec: template.spec,
  };
}

const denied = (why: string | RegExp): Answer => ({
  ok: false,
  text: typeof why === "string" ? expect.stringContaining(why) : expect.stringMatching(why),
});

describe("production's API, as its service account", () => {
  test("makes a run, and ends it", () => {
    api.create(job());
    api.run(["delete", "job", "run-t1", "-n", namespace]);
    api.create(pod());
    api.run(["delete", "pod", "run-t1", "-n", namespace]);
  });

  const attempts: [string, (template: KubernetesObject) => void, string][] = [
    [
      "as the backup's account",
      ({ spec }) => (spec.serviceAccountName = "repos-backup-0"),
      "have the service account runner",
    ],
    [
      "as itself",
      ({ spec }) => (spec.serviceAccountName = API_SERVICE_ACCOUNT),
      "have the service account runner",
    ],
    [
      "with a token of its account",
      ({ spec }) => (spec.automountServiceAccountToken = true),
      "and no token of it",
    ],
    [
      "of any image",
      ({ spec }) => (spec.containers[0].image = "evil.example/runner:1"),
      "run the runner's image",
    ],
    [
      "of another image of the registry",
      ({ spec }) => (spec.containers[0].image = spec.containers[0].image.replace("/runner@", "/zig-api@")),
      "run the runner's image",
    ],
    [
      "of an image whose name begins as the runner's",
      ({ spec }) =>
        (spec.containers[0].image = spec.containers[0].image.replace("/runner@", "/runner-evil@")),
      "run the runner's image",
    ],
    [
      "with a container before it, of any image",
      ({ spec }) =>
        (spec.initContainers = [{ ...spec.containers[0], name: "before", image: "evil.example/x:1" }]),
      "run the runner's image",
    ],
    ["outside the sandbox", ({ spec }) => (spec.runtimeClassName = undefined), "run in the sandbox"],
    [
      "that network policies take for the API",
      ({ metadata }) => (metadata.labels["app.kubernetes.io/component"] = "api"),
      "have the label app.kubernetes.io/component: runner",
    ],
    [
      "with the repositories",
      ({ spec }) => spec.volumes.push({ name: "repos", persistentVolumeClaim: { claimName: "repos" } }),
      "have temporary volumes",
    ],
    [
      "with the API's keys in its environment",
      ({ spec }) => (spec.containers[0].envFrom = [{ secretRef: { name: "plue-secrets" } }]),
      "of Secrets those of their task",
    ],
    [
      "with one of the API's keys in its environment",
      ({ spec }) =>
        spec.containers[0].env.push({
          name: "KEY",
          valueFrom: { secretKeyRef: { name: "plue-secrets", key: "ANTHROPIC_API_KEY" } },
        }),
      "of Secrets those of their task",
    ],
    [
      "that evicts others",
      ({ spec }) => (spec.priorityClassName = "plue-platform"),
      "have the priority class plue-application",
    ],
    [
      "with break-glass",
      ({ metadata }) => (metadata.labels["image-policy.k8s.io/break-glass"] = "true"),
      "break-glass is for administrators",
    ],
  ];

  test.each(attempts)("makes no pod %s, by itself or by a Job", (_, change, why) => {
    for (const object of [pod(change), job(change)]) expect(api.tryCreate(object)).toEqual(denied(why));
  });

  test.each(["api", "backup"])(
    "changes and ends no pod and no Job that is not a runner: of component %s",
    (component) => {
      const labels = { "app.kubernetes.io/component": component };
      const other = pod();
      const kept = { ...other, metadata: { name: "kept", namespace, labels } };
      admin.create(kept);
      const why = "changes and deletes runners, and nothing else";
      expect(api.try(["delete", "pod", "kept", "-n", namespace])).toEqual(denied(why));
      expect(api.try(["label", "pod", "kept", "app=runner", "-n", namespace])).toEqual(
        denied(/changes and deletes runners|have the label/),
      );
      admin.run(["delete", "pod", "kept", "-n", namespace, "--force", "--grace-period=0"]);
      admin.create({ ...job(), metadata: { name: "kept", namespace, labels } });
      expect(api.try(["delete", "job", "kept", "-n", namespace])).toEqual(denied(why));
      admin.run(["delete", "job", "kept", "-n", namespace]);
    },
  );

  test("makes a task's Secret, and none that would be filled with another account's token", () => {
    const secret = (name: string, type: string, annotations = {}) => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace, annotations },
      type,
    });
    api.create(secret("run-t1", "Opaque"));
    const why = "makes Secrets of tasks (run-…), of type Opaque";
    const of = { "kubernetes.io/service-account.name": "repos-backup-0" };
    expect(api.tryCreate(secret("run-t2", "kubernetes.io/service-account-token", of))).toEqual(denied(why));
    expect(api.tryCreate(secret("plue-secrets-00000000", "Opaque"))).toEqual(denied(why));
    expect(api.may("create", "serviceaccounts/token", namespace)).toBe(false);
  });
});

describe("production's warm pool", () => {
  const waiting = () =>
    admin
      .list("pods", namespace, "-l", "app=runner-standby")
      .filter(({ status }) => status.phase === "Running")
      .map(({ metadata }) => metadata.name as string);
  const full = () => eventually("five that wait", () => (waiting().length === 5 ? waiting() : undefined));
  const patch = (name: string, change: object) =>
    api.try(["patch", "pod", name, "-n", namespace, "--patch", JSON.stringify(change)]);
  /** What the API does when a runner of the pool gets a task. */
  const claim = (name: string, task: string) =>
    patch(name, {
      metadata: { labels: { app: "runner", "plue.dev/task-id": task } },
      spec: { activeDeadlineSeconds: 3600 },
    });
  const ofTask = (task: string) => admin.list("pods", namespace, "-l", `plue.dev/task-id=${task}`);

  test("makes another for each that gets a task, beyond those that wait", async () => {
    const first = await full();
    for (const [task, name] of first.entries()) expect(claim(name, `w${task}`)).toMatchObject({ ok: true });
    const second = await full();
    expect(second.filter((name) => first.includes(name))).toEqual([]);
    for (const [task, name] of first.entries()) {
      const [working] = ofTask(`w${task}`);
      expect(working).toMatchObject({ metadata: { name }, spec: { activeDeadlineSeconds: 3600 } });
      expect(working?.["metadata"].ownerReferences ?? []).toEqual([]);
    }
  });

  test("whoever works is still a runner to network policies, and left alone by an upgrade", async () => {
    const [working] = ofTask("w0");
    const { podSelector } = admin.get("networkpolicy", "runner", namespace)["spec"];
    expect(working?.["metadata"].labels).toMatchObject(podSelector.matchLabels);
    succeed(await Environment.ofProduction("2").deploy());
    expect(ofTask("w0")).toMatchObject([
      { metadata: { uid: working?.["metadata"].uid }, status: { phase: "Running" } },
    ]);
    await full();
  });

  test("ends what the API ends, and makes none in its place", async () => {
    for (const task of ["w0", "w1", "w2", "w3", "w4"]) {
      const [working] = ofTask(task);
      api.run(["delete", "pod", working?.["metadata"].name, "-n", namespace]);
    }
    expect(await full()).toHaveLength(5);
    expect(admin.list("pods", namespace, "-l", "app=runner")).toEqual([]);
  });

  test("by this right the API changes nothing else of a runner, and makes none of another pod", async () => {
    const [runner = ""] = await full();
    expect(patch(runner, { metadata: { labels: { "app.kubernetes.io/component": "api" } } })).toEqual(
      denied("have the label app.kubernetes.io/component: runner"),
    );
    expect(patch(runner, { spec: { containers: [{ name: "runner", image: "evil.example/x:1" }] } })).toEqual(
      denied("run the runner's image"),
    );
    const [serving] = admin.list("pods", namespace, "-l", "app=zig-api");
    expect(claim(serving?.["metadata"].name, "w1")).toEqual(
      denied(
        /changes and deletes runners|in the sandbox|runner's image|service account runner|have the label/,
      ),
    );
  });
});

describe("production's backups", () => {
  const snapshots = Array.from({ length: 7 }, (_, day) => ({
    apiVersion: "snapshot.storage.k8s.io/v1",
    kind: "VolumeSnapshot",
    metadata: { name: `repos-${day}`, namespace },
    spec: { source: { persistentVolumeClaimName: "repos" } },
  }));
  const remove = (client: Client, day: number) =>
    client.try(["delete", "volumesnapshot", `repos-${day}`, "-n", namespace]);
  const backup = (day: number) => new Client(`system:serviceaccount:${namespace}:repos-backup-${day}`);

  beforeAll(() => admin.apply(snapshots));

  test("cannot be deleted by the API", () => {
    for (const { metadata } of snapshots)
      expect(api.try(["delete", "volumesnapshot", metadata.name, "-n", namespace])).toEqual(
        denied("cannot delete resource"),
      );
  });

  test("are replaced by each night's own account, which cannot delete the others", () => {
    const own = snapshots[3] as KubernetesObject;
    for (const day of snapshots.keys())
      if (day !== 3) expect([day, remove(backup(3), day)]).toEqual([day, denied("cannot delete resource")]);
    expect(backup(3).try(["delete", "volumesnapshots", "--all", "-n", namespace])).toEqual(
      denied(/cannot (delete|list)/),
    );
    expect(remove(backup(3), 3)).toMatchObject({ ok: true });
    backup(3).create(own);
    expect(admin.list("volumesnapshots", namespace)).toHaveLength(7);
  });
});

describe("break-glass in production", () => {
  const mark = { "image-policy.k8s.io/break-glass": "true" };
  const marked = (kind: "Pod" | "Deployment" | "CronJob"): KubernetesObject => {
    const made = pod(({ metadata }) => Object.assign(metadata.labels, mark));
    const template = {
      metadata: { labels: made["metadata"].labels },
      spec: { ...made["spec"], restartPolicy: "Always" },
    };
    const selector = { matchLabels: made["metadata"].labels };
    const metadata = { name: "broken", namespace };
    if (kind === "Pod") return { ...made, metadata: { ...made["metadata"], name: "broken" } };
    if (kind === "Deployment")
      return { apiVersion: "apps/v1", kind, metadata, spec: { replicas: 1, selector, template } };
    const once = { ...template, spec: { ...template.spec, restartPolicy: "Never" } };
    return {
      apiVersion: "batch/v1",
      kind,
      metadata,
      spec: { schedule: "0 0 1 1 *", jobTemplate: { spec: { template: once } } },
    };
  };

  test.each(["Pod", "Deployment", "CronJob"] as const)(
    "is refused to who may change workloads: %s",
    (kind) => {
      expect(operator.tryCreate(marked(kind))).toEqual(
        denied("break-glass is for administrators of the cluster"),
      );
    },
  );

  test("is refused on what runs, and what is marked is changed by nobody else", () => {
    const mark = [
      "label",
      "pod",
      "-l",
      "app=zig-api",
      "image-policy.k8s.io/break-glass=true",
      "-n",
      namespace,
    ];
    expect(operator.try(mark)).toEqual(denied("break-glass is for administrators of the cluster"));
    admin.create(marked("Deployment"));
    expect(
      operator.try(["set", "image", "deployment/broken", "runner=evil.example/x:1", "-n", namespace]),
    ).toEqual(denied("break-glass is for administrators of the cluster"));
  });

  test("an administrator has it, and the controllers make the pods", () => {
    admin.run(["rollout", "status", "deployment/broken", "-n", namespace, "--timeout=60s"]);
    admin.create(marked("CronJob"));
    admin.create(marked("Pod"));
    admin.run(["delete", "deployment,cronjob,pod", "broken", "-n", namespace, "--force", "--grace-period=0"]);
  });
});
