import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { API_SECRETS, API_SERVICE_ACCOUNT, PRIORITY_CLASSES, STREAMS_SERVICE } from "../../stacks/plue/names";
import {
  containersOf,
  describeCharts,
  environmentOf,
  isHook,
  type Manifest,
  passedBy,
  Rendered,
  type Rendering,
} from "../support/helm";
import { allows, type Peer } from "../support/network-policy";
import { synthesizeStack } from "../support/program";

const also = (stack: string, values: object): Rendered => {
  const passed = passedBy(stack);
  return new Rendered({ ...passed, values: [...passed.values, values] } satisfies Rendering);
};
const hostsOf = (route: Manifest): string[] => route.spec.hostnames;
const rulesOf = (route: Manifest): [paths: string[], service: string][] =>
  route.spec.rules.map(({ matches, backendRefs }: Manifest) => [
    matches.map(({ path }: Manifest) => path.value),
    backendRefs[0].name,
  ]);

describeCharts("the release", () => {
  describe.each([
    ["staging-alice", "alice", "plue_alice", "staging-alice"],
    ["production-app", "production", "plue", "plue-production"],
  ])("as %s installs it", (stack, namespace, database, identity) => {
    const rendered = new Rendered(passedBy(stack));
    const deployment = rendered.get("Deployment", "zig-api");
    const pod = deployment.spec.template;
    const [api] = pod.spec.containers;
    const [proxy] = pod.spec.initContainers;
    const policies = rendered.all("NetworkPolicy");
    const mayReach = (peer: Peer, port: number, labels = pod.metadata.labels) =>
      allows(policies, "Egress", labels, { peer, port });
    const mayBeReachedBy = (peer: Peer, port: number) =>
      allows(policies, "Ingress", pod.metadata.labels, { peer, port });
    const labelsOf = (name: string) => rendered.get("Deployment", name).spec.template.metadata.labels;

    describe("the API", () => {
      test("is found by the label that people select by", () => {
        expect(deployment.metadata.labels["app"]).toBe("zig-api");
        expect(pod.metadata.labels["app"]).toBe("zig-api");
      });

      test("listens on port 4000, and is ready, alive and started when /health says so", () => {
        expect(api.ports).toContainEqual({ name: "http", containerPort: 4000 });
        expect(rendered.get("Service", "zig-api").spec.ports).toContainEqual({
          name: "http",
          port: 4000,
          targetPort: "http",
        });
        for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"])
          expect([probe, api[probe].httpGet]).toEqual([probe, { path: "/health", port: "http" }]);
        // Two minutes to start in, during which nothing kills it; then a minute of silence.
        expect(api.startupProbe.periodSeconds * api.startupProbe.failureThreshold).toBe(120);
        expect(api.livenessProbe.periodSeconds * api.livenessProbe.failureThreshold).toBe(60);
      });

      test("knows its database, how to run agents, and how much to log, and has no configuration elsewhere", () => {
        expect(environmentOf(api)).toMatchObject({
          PORT: "4000",
          DATABASE_URL: `postgresql://${identity}%40${stack === "production-app" ? "plue-prod" : "plue-staging"}.iam@127.0.0.1:5432/${database}?sslmode=disable`,
          RUNNER_MODE: "kubernetes",
          RUNNER_NAMESPACE: namespace,
          LOG_LEVEL: stack === "production-app" ? "info" : "debug",
        });
        expect(api.envFrom).toBeUndefined();
      });

      test("sends traces to Google, of every request in staging and of one in twenty in production", () => {
        expect(environmentOf(api)).toMatchObject({
          OTEL_EXPORTER_OTLP_ENDPOINT: "https://telemetry.googleapis.com",
          OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
          OTEL_TRACES_SAMPLER_ARG: stack === "production-app" ? "0.05" : "1",
          OTEL_RESOURCE_ATTRIBUTES: expect.stringContaining(`k8s.namespace.name=${namespace},`),
        });
      });

      test("has its Google identity, and the class of applications, which evict nothing", () => {
        const account = rendered.get("ServiceAccount", API_SERVICE_ACCOUNT);
        expect(pod.spec.serviceAccountName).toBe(API_SERVICE_ACCOUNT);
        expect(account.metadata.annotations["iam.gke.io/gcp-service-account"]).toMatch(
          new RegExp(`^${identity}@plue-(staging|prod)\\.iam\\.gserviceaccount\\.com$`),
        );
        for (const [owner, { spec }] of rendered.pods())
          expect([owner, spec.priorityClassName]).toEqual([owner, PRIORITY_CLASSES.application]);
      });

      test("stops after the load balancer has stopped sending to it, and after its streams have had their time", () => {
        const { default: backend } = rendered.get("GCPBackendPolicy", "zig-api").spec;
        const preStop = api.lifecycle.preStop.sleep.seconds;
        expect(preStop).toBe(15);
        expect(pod.spec.terminationGracePeriodSeconds).toBeGreaterThan(
          preStop + backend.connectionDraining.drainingTimeoutSec,
        );
      });

      test("may stream for an hour", () => {
        for (const service of ["zig-api", STREAMS_SERVICE])
          expect(rendered.get("GCPBackendPolicy", service).spec.default.timeoutSec).toBe(3600);
      });

      test("is behind two backends, which differ in what the load balancer counts for them and nothing else", () => {
        for (const kind of ["GCPBackendPolicy", "HealthCheckPolicy"]) {
          const [one, other] = ["zig-api", STREAMS_SERVICE].map((name) => rendered.get(kind, name).spec);
          expect(other).toEqual({ ...one, targetRef: { ...one.targetRef, name: STREAMS_SERVICE } });
        }
        const [one, other] = ["zig-api", STREAMS_SERVICE].map((name) => rendered.get("Service", name).spec);
        expect(other.selector).toEqual(one.selector);
        expect(one.ports).toEqual(expect.arrayContaining(other.ports));
      });

      test("is spread over zones, each version by itself", () => {
        const [zone, node] = pod.spec.topologySpreadConstraints;
        expect(zone).toMatchObject({
          topologyKey: "topology.kubernetes.io/zone",
          maxSkew: 1,
          whenUnsatisfiable: "DoNotSchedule",
          matchLabelKeys: ["pod-template-hash"],
        });
        expect(node).toMatchObject({
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
        });
        for (const { labelSelector } of [zone, node])
          expect(pod.metadata.labels).toMatchObject(labelSelector.matchLabels);
      });
    });

    describe("the Kubernetes API", () => {
      test("is open to zig-api for runners: to create, watch, change and delete them and to read their logs, in its namespace", () => {
        expect(rendered.get("Role", "zig-api").rules).toEqual([
          { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "delete", "get", "list", "watch"] },
          {
            apiGroups: [""],
            resources: ["pods"],
            verbs: ["create", "delete", "get", "list", "patch", "watch"],
          },
          { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
          { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
        ]);
        const { roleRef, subjects } = rendered.get("RoleBinding", "zig-api");
        expect(roleRef).toMatchObject({ kind: "Role", name: "zig-api" });
        expect(subjects).toEqual([{ kind: "ServiceAccount", name: "zig-api", namespace }]);
        expect([...rendered.all("ClusterRole"), ...rendered.all("ClusterRoleBinding")]).toEqual([]);
      });

      test("has its token mounted into that one container, not into the proxy's", () => {
        const mount = "/var/run/secrets/kubernetes.io/serviceaccount";
        const mounts = (container: Manifest) =>
          (container.volumeMounts ?? []).map(({ mountPath }: Manifest) => mountPath);
        expect(pod.spec.automountServiceAccountToken).toBe(false);
        expect(mounts(api)).toContain(mount);
        expect(mounts(proxy)).not.toContain(mount);
        const { sources } = pod.spec.volumes.find(({ name }: Manifest) => name === "kubernetes").projected;
        expect(sources.map((source: object) => Object.keys(source)[0])).toEqual([
          "serviceAccountToken",
          "configMap",
          "downwardAPI",
        ]);
      });

      test("is reached by zig-api alone of all that serves users or runs their code", () => {
        for (const [owner, { metadata }] of rendered.pods()) {
          const component = metadata.labels["app.kubernetes.io/component"];
          const reaches = mayReach("10.0.0.2", 443, metadata.labels);
          expect([owner, reaches]).toEqual([owner, component === "api" || component === "backup"]);
        }
      });

      test("is where the policy looks for it: in the cluster's subnet", () => {
        const base = synthesizeStack(stack === "production-app" ? "production" : "staging-base");
        const [subnet] = Object.values(base.resources("google_compute_subnetwork"));
        const { controlPlaneRanges } = parse(readFileSync("helm/plue/values.yaml", "utf8")).networkPolicy;
        expect(controlPlaneRanges).toEqual([subnet?.["ip_cidr_range"]]);
      });
    });

    describe("the API's network", () => {
      test("lets in the load balancer and the UI on its port, runners on theirs, and each on no other", () => {
        const welcome: [Peer, number][] = [
          ["35.191.0.1", 4000],
          ["130.211.0.1", 4000],
          [{ namespace, labels: labelsOf("ui") }, 4000],
          [{ namespace, labels: labelsOf("runner-standby-pool") }, 4001],
        ];
        for (const [peer, its] of welcome)
          for (const port of [4000, 4001, 5432, 9090])
            expect([peer, port, mayBeReachedBy(peer, port)]).toEqual([peer, port, port === its]);
      });

      test("keeps out everybody else", () => {
        const strangers: Peer[] = [
          "1.1.1.1",
          "10.0.0.2",
          { namespace: "bob", labels: labelsOf("ui") },
          { namespace: "bob", labels: labelsOf("runner-standby-pool") },
        ];
        for (const peer of strangers)
          for (const port of [4000, 4001]) expect(mayBeReachedBy(peer, port)).toBe(false);
      });

      test("lets out to the database by the proxy's port, to the internet by HTTPS, and to its identity", () => {
        expect(mayReach("10.3.0.3", 3307)).toBe(true);
        expect(mayReach("1.1.1.1", 443)).toBe(true);
        expect(mayReach("169.254.169.254", 80)).toBe(true);
        expect(mayReach({ namespace: "kube-system", labels: { "k8s-app": "kube-dns" } }, 53)).toBe(true);
        for (const [address, port] of [
          ["10.3.0.3", 5432],
          ["10.3.0.4", 3307],
          ["10.2.0.1", 443],
          ["10.1.2.3", 443],
          ["1.1.1.1", 80],
        ] as const)
          expect([address, port, mayReach(address, port)]).toEqual([address, port, false]);
      });
    });

    describe("secrets", () => {
      const secretName = rendered.get("ExternalSecret", "plue-secrets").spec.target.name;

      test("come from Secret Manager, read as the API's own identity", () => {
        const { spec } = rendered.get("SecretStore", "secret-manager");
        expect(spec.provider.gcpsm.auth).toEqual({
          workloadIdentity: { serviceAccountRef: { name: API_SERVICE_ACCOUNT } },
        });
        const external = rendered.get("ExternalSecret", "plue-secrets");
        expect(external.apiVersion).toBe("external-secrets.io/v1");
        expect(secretName).toMatch(/^plue-secrets-[0-9a-f]{8}$/);
        expect(external.spec.secretStoreRef).toEqual({ kind: "SecretStore", name: "secret-manager" });
        expect(
          Object.fromEntries(
            external.spec.data.map(({ secretKey, remoteRef }: Manifest) => [secretKey, remoteRef.key]),
          ),
        ).toEqual(API_SECRETS);
      });

      test("are read in the version that the configuration names, never in the latest", () => {
        const external = rendered.get("ExternalSecret", "plue-secrets");
        for (const { remoteRef } of external.spec.data)
          expect(remoteRef).toEqual({ key: remoteRef.key, version: "1" });
      });

      test("of another version have another name, so that pods wait for them instead of starting with the old", () => {
        const next = also(stack, { secrets: { versions: { "anthropic-api-key": 2 } } });
        const external = next.get("ExternalSecret", "plue-secrets").spec;
        expect(
          external.data.map(({ remoteRef }: Manifest) => [remoteRef.key, remoteRef.version]),
        ).toContainEqual(["anthropic-api-key", "2"]);
        expect(external.target.name).not.toBe(secretName);
        const [container] = next.get("Deployment", "zig-api").spec.template.spec.containers;
        expect(environmentOf(container)["ANTHROPIC_API_KEY"].secretKeyRef.name).toBe(external.target.name);
      });

      test("without a version are refused", () => {
        const values = { secrets: { environment: { OTHER_KEY: "other-key" } } };
        expect(() => also(stack, values)).toThrow("secrets.versions has no version of other-key");
      });

      test("the model's key is in the API's environment alone", () => {
        expect(environmentOf(api)["ANTHROPIC_API_KEY"]).toEqual({
          secretKeyRef: { name: secretName, key: "ANTHROPIC_API_KEY" },
        });
        const holders = rendered
          .pods()
          .filter(([, { spec }]) => JSON.stringify(spec).includes("ANTHROPIC_API_KEY"))
          .map(([owner]) => owner);
        expect(holders).toEqual(["Deployment zig-api"]);
      });

      test("the GitHub App's key is a file, whose path the API is told, and no environment variable", () => {
        const path = environmentOf(api)["GITHUB_APP_PRIVATE_KEY_FILE"];
        expect(path).toBe("/etc/plue/secrets/github-app-private-key");
        expect(api.volumeMounts).toContainEqual({
          name: "secrets",
          mountPath: "/etc/plue/secrets",
          readOnly: true,
        });
        expect(pod.spec.volumes).toContainEqual({
          name: "secrets",
          secret: {
            secretName,
            defaultMode: 0o440,
            items: [{ key: "GITHUB_APP_PRIVATE_KEY_FILE", path: "github-app-private-key" }],
          },
        });
      });
    });

    describe("the database proxy", () => {
      test("is a native sidecar: there before the API, and until after it", () => {
        expect([proxy.name, proxy.restartPolicy]).toEqual(["cloud-sql-proxy", "Always"]);
      });

      test("logs in by IAM over the private address, and listens where nobody but the pod can connect", () => {
        expect(proxy.args).toEqual(
          expect.arrayContaining(["--auto-iam-authn", "--private-ip", "--address=127.0.0.1", "--port=5432"]),
        );
      });

      test("has probes of its own", () => {
        expect(proxy.args).toEqual(
          expect.arrayContaining(["--health-check", "--http-address=0.0.0.0", "--http-port=9090"]),
        );
        expect(proxy.startupProbe.httpGet).toEqual({ path: "/startup", port: 9090 });
        expect(proxy.livenessProbe.httpGet).toEqual({ path: "/liveness", port: 9090 });
      });

      test("is what `kubectl port-forward svc/cloud-sql-proxy 5432:5432` finds: a pod of the API, and the proxy's port in it", () => {
        const { spec } = rendered.get("Service", "cloud-sql-proxy");
        // A number: kubectl looks port names up among containers, and the proxy is an init container.
        expect(spec.ports).toEqual([{ name: "postgres", port: 5432, targetPort: 5432 }]);
        expect(spec.clusterIP).toBe("None");
        expect(pod.metadata.labels).toMatchObject(spec.selector);
      });
    });

    describe("the migration", () => {
      const hooks = rendered.objects.filter(isHook);
      const hook = (kind: string) => hooks.find((object) => object.kind === kind);
      const annotations = (kind: string) => hook(kind)?.metadata.annotations;
      const job = hook("Job");

      test("runs before the pods that need it, on install and upgrade, and its failure stops the release", () => {
        expect(annotations("Job")).toMatchObject({ "helm.sh/hook": "pre-install,pre-upgrade" });
        expect(job.spec.template.spec.restartPolicy).toBe("Never");
        expect(job.spec.backoffLimit).toBe(3);
      });

      test("has a deadline within the release's own", () => {
        const [{ timeout }] = Object.entries(synthesizeStack(stack).resources("helm_release"))
          .filter(([id]) => id === "release" || id === "staging_release")
          .map(([, release]) => release) as [Manifest];
        expect(job.spec.activeDeadlineSeconds).toBe(300);
        expect(job.spec.activeDeadlineSeconds).toBeLessThan(timeout);
      });

      test("finds on the first install what it needs, of which the release has nothing yet", () => {
        const needs = ["ServiceAccount", "NetworkPolicy"];
        for (const kind of needs)
          expect(Number(annotations(kind)["helm.sh/hook-weight"])).toBeLessThan(
            Number(annotations("Job")["helm.sh/hook-weight"]),
          );
        expect(hook("ServiceAccount").metadata.name).toBe(job.spec.template.spec.serviceAccountName);
        expect(hooks.map(({ kind }) => kind).sort()).toEqual(["Job", ...needs].sort());
        const named = JSON.stringify(job.spec.template.spec);
        for (const kind of ["secretKeyRef", "persistentVolumeClaim", "configMap"])
          expect(named).not.toContain(kind);
      });

      test("is the API to Google and to the database", () => {
        expect(job.spec.template.spec.serviceAccountName).toBe(API_SERVICE_ACCOUNT);
        expect(hook("ServiceAccount").metadata.annotations["iam.gke.io/gcp-service-account"]).toBe(
          rendered.get("ServiceAccount", API_SERVICE_ACCOUNT).metadata.annotations[
            "iam.gke.io/gcp-service-account"
          ],
        );
        const [container] = job.spec.template.spec.containers;
        expect(environmentOf(container)["DATABASE_URL"]).toBe(environmentOf(api)["DATABASE_URL"]);
        expect([container.image, container.args]).toEqual([api.image, ["migrate"]]);
        const [proxy, wait] = job.spec.template.spec.initContainers;
        expect([proxy]).toEqual(pod.spec.initContainers);
        expect(environmentOf(wait)["DATABASE_URL"]).toBe(environmentOf(api)["DATABASE_URL"]);
      });

      test("waits for the database's rights, and gives up while its log can still be read", () => {
        const [, wait] = job.spec.template.spec.initContainers;
        expect(wait.restartPolicy).toBeUndefined();
        const tries = Number(/^tries=(\d+)$/m.exec(wait.command[2])?.[1]);
        const pause = Number(/sleep (\d+)/.exec(wait.command[2])?.[1]);
        expect(tries * pause).toBeGreaterThan(120);
        expect(tries * pause).toBeLessThan(job.spec.activeDeadlineSeconds);
      });

      test("does not touch the running API's service account on an upgrade, and leaves none that blocks an install", () => {
        expect(annotations("ServiceAccount")).toMatchObject({
          "helm.sh/hook": "pre-install",
          "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded,hook-failed",
          "meta.helm.sh/release-name": "plue",
          "meta.helm.sh/release-namespace": namespace,
        });
      });

      test("reaches the database and Google, is reached by nobody, and does not reach Kubernetes", () => {
        const { labels } = job.spec.template.metadata;
        expect(mayReach("10.3.0.3", 3307, labels)).toBe(true);
        expect(mayReach("1.1.1.1", 443, labels)).toBe(true);
        expect(mayReach("10.0.0.2", 443, labels)).toBe(false);
        expect(allows(policies, "Ingress", labels, { peer: "35.191.0.1", port: 4000 })).toBe(false);
      });

      test("is none of the Services' pods", () => {
        for (const { spec } of rendered.all("Service"))
          expect(job.spec.template.metadata.labels).not.toMatchObject(spec.selector);
      });
    });

    describe("the UI", () => {
      const ui = rendered.get("Deployment", "ui").spec.template;

      test("listens on port 3000, and is taken out of service only when it does not", () => {
        const [container] = ui.spec.containers;
        expect(container.ports).toEqual([{ name: "http", containerPort: 3000 }]);
        for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"])
          expect(container[probe].tcpSocket).toEqual({ port: "http" });
        expect(environmentOf(container)["API_URL"]).toBe(`http://zig-api.${namespace}.svc:4000`);
      });

      test("has no identity and no secret, and reaches the API alone", () => {
        expect(rendered.get("ServiceAccount", "ui").metadata.annotations).toBeUndefined();
        expect(containersOf(ui)).toHaveLength(1);
        const { labels } = ui.metadata;
        expect(mayReach({ namespace, labels: pod.metadata.labels }, 4000, labels)).toBe(true);
        for (const address of ["1.1.1.1", "10.3.0.3", "10.0.0.2", "169.254.169.254"])
          for (const port of [80, 443, 3307]) expect(mayReach(address, port, labels)).toBe(false);
        expect(allows(policies, "Ingress", labels, { peer: "35.191.0.1", port: 3000 })).toBe(true);
      });
    });

    test("UI and API are behind one route, on the shared Gateway over HTTPS", () => {
      const route = rendered.get("HTTPRoute", "plue");
      expect(route.spec.parentRefs).toEqual([{ name: "plue", namespace: "gateway", sectionName: "https" }]);
      expect(rulesOf(route)).toEqual([
        [["/api", "/git"], "zig-api-streams"],
        [["/api", "/health"], "zig-api"],
        [["/"], "ui"],
      ]);
    });

    test("the load balancer asks /health of the API, and whether the UI listens", () => {
      expect(rendered.get("HealthCheckPolicy", "zig-api").spec.default.config).toEqual({
        type: "HTTP",
        httpHealthCheck: { requestPath: "/health", port: 4000 },
      });
      expect(rendered.get("HealthCheckPolicy", "ui").spec.default.config).toEqual({
        type: "TCP",
        tcpHealthCheck: { port: 3000 },
      });
    });

    test("there is no Ingress beside it", () => expect(rendered.all("Ingress")).toEqual([]));
  });
});

describeCharts("helm/plue in staging", () => {
  const rendered = new Rendered(passedBy("staging-alice"));
  const { spec } = rendered.get("Deployment", "zig-api");

  test("is one API pod and one UI pod that do not scale, without budgets that would block a drain", () => {
    expect([spec.replicas, rendered.get("Deployment", "ui").spec.replicas]).toEqual([1, 1]);
    expect([...rendered.all("HorizontalPodAutoscaler"), ...rendered.all("PodDisruptionBudget")]).toEqual([]);
  });

  test("serves the engineer's own host, and no other", () => {
    expect(rendered.all("HTTPRoute").map(hostsOf)).toEqual([["alice.staging.plue.dev"]]);
  });

  test("keeps repositories on a disk, and so replaces the pod before it makes the next: the disk is on one node", () => {
    const claim = rendered.get("PersistentVolumeClaim", "repos");
    expect(claim.spec).toEqual({
      accessModes: ["ReadWriteOnce"],
      storageClassName: "standard-rwo",
      resources: { requests: { storage: "5Gi" } },
    });
    expect(spec.strategy).toEqual({ type: "Recreate" });
    expect(spec.template.spec.containers[0].volumeMounts).toContainEqual({
      name: "repos",
      mountPath: "/repos",
    });
  });

  test("goes with its namespace: nothing is kept, nothing is backed up, nothing is cluster-wide", () => {
    expect(rendered.get("PersistentVolumeClaim", "repos").metadata.annotations).toBeUndefined();
    for (const kind of ["CronJob", "StorageClass", "VolumeSnapshotClass"])
      expect(rendered.all(kind)).toEqual([]);
  });

  test("fits the smallest nodes: no pod requests more than a third of an e2-medium, but in the sandbox", () => {
    for (const [owner, pod] of rendered.pods()) {
      if (pod.spec.runtimeClassName) continue;
      const cpu = containersOf(pod).reduce(
        (sum, { resources }) => sum + Number.parseInt(resources.requests.cpu, 10),
        0,
      );
      expect([owner, cpu <= 940 / 3]).toEqual([owner, true]);
    }
  });
});

describeCharts("helm/plue in production", () => {
  const rendered = new Rendered(passedBy("production-app"));
  const { spec } = rendered.get("Deployment", "zig-api");
  const claim = rendered.get("PersistentVolumeClaim", "repos");

  test("is three API pods and up to ten, by the CPU of the API's own container", () => {
    expect(spec.replicas).toBeUndefined();
    expect(rendered.get("HorizontalPodAutoscaler", "zig-api").spec).toMatchObject({
      scaleTargetRef: { kind: "Deployment", name: "zig-api" },
      minReplicas: 3,
      maxReplicas: 10,
      metrics: [
        {
          type: "ContainerResource",
          containerResource: {
            container: "zig-api",
            name: "cpu",
            target: { type: "Utilization", averageUtilization: 70 },
          },
        },
      ],
    });
  });

  test("rolls without a gap, and drains one pod at a time", () => {
    for (const name of ["zig-api", "ui"]) {
      expect(rendered.get("Deployment", name).spec.strategy).toEqual({
        type: "RollingUpdate",
        rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
      });
      const budget = rendered.get("PodDisruptionBudget", name).spec;
      expect(budget).toMatchObject({ maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" });
      expect(rendered.get("Deployment", name).spec.template.metadata.labels).toMatchObject(
        budget.selector.matchLabels,
      );
    }
    expect(rendered.get("Deployment", "ui").spec.replicas).toBe(2);
  });

  test("lets streams end by themselves for an hour, the longest that Google drains", () => {
    expect(rendered.get("GCPBackendPolicy", "zig-api").spec.default.connectionDraining).toEqual({
      drainingTimeoutSec: 3600,
    });
    expect(spec.template.spec.terminationGracePeriodSeconds).toBe(3630);
  });

  test("serves UI and API on plue.dev, the API alone on api.plue.dev, and sends www.plue.dev on", () => {
    expect(hostsOf(rendered.get("HTTPRoute", "plue"))).toEqual(["plue.dev"]);
    const api = rendered.get("HTTPRoute", "zig-api");
    expect([hostsOf(api), rulesOf(api)]).toEqual([
      ["api.plue.dev"],
      [
        [["/api", "/git"], "zig-api-streams"],
        [["/api", "/health"], "zig-api"],
      ],
    ]);
    const redirect = rendered.get("HTTPRoute", "redirect");
    expect(hostsOf(redirect)).toEqual(["www.plue.dev"]);
    expect(redirect.spec.rules).toEqual([
      {
        filters: [{ type: "RequestRedirect", requestRedirect: { hostname: "plue.dev", statusCode: 301 } }],
      },
    ]);
    for (const route of rendered.all("HTTPRoute")) expect(route.spec.parentRefs[0].sectionName).toBe("https");
  });

  test("keeps repositories on a file share of several zones, in the cluster's network", () => {
    expect(claim.spec).toEqual({
      accessModes: ["ReadWriteMany"],
      storageClassName: "plue-repositories",
      resources: { requests: { storage: "1024Gi" } },
    });
    expect(rendered.get("StorageClass", "plue-repositories")).toMatchObject({
      provisioner: "filestore.csi.storage.gke.io",
      parameters: { tier: "regional", network: "plue-vpc", "connect-mode": "PRIVATE_SERVICE_ACCESS" },
      allowVolumeExpansion: true,
    });
    expect(spec.template.spec.securityContext).toMatchObject({
      fsGroup: 1000,
      fsGroupChangePolicy: "OnRootMismatch",
    });
  });

  test("keeps repositories when the release is uninstalled, and their data when the claim is deleted", () => {
    expect(claim.metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
    expect(rendered.get("StorageClass", "plue-repositories").reclaimPolicy).toBe("Retain");
  });

  test("backs repositories up each night, and keeps a week", () => {
    const jobs = rendered.all("CronJob");
    expect(jobs.map(({ spec: { schedule } }) => schedule)).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((d) => `0 3 * * ${d}`),
    );
    const files = rendered.get("ConfigMap", "repos-backup").data;
    for (const [day, job] of jobs.entries()) {
      const pod = job.spec.jobTemplate.spec.template.spec;
      expect(pod.initContainers[0].args).toEqual([
        "delete",
        "volumesnapshot",
        `repos-${day}`,
        "--ignore-not-found",
      ]);
      expect(pod.containers[0].args).toEqual(["create", `--filename=/etc/plue/backup/snapshot-${day}.json`]);
      expect(JSON.parse(files[`snapshot-${day}.json`])).toEqual({
        apiVersion: "snapshot.storage.k8s.io/v1",
        kind: "VolumeSnapshot",
        metadata: { name: `repos-${day}`, namespace: "production" },
        spec: {
          volumeSnapshotClassName: "plue-repositories",
          source: { persistentVolumeClaimName: claim.metadata.name },
        },
      });
    }
    expect(rendered.get("VolumeSnapshotClass", "plue-repositories")).toMatchObject({
      driver: "filestore.csi.storage.gke.io",
      parameters: { type: "backup" },
    });
  });

  test("lets each night's job end the backup that it replaces, and no other", () => {
    const snapshots = { apiGroups: ["snapshot.storage.k8s.io"], resources: ["volumesnapshots"] };
    for (const [day, job] of rendered.all("CronJob").entries()) {
      const account = job.spec.jobTemplate.spec.template.spec.serviceAccountName;
      expect(account).toBe(`repos-backup-${day}`);
      expect(rendered.get("ServiceAccount", account).metadata.annotations).toBeUndefined();
      expect(rendered.get("RoleBinding", account)).toMatchObject({
        roleRef: { kind: "Role", name: account },
        subjects: [{ kind: "ServiceAccount", name: account, namespace: "production" }],
      });
      expect(rendered.get("Role", account).rules).toEqual([
        { ...snapshots, resourceNames: [`repos-${day}`], verbs: ["delete", "get", "list", "watch"] },
        { ...snapshots, verbs: ["create"] },
      ]);
    }
  });
});

describeCharts("helm/plue in a cluster without the shared Gateway", () => {
  const rendered = also("production-app", {
    route: { enabled: false },
    ingress: {
      enabled: true,
      className: "nginx",
      annotations: { "cert-manager.io/cluster-issuer": "letsencrypt-prod" },
      tlsSecretName: "plue-tls",
    },
  });

  test("has an Ingress with the same paths instead", () => {
    expect(rendered.all("HTTPRoute")).toEqual([]);
    const { metadata, spec } = rendered.get("Ingress", "plue");
    expect(metadata.annotations).toEqual({ "cert-manager.io/cluster-issuer": "letsencrypt-prod" });
    expect(spec.ingressClassName).toBe("nginx");
    expect(spec.tls).toEqual([{ hosts: ["plue.dev"], secretName: "plue-tls" }]);
    expect(
      spec.rules[0].http.paths.map(({ path, backend }: Manifest) => [path, backend.service.name]),
    ).toEqual([
      ["/api", "zig-api"],
      ["/git", "zig-api"],
      ["/health", "zig-api"],
      ["/", "ui"],
    ]);
  });
});
