import { readFileSync } from "node:fs";
import {
  containersOf,
  describeCharts,
  environmentOf,
  type Manifest,
  passedBy,
  Rendered,
  type Rendering,
} from "../support/helm";
import { allows, type Peer } from "../support/network-policy";

// docs/sandbox.md names these tests: a change here is one there.
describeCharts("the sandbox", () => {
  describe.each([
    ["staging-alice", "alice"],
    ["production-app", "production"],
  ])("as %s has it", (stack, namespace) => {
    const release = passedBy(stack);
    const rendered = new Rendered(release);
    const standby = rendered.get("Deployment", "runner-standby-pool").spec.template;
    const [job] = rendered.jobTemplates();
    const run = job.spec.template;
    const runners: [string, Manifest][] = [
      ["a standby runner", standby],
      ["a run", run],
    ];
    const policies = rendered.all("NetworkPolicy");
    const labelsOf = (name: string) => rendered.get("Deployment", name).spec.template.metadata.labels;

    describe.each(runners)("%s", (_, pod) => {
      const [container, ...others] = containersOf(pod);
      const { labels } = pod.metadata;
      const mayReach = (peer: Peer, port: number, protocol?: "UDP") =>
        allows(policies, "Egress", labels, { peer, port, protocol });
      const dns = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } };

      test("runs in gVisor, as the only container", () => {
        expect(pod.spec.runtimeClassName).toBe("gvisor");
        expect(others).toEqual([]);
      });

      test("goes where the runtime class says, the sandbox pool, and claims no place of its own", () => {
        for (const field of ["nodeName", "nodeSelector", "tolerations", "affinity"])
          expect(pod.spec[field]).toBeUndefined();
      });

      test("is not root, writes to its scratch alone, and has no capability", () => {
        expect(pod.spec.securityContext).toMatchObject({
          runAsNonRoot: true,
          runAsUser: 1000,
          seccompProfile: { type: "RuntimeDefault" },
        });
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        expect(container.volumeMounts.map(({ mountPath }: Manifest) => mountPath)).toEqual([
          "/tmp",
          "/workspace",
        ]);
        for (const volume of pod.spec.volumes)
          expect(Object.keys(volume).sort()).toEqual(["emptyDir", "name"]);
      });

      test("has no identity: no token, no role, no Google account", () => {
        expect(pod.spec.automountServiceAccountToken).toBe(false);
        const account = rendered.get("ServiceAccount", pod.spec.serviceAccountName);
        expect(account.metadata.name).toBe("runner");
        expect(account.automountServiceAccountToken).toBe(false);
        expect(account.metadata.annotations).toBeUndefined();
        const subjects = rendered.all("RoleBinding").flatMap((binding) => binding.subjects);
        expect(subjects.length).toBeGreaterThan(0);
        expect(subjects.filter(({ name }: Manifest) => name === "runner")).toEqual([]);
      });

      test("reads no secret of the API, by environment, file or address", () => {
        const environment = environmentOf(container);
        expect(container.envFrom).toBeUndefined();
        for (const variable of ["ANTHROPIC_API_KEY", "DATABASE_URL", "GITHUB_APP_PRIVATE_KEY_FILE"])
          expect(environment).not.toHaveProperty(variable);
        expect(JSON.stringify(pod)).not.toContain("plue-secrets");
      });

      test("asks the model through the API", () => {
        expect(environmentOf(container)["ANTHROPIC_BASE_URL"]).toBe(
          `http://zig-api.${namespace}.svc:4001/internal/model`,
        );
      });

      test("reaches the internet over HTTPS, and nothing else of it", () => {
        expect(mayReach("1.1.1.1", 443)).toBe(true);
        for (const port of [22, 25, 80, 5432])
          expect([port, mayReach("1.1.1.1", port)]).toEqual([port, false]);
        expect(mayReach("1.1.1.1", 443, "UDP")).toBe(false);
      });

      test.each([
        ["the metadata server", "169.254.169.254"],
        ["a node, or the control plane", "10.0.0.2"],
        ["a pod by its address", "10.1.2.3"],
        ["a Service", "10.2.0.1"],
        ["the database", "10.3.0.3"],
        ["10.0.0.0/8", "10.255.255.255"],
        ["172.16.0.0/12", "172.31.255.255"],
        ["192.168.0.0/16", "192.168.1.1"],
        ["100.64.0.0/10", "100.127.255.255"],
        ["link-local addresses", "169.254.1.1"],
      ])("does not reach %s", (_what, address) => {
        for (const port of [53, 80, 443, 988, 3307, 4000, 4001, 5432, 6443, 8080, 10250])
          expect([port, mayReach(address, port)]).toEqual([port, false]);
      });

      test("reaches the API on the port for runners, not where users sign in, and no other pod of the namespace", () => {
        expect(mayReach({ namespace, labels: labelsOf("zig-api") }, 4001)).toBe(true);
        for (const port of [443, 4000, 5432, 9090])
          expect(mayReach({ namespace, labels: labelsOf("zig-api") }, port)).toBe(false);
        for (const other of [labels, labelsOf("ui")])
          for (const port of [4000, 4001]) expect(mayReach({ namespace, labels: other }, port)).toBe(false);
      });

      test("is let in by the API on the port for runners alone, as nobody else is", () => {
        const api = labelsOf("zig-api");
        const lets = (peer: Peer, port: number) => allows(policies, "Ingress", api, { peer, port });
        expect([lets({ namespace, labels }, 4001), lets({ namespace, labels }, 4000)]).toEqual([true, false]);
        for (const peer of ["35.191.0.1", "10.0.0.2", { namespace, labels: labelsOf("ui") }])
          expect([peer, lets(peer, 4001)]).toEqual([peer, false]);
      });

      test("reaches no other namespace, not even an API there", () => {
        for (const port of [53, 443, 4000, 4001])
          expect(mayReach({ namespace: "bob", labels: labelsOf("zig-api") }, port)).toBe(false);
      });

      test("resolves names over UDP and TCP, by the cluster's DNS and the node's cache, and by no other server", () => {
        for (const protocol of ["UDP", undefined] as const) {
          for (const server of [dns, { ...dns, labels: { "k8s-app": "node-local-dns" } }, "169.254.20.10"])
            expect(mayReach(server, 53, protocol)).toBe(true);
          for (const server of ["8.8.8.8", { namespace: "bob", labels: dns.labels }])
            expect(mayReach(server, 53, protocol)).toBe(false);
        }
      });

      test("is reached by nobody, not even the API", () => {
        for (const peer of ["35.191.0.1", "10.0.0.2", { namespace, labels: labelsOf("zig-api") }])
          for (const port of [22, 80, 4000, 8080])
            expect(allows(policies, "Ingress", labels, { peer, port })).toBe(false);
      });

      test("has no lasting name for the cluster's Services in its environment", () => {
        expect(pod.spec.enableServiceLinks).toBe(false);
      });
    });

    test("a standby runner has 1 CPU and 2 GiB", () => {
      const [{ resources }] = standby.spec.containers;
      expect(resources.limits).toMatchObject({ cpu: "1", memory: "2Gi" });
      expect(resources.limits["ephemeral-storage"]).toBeDefined();
    });

    test("a run has 2 CPU, 4 GiB and 10 GiB of scratch, for an hour at most, once", () => {
      const [{ resources }] = run.spec.containers;
      const amounts = { cpu: "2", memory: "4Gi", "ephemeral-storage": "10Gi" };
      expect(resources).toEqual({ requests: amounts, limits: amounts });
      expect(job.spec).toMatchObject({ activeDeadlineSeconds: 3600, backoffLimit: 0 });
      expect(job.spec.ttlSecondsAfterFinished).toBe(600);
      expect(run.spec.restartPolicy).toBe("Never");
      expect(run.metadata.annotations).toEqual({ "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" });
    });

    test("a run is a Job of the release's own namespace, with its task in its name and label", () => {
      expect(job).toMatchObject({ apiVersion: "batch/v1", kind: "Job" });
      expect(job.metadata).toMatchObject({ name: "run-t1", namespace, labels: { "plue.dev/task-id": "t1" } });
      expect(run.metadata.labels).toEqual(job.metadata.labels);
      const [api] = rendered.get("Deployment", "zig-api").spec.template.spec.containers;
      const path = environmentOf(api)["RUNNER_JOB_TEMPLATE"];
      const mount = api.volumeMounts.find(({ mountPath }: Manifest) => path.startsWith(`${mountPath}/`));
      expect([mount.name, path]).toEqual(["runner", "/etc/plue/runner/job.json"]);
    });

    test("a run calls the API by its host, with a token that is for its task alone", () => {
      const token = { secretKeyRef: { name: "run-t1", key: "TASK_TOKEN" } };
      const api = `http://zig-api.${namespace}.svc:4001/internal`;
      expect(environmentOf(run.spec.containers[0])).toEqual({
        MODE: "task",
        TASK_ID: "t1",
        REGISTER_URL: `${api}/runners/register`,
        CALLBACK_URL: `${api}/tasks/t1/stream`,
        TASK_TOKEN: token,
        ANTHROPIC_BASE_URL: `${api}/model`,
        ANTHROPIC_AUTH_TOKEN: token,
        HOME: "/workspace",
      });
    });

    test("a standby runner asks for its task, and holds no credential until it has one", () => {
      expect(environmentOf(standby.spec.containers[0])).toEqual({
        MODE: "standby",
        REGISTER_URL: `http://zig-api.${namespace}.svc:4001/internal/runners/register`,
        ANTHROPIC_BASE_URL: `http://zig-api.${namespace}.svc:4001/internal/model`,
        TASK_DEADLINE_SECONDS: "3600",
        HOME: "/workspace",
      });
    });

    test("the policy selects the labels that runners have, and the pool does not take runs for its own", () => {
      const { podSelector } = rendered.get("NetworkPolicy", "runner").spec;
      for (const [, pod] of runners) expect(pod.metadata.labels).toMatchObject(podSelector.matchLabels);
      const { matchLabels } = rendered.get("Deployment", "runner-standby-pool").spec.selector;
      expect(standby.metadata.labels).toMatchObject(matchLabels);
      expect(run.metadata.labels).not.toMatchObject(matchLabels);
    });

    test("what runners call is on another port than what users reach", () => {
      const [api] = rendered.get("Deployment", "zig-api").spec.template.spec.containers;
      const { PORT, INTERNAL_PORT } = environmentOf(api);
      expect([PORT, INTERNAL_PORT]).toEqual(["4000", "4001"]);
      expect(rendered.get("Service", "zig-api").spec.ports).toContainEqual({
        name: "internal",
        port: 4001,
        targetPort: "internal",
      });
    });

    test("the load balancer has no way to what runners call", () => {
      const ports = rendered
        .all("HTTPRoute")
        .flatMap(({ spec }) => spec.rules)
        .flatMap(({ backendRefs = [] }) => backendRefs.map(({ port }: Manifest) => port));
      expect([...new Set(ports)].sort()).toEqual([3000, 4000]);
      const paths = rendered
        .all("HTTPRoute")
        .flatMap(({ spec }) => spec.rules)
        .filter(({ backendRefs }) => backendRefs?.some(({ name }: Manifest) => name.startsWith("zig-api")))
        .flatMap(({ matches }) => matches.map(({ path }: Manifest) => [path.type, path.value]));
      expect(new Set(paths.map(String))).toEqual(
        new Set(["PathPrefix,/api", "PathPrefix,/git", "Exact,/health"]),
      );
    });
  });
});

describeCharts("the sandbox, switched off", () => {
  const release = passedBy("production-app");
  const inProcess: Rendering = {
    ...release,
    values: [...release.values, { runner: { mode: "in-process" } }],
  };
  const rendered = new Rendered(inProcess);
  const api = rendered.get("Deployment", "zig-api").spec.template;

  test("leaves the API to run agents itself, with no right to Kubernetes left", () => {
    expect(environmentOf(api.spec.containers[0])).toMatchObject({ RUNNER_MODE: "in-process" });
    expect(rendered.find("Deployment", "runner-standby-pool")).toBeUndefined();
    expect(rendered.find("Role", "zig-api")).toBeUndefined();
    expect(rendered.jobTemplates()).toEqual([]);
    expect(JSON.stringify(api)).not.toContain("serviceAccountToken");
    expect(JSON.stringify([api, rendered.get("Service", "zig-api")])).not.toMatch(/internal/i);
    expect(
      allows(rendered.all("NetworkPolicy"), "Egress", api.metadata.labels, { peer: "10.0.0.2", port: 443 }),
    ).toBe(false);
  });
});

describeCharts("the warm pool", () => {
  const pool = (stack: string) => {
    const rendered = new Rendered(passedBy(stack));
    const { spec } = rendered.get("Deployment", "runner-standby-pool");
    const [api] = rendered.get("Deployment", "zig-api").spec.template.spec.containers;
    return { spec, rendered, told: environmentOf(api) };
  };

  test.each([
    ["staging-alice", 2, "4"],
    ["production-app", 5, "20"],
  ])("in %s is %i runners that wait, of at most %s that wait and work", (stack, replicas, limit) => {
    const { spec, told } = pool(stack);
    expect([spec.replicas, told["RUNNER_LIMIT"]]).toEqual([replicas, limit]);
    expect(Number(limit)).toBeGreaterThan(replicas);
  });

  test.each(["staging-alice", "production-app"])(
    "in %s scales by no metric: nothing would serve one",
    (stack) => {
      const { rendered } = pool(stack);
      for (const { spec } of rendered.all("HorizontalPodAutoscaler"))
        expect(spec.metrics.map(({ type }: Manifest) => type)).toEqual(["ContainerResource"]);
      const targets = rendered.all("HorizontalPodAutoscaler").map(({ spec }) => spec.scaleTargetRef.name);
      expect(targets).not.toContain("runner-standby-pool");
    },
  );

  test("knows its own by the label that a runner with a task loses, and which network policies do not know", () => {
    const { spec, rendered } = pool("production-app");
    expect(spec.selector.matchLabels).toMatchObject({ app: "runner-standby" });
    expect(rendered.get("NetworkPolicy", "runner").spec.podSelector.matchLabels).not.toHaveProperty("app");
    const { rules } = rendered.get("Role", "zig-api");
    expect(rules.find(({ resources }: Manifest) => resources.includes("pods")).verbs).toContain("patch");
  });

  test("the API knows how long a task may take, to give a runner of the pool that deadline", () => {
    const { told, rendered } = pool("production-app");
    expect(Number(told["RUNNER_DEADLINE_SECONDS"])).toBe(
      rendered.jobTemplates()[0].spec.activeDeadlineSeconds,
    );
  });

  test("lets a runner that works finish its hour when its node is drained", () => {
    expect(pool("staging-alice").spec.template.spec.terminationGracePeriodSeconds).toBe(60);
    expect(pool("production-app").spec.template.spec.terminationGracePeriodSeconds).toBe(3600);
  });
});

test("docs/sandbox.md names tests that there are", () => {
  const source = readFileSync(__filename, "utf8");
  const [, table = ""] = /## What it stops\n([^#]+)/.exec(readFileSync("docs/sandbox.md", "utf8")) ?? [];
  const named = table
    .split("\n")
    .filter((row) => row.startsWith("| ") && !row.includes("| test |"))
    .flatMap((row) => (row.split("|")[3] ?? "").split(";"))
    .map((name) => name.replace("…", "").trim())
    .filter((name) => !name.startsWith("("));
  expect(named.length).toBeGreaterThan(12);
  for (const name of named) {
    const [, address] = /^does not reach (.*)$/.exec(name) ?? [];
    expect([name, source.includes(address === undefined ? name : `"${address}`)]).toEqual([name, true]);
  }
});
