import { readdirSync } from "node:fs";
import { GATEWAY, TRUSTED_IMAGES } from "../../stacks/plue/names";
import {
  containersOf,
  describeCharts,
  helmTemplate,
  isHook,
  type Manifest,
  passedBy,
  Rendered,
} from "../support/helm";

const files = ["values.yaml", "values-staging.yaml", "values-production.yaml"];

test("these are all values files that there are", () => {
  expect(
    readdirSync("helm/plue")
      .filter((file) => /^values.*\.yaml$/.test(file))
      .sort(),
  ).toEqual([...files].sort());
});

describeCharts("helm/plue", () => {
  describe.each([
    ...files.map((file) => [file, { chart: "plue", namespace: "example", values: [file] }] as const),
    ["what staging-alice passes", passedBy("staging-alice")] as const,
    ["what production-app passes", passedBy("production-app")] as const,
  ])("with %s", (_, rendering) => {
    const rendered = new Rendered(rendering);
    const name = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`;
    const pods = rendered.pods();
    const containers = pods.flatMap(([owner, pod]) =>
      containersOf(pod).map((container) => [`${owner}: ${container.name}`, container] as const),
    );

    test("every object has the recommended labels and the release's namespace", () => {
      const clusterWide = ["StorageClass", "VolumeSnapshotClass"];
      for (const object of rendered.objects) {
        expect([name(object), object.metadata.labels]).toEqual([
          name(object),
          expect.objectContaining({
            "app.kubernetes.io/name": "plue",
            "app.kubernetes.io/instance": "plue",
            "app.kubernetes.io/version": "1.0.0",
            "app.kubernetes.io/part-of": "plue",
            "app.kubernetes.io/managed-by": "Helm",
            environment: expect.stringMatching(/./),
          }),
        ]);
        if (!clusterWide.includes(object.kind))
          expect([name(object), object.metadata.namespace]).toEqual([name(object), rendering.namespace]);
      }
    });

    test("every image is one that the clusters take", () => {
      const own = [
        "registry.example/",
        "us-central1-docker.pkg.dev/plue-staging/plue/",
        "us-central1-docker.pkg.dev/plue-prod/plue/",
      ];
      const taken = [...own, ...TRUSTED_IMAGES.map((pattern) => pattern.slice(0, -1))];
      for (const [container, { image }] of containers)
        expect([container, image, taken.some((start) => image.startsWith(start))]).toEqual([
          container,
          image,
          true,
        ]);
    });

    test("no two objects have one name, but for the service account that the first migration borrows", () => {
      const names = rendered.objects.map(name);
      const twice = names.filter((one, index) => names.indexOf(one) !== index);
      expect(twice).toEqual(rendered.all("Job").length > 0 ? ["ServiceAccount zig-api"] : []);
    });

    test.each(pods)("%s is as pod security restricted wants it", (_owner, { spec }) => {
      expect(spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: "RuntimeDefault" },
      });
      for (const field of ["hostNetwork", "hostPID", "hostIPC"]) expect(spec[field]).toBeUndefined();
      const allowed = ["configMap", "emptyDir", "persistentVolumeClaim", "projected", "secret"];
      for (const { name: _, ...source } of spec.volumes) expect(allowed).toContain(Object.keys(source)[0]);
      expect(spec.enableServiceLinks).toBe(false);
    });

    test.each(containers)("%s: no privileges, a read-only root, and limits", (_owner, container) => {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      for (const amounts of [container.resources.requests, container.resources.limits])
        expect(Object.keys(amounts).sort()).toEqual(["cpu", "ephemeral-storage", "memory"]);
      for (const { hostPort } of container.ports ?? []) expect(hostPort).toBeUndefined();
    });

    test("every temporary volume is bounded", () => {
      for (const [owner, { spec }] of pods)
        for (const { emptyDir } of spec.volumes)
          if (emptyDir)
            expect([owner, emptyDir.sizeLimit]).toEqual([owner, expect.stringMatching(/^\d+(Mi|Gi)$/)]);
    });

    test("each pod has a network policy of its own, in both directions", () => {
      for (const [owner, { metadata }] of pods) {
        const selecting = rendered
          .all("NetworkPolicy")
          .filter(({ spec }) =>
            Object.entries(spec.podSelector.matchLabels).every(
              ([key, value]) => metadata.labels[key] === value,
            ),
          );
        expect([owner, selecting.map(({ spec }) => spec.policyTypes)]).toEqual([
          owner,
          [["Ingress", "Egress"]],
        ]);
      }
    });

    test("Services, and policies of load balancers, point to what there is", () => {
      for (const { spec } of rendered.all("Service"))
        expect(
          pods.filter(([, { metadata }]) =>
            Object.entries(spec.selector).every(([key, value]) => metadata.labels[key] === value),
          ),
        ).toHaveLength(1);
      for (const policy of [...rendered.all("HealthCheckPolicy"), ...rendered.all("GCPBackendPolicy")])
        rendered.get("Service", policy.spec.targetRef.name);
      for (const route of rendered.all("HTTPRoute"))
        for (const { backendRefs = [] } of route.spec.rules)
          for (const { name: service, port } of backendRefs)
            expect(rendered.get("Service", service).spec.ports[0].port).toBe(port);
    });

    test("pods name service accounts, volumes and Secrets that there are", () => {
      const secrets = rendered.all("ExternalSecret").map(({ spec }) => spec.target.name);
      for (const [, { spec }] of pods) {
        rendered.get("ServiceAccount", spec.serviceAccountName);
        for (const { persistentVolumeClaim, configMap, secret } of spec.volumes) {
          if (persistentVolumeClaim) rendered.get("PersistentVolumeClaim", persistentVolumeClaim.claimName);
          if (configMap) rendered.get("ConfigMap", configMap.name);
          if (secret) expect(secrets).toContain(secret.secretName);
        }
      }
    });

    test("makes no namespace and no Secret", () => {
      expect(rendered.all("Namespace")).toEqual([]);
      expect(rendered.all("Secret")).toEqual([]);
    });

    test("hooks are cleaned up after", () => {
      for (const hook of rendered.objects.filter(isHook))
        expect(hook.metadata.annotations["helm.sh/hook-delete-policy"]).toMatch(
          /^before-hook-creation,hook-succeeded/,
        );
    });
  });

  test.each(["staging-alice", "production-app"])("%s runs every image by its digest", (stack) => {
    const images = new Rendered(passedBy(stack))
      .pods()
      .flatMap(([, { spec }]) => [...(spec.initContainers ?? []), ...spec.containers])
      .map(({ image }: Manifest) => String(image));
    expect(images.filter((image) => !/@sha256:[0-9a-f]{64}$/.test(image))).toEqual([]);
    const names = images.map((image) => image.replace(/^.*\/([^/@:]+)(:[^@]+)?@.*$/, "$1"));
    expect(names).toEqual(expect.arrayContaining(["runner", "ui", "zig-api", "cloud-sql-proxy"]));
  });

  describe("what the two stacks pass", () => {
    test.each([
      ["replicaCount", { replicaCount: "two" }, "at '/replicaCount': got string, want integer"],
      [
        "runner.warmpool.replicas",
        { runner: { warmpool: { replicas: 2 } } },
        "at '/runner': additional properties 'warmpool' not allowed",
      ],
      ["runner.mode", { runner: { mode: "docker" } }, "at '/runner/mode': value must be one of"],
      ["resources", { resources: { limits: { cpu: "lots" } } }, "at '/resources/limits/cpu'"],
      ["route.host", { route: { host: "not a host" } }, "at '/route/host'"],
    ])("is refused with a wrong %s, by its path", (_, wrong, message) => {
      for (const stack of ["staging-alice", "production-app"]) {
        const passed = passedBy(stack);
        const { stdout, stderr } = helmTemplate({ ...passed, values: [...passed.values, wrong] });
        expect(stdout).toBe("");
        expect(stderr).toContain(message);
      }
    });

    test("is refused with more replicas than one disk serves", () => {
      const passed = passedBy("staging-alice");
      const { stderr } = helmTemplate({ ...passed, values: [...passed.values, { replicaCount: 3 }] });
      expect(stderr).toContain("repositories.accessMode is ReadWriteOnce, a disk on one node");
    });
  });

  test("a namespace is made where asked", () => {
    const rendered = new Rendered({
      chart: "plue",
      namespace: "example",
      values: [{ namespace: { create: true } }],
    });
    expect(rendered.get("Namespace", "example").metadata.labels).toMatchObject({
      "pod-security.kubernetes.io/enforce": "restricted",
    });
  });
});

describeCharts("helm/platform", () => {
  test.each(["staging-platform", "production-app"])("renders with what %s passes", (stack) => {
    const rendered = new Rendered(passedBy(stack, "platform"));
    expect(rendered.get("Gateway", GATEWAY.name).metadata.namespace).toBe(GATEWAY.namespace);
    const bounds = rendered
      .all("ValidatingAdmissionPolicy")
      .filter(({ metadata }) => metadata.name.startsWith("plue-engineer-"));
    expect(bounds.length > 0).toBe(stack === "staging-platform");
  });
});
