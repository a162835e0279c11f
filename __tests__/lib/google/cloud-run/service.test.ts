import type { TerraformProvider } from "cdktf";
import type { CloudRunServiceProps } from "../../../../lib/google/cloud-run/props";
import { CloudRunService } from "../../../../lib/google/cloud-run/service";
import { Networking } from "../../../../lib/google/networking";
import { imageOf, runIdentity, SERVICE, serviceOf, synthesizeRun } from "../../../support/cloud-run";

describe("CloudRunService", () => {
  test("is by default internal, called by nobody, billed by request, and without a minimum", () => {
    const { stack, resource, container } = serviceOf();
    expect(resource).toMatchObject({
      project: "acme-prod",
      location: "us-central1",
      name: "shop-api",
      ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY",
      invoker_iam_disabled: false,
      deletion_protection: false,
      traffic: [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100 }],
    });
    expect(resource).not.toHaveProperty("scaling");
    expect(resource["lifecycle"]).toEqual({ ignore_changes: ["client", "client_version", "scaling"] });
    expect(resource["template"]).toMatchObject({
      service_account: "shop-api@acme",
      timeout: "300s",
      max_instance_request_concurrency: 80,
      scaling: { max_instance_count: 10 },
    });
    expect(resource["template"]).not.toHaveProperty("vpc_access");
    expect(resource["template"]).not.toHaveProperty("volumes");
    expect(container).toEqual({
      image: imageOf("a"),
      ports: { name: "http1", container_port: 8080 },
      resources: { limits: { cpu: "1", memory: "512Mi" }, cpu_idle: true, startup_cpu_boost: false },
      startup_probe: {
        initial_delay_seconds: 0,
        period_seconds: 10,
        timeout_seconds: 1,
        failure_threshold: 3,
        http_get: { path: "/health", port: 8080 },
      },
    });
    expect(stack.addresses).toEqual(["google_cloud_run_v2_service.api"]);
  });

  test("has the sizes, times and program that it is given", () => {
    const { resource, container } = serviceOf({
      command: ["/app/server"],
      args: ["--verbose"],
      cpu: 2,
      memory: "1Gi",
      cpuIdle: false,
      startupCpuBoost: true,
      concurrency: 250,
      timeoutSeconds: 3600,
      minInstances: 1,
      maxInstances: 100,
    });
    expect(container).toMatchObject({
      command: ["/app/server"],
      args: ["--verbose"],
      resources: { limits: { cpu: "2", memory: "1Gi" }, cpu_idle: false, startup_cpu_boost: true },
    });
    expect(resource["template"]).toMatchObject({
      timeout: "3600s",
      max_instance_request_concurrency: 250,
      // Of the revision there is no minimum, which would keep each one with a tag warm.
      scaling: { max_instance_count: 100 },
    });
    expect(resource["scaling"]).toEqual({ min_instance_count: 1 });
    expect(resource["lifecycle"]).toEqual({ ignore_changes: ["client", "client_version"] });
  });

  test("is protected twice", () => {
    const { resource } = serviceOf({ deletionProtection: true });
    expect(resource["deletion_protection"]).toBe(true);
    expect(resource["lifecycle"].prevent_destroy).toBe(true);
  });

  test("is labelled", () => {
    expect(serviceOf({ labels: { environment: "prod" } }).resource["labels"]).toEqual({
      environment: "prod",
    });
  });

  test("waits for what its identity is granted", () => {
    const stack = synthesizeRun((stack) => {
      const network = new Networking(stack, "network", {
        projectId: "acme-prod",
        region: "us-central1",
        name: "acme",
        subnets: { run: { cidr: "10.2.0.0/26" } },
      });
      const grants = [network.node.findChild("Resource") as never];
      new CloudRunService(stack, "api", { ...SERVICE, identity: { ...SERVICE.identity, grants } });
    });
    expect(stack.resource("google_cloud_run_v2_service", "api")["depends_on"]).toEqual([
      "google_compute_network.network",
    ]);
  });

  test("tells where it answers", () => {
    const { service } = serviceOf();
    const stack = synthesizeRun((stack) => {
      const { url, name } = new CloudRunService(stack, "api", SERVICE);
      stack.output("url", { value: url });
      stack.output("name", { value: name });
    });
    expect(stack.outputs).toMatchObject({
      url: { value: "${google_cloud_run_v2_service.api.uri}" },
      name: { value: "${google_cloud_run_v2_service.api.name}" },
    });
    expect(() => service.canaryUrl).toThrow("traffic: is missing, so there is no canary: give it");
  });

  describe("image", () => {
    test("of a tag is what the registry says that the tag is, by digest", () => {
      const registry = { projectId: "acme-prod", location: "us-central1", repositoryId: "shop" };
      const { stack, container } = serviceOf({ image: { registry, name: "api", tag: "main" } });
      expect(stack.data("google_artifact_registry_docker_image", "api_image")).toEqual({
        project: "acme-prod",
        location: "us-central1",
        repository_id: "shop",
        image_name: "api:main",
      });
      expect(container["image"]).toBe("${data.google_artifact_registry_docker_image.api_image.self_link}");
    });
  });

  describe("environment", () => {
    test("has plain variables and secrets in a version, by name whatever their order", () => {
      const { container } = serviceOf({
        env: { LOG_LEVEL: "INFO", API: "${x}" },
        secrets: { DATABASE_URL: { secretId: "database-url", version: 3 } },
      });
      expect(container["env"]).toEqual([
        { name: "API", value: "$${x}" },
        {
          name: "DATABASE_URL",
          value_source: { secret_key_ref: { secret: "database-url", version: "3" } },
        },
        { name: "LOG_LEVEL", value: "INFO" },
      ]);
    });
  });

  describe("probes", () => {
    test("ask by gRPC, and the port is told to be HTTP/2", () => {
      const { container } = serviceOf({
        port: 50_051,
        protocol: "h2c",
        startupProbe: { grpc: "" },
        livenessProbe: { grpc: "shop.Engine", periodSeconds: 30 },
      });
      expect(container["ports"]).toEqual({ name: "h2c", container_port: 50_051 });
      expect(container["startup_probe"]["grpc"]).toEqual({ port: 50_051 });
      expect(container["liveness_probe"]).toEqual({
        initial_delay_seconds: 0,
        period_seconds: 30,
        timeout_seconds: 1,
        failure_threshold: 3,
        grpc: { port: 50_051, service: "shop.Engine" },
      });
    });

    test("ask whether the port is open", () => {
      const { container } = serviceOf({ startupProbe: { tcp: true } });
      expect(container["startup_probe"]["tcp_socket"]).toEqual({ port: 8080 });
    });

    test("have the times that they are given", () => {
      const { container } = serviceOf({
        startupProbe: {
          http: "/health",
          delaySeconds: 5,
          periodSeconds: 3,
          timeoutSeconds: 2,
          failureThreshold: 10,
        },
        livenessProbe: { http: "/alive", timeoutSeconds: 5, periodSeconds: 15 },
      });
      expect(container["startup_probe"]).toMatchObject({
        initial_delay_seconds: 5,
        period_seconds: 3,
        timeout_seconds: 2,
        failure_threshold: 10,
      });
      expect(container["liveness_probe"]).toMatchObject({
        http_get: { path: "/alive", port: 8080 },
        timeout_seconds: 5,
        period_seconds: 15,
      });
    });
  });

  describe("network", () => {
    const inNetwork = (props: (network: Networking<"run">) => Partial<CloudRunServiceProps>) =>
      synthesizeRun((stack) => {
        const network = new Networking(stack, "network", {
          projectId: "acme-prod",
          region: "us-central1",
          name: "acme",
          subnets: { run: { cidr: "10.2.0.0/26" } },
        });
        new CloudRunService(stack, "api", { ...SERVICE, ...props(network) });
      }).resource("google_cloud_run_v2_service", "api")["template"];

    test("is reached from a subnet, for private addresses alone", () => {
      const template = inNetwork((network) => ({
        egress: { network, subnet: network.subnets.run, tags: ["run"] },
      }));
      expect(template["vpc_access"]).toEqual({
        egress: "PRIVATE_RANGES_ONLY",
        network_interfaces: [
          {
            network: "${google_compute_network.network.id}",
            subnetwork: "${google_compute_subnetwork.network_subnet_run.id}",
            tags: ["run"],
          },
        ],
      });
    });

    test("is reached for everything, by a connector", () => {
      const connector = "projects/acme-prod/locations/us-central1/connectors/run";
      const { resource } = serviceOf({ egress: { connector, allTraffic: true } });
      expect(resource["template"]["vpc_access"]).toEqual({ egress: "ALL_TRAFFIC", connector });
    });

    test("leads to databases, whose volume comes last", () => {
      const template = inNetwork((network) => ({
        egress: { network, subnet: network.subnets.run },
        databases: [{ connectionName: "acme-prod:us-central1:shop" }],
      }));
      expect(template["volumes"].at(-1)).toEqual({
        name: "cloudsql",
        cloud_sql_instance: { instances: ["acme-prod:us-central1:shop"] },
      });
      expect(template["containers"][0]["volume_mounts"]).toEqual([
        { name: "cloudsql", mount_path: "/cloudsql" },
      ]);
    });

    test.each([
      ["all", "INGRESS_TRAFFIC_ALL"],
      ["internal", "INGRESS_TRAFFIC_INTERNAL_ONLY"],
      ["internal-and-cloud-load-balancing", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"],
    ] as const)("lets in: %s", (ingress, argument) => {
      expect(serviceOf({ ingress }).resource["ingress"]).toBe(argument);
    });
  });

  describe("callers", () => {
    test("are those that are named", () => {
      const { stack } = serviceOf({ invokers: { server: "serviceAccount:server@acme" } });
      expect(stack.resource("google_cloud_run_v2_service_iam_member", "api_invoker_server")).toEqual({
        project: "acme-prod",
        location: "us-central1",
        name: "${google_cloud_run_v2_service.api.name}",
        role: "roles/run.invoker",
        member: "serviceAccount:server@acme",
      });
    });

    test("are everybody where it says why, and it says so where people look", () => {
      const { stack, resource } = serviceOf({ public: "customers sign in to the shop itself" });
      expect(resource["invoker_iam_disabled"]).toBe(true);
      expect(resource["description"]).toBe("Public: customers sign in to the shop itself");
      expect(stack.addresses).toEqual(["google_cloud_run_v2_service.api"]);
    });

    test("sign in with Google, of whom IAP lets in those that are named", () => {
      const { stack, resource } = serviceOf({
        iap: {
          googleBeta: undefined as never as TerraformProvider,
          members: { developers: "group:developers@acme.example" },
        },
      });
      expect(resource).toMatchObject({ provider: "google-beta", iap_enabled: true, launch_stage: "BETA" });
      expect(resource["lifecycle"]["ignore_changes"]).toContain("launch_stage");
      expect(stack.resource("google_project_service_identity", "api_iap_agent")).toEqual({
        provider: "google-beta",
        project: "acme-prod",
        service: "iap.googleapis.com",
      });
      expect(stack.resource("google_cloud_run_v2_service_iam_member", "api_iap_calls")).toMatchObject({
        role: "roles/run.invoker",
        member: "${google_project_service_identity.api_iap_agent.member}",
      });
      expect(
        stack.resource("google_iap_web_cloud_run_service_iam_member", "api_iap_member_developers"),
      ).toEqual({
        project: "acme-prod",
        location: "us-central1",
        cloud_run_service_name: "${google_cloud_run_v2_service.api.name}",
        role: "roles/iap.httpsResourceAccessor",
        member: "group:developers@acme.example",
        depends_on: ["google_cloud_run_v2_service_iam_member.api_iap_calls"],
      });
    });
  });

  describe("revision", () => {
    const hashOf = (props: Partial<CloudRunServiceProps> = {}) => serviceOf(props).service.revisionHash;

    test("is called by what it is made of", () => {
      const { resource, service } = serviceOf();
      expect(service.revisionHash).toMatch(/^[0-9a-f]{8}$/);
      expect(service.revisionName).toBe(`shop-api-${service.revisionHash}`);
      expect(resource["template"]["revision"]).toBe(service.revisionName);
    });

    test("is another one with each part of the template", () => {
      const parts: Partial<CloudRunServiceProps>[] = [
        {},
        { image: imageOf("b") },
        { env: { LOG_LEVEL: "INFO" } },
        { secrets: { DATABASE_URL: { secretId: "database-url", version: 1 } } },
        { secrets: { DATABASE_URL: { secretId: "database-url", version: 2 } } },
        { maxInstances: 11 },
        { memory: "1Gi" },
        { cpuIdle: false },
        { timeoutSeconds: 60 },
        { command: ["a", "b"] },
        { command: ["a b"] },
        { startupProbe: { tcp: true } },
        { identity: { email: "other@acme", name: "other", grants: [] } },
      ];
      expect(new Set(parts.map(hashOf)).size).toBe(parts.length);
    });

    test("has Cloud Run's own name where a pipeline deploys, too, and the image that the tag points to", () => {
      let made: CloudRunService | undefined;
      const registry = { projectId: "acme-prod", location: "us-central1", repositoryId: "shop" };
      const stack = synthesizeRun((each) => {
        const image = { registry, name: "api", tag: "main" };
        made = new CloudRunService(each, "api", { ...SERVICE, image, deployedBy: "pipeline" });
      });
      const { template, lifecycle } = stack.resource("google_cloud_run_v2_service", "api");
      expect(template).not.toHaveProperty("revision");
      expect(template.containers[0].image).toBe(
        "${data.google_artifact_registry_docker_image.api_image.self_link}",
      );
      expect(lifecycle.ignore_changes).toEqual(["client", "client_version", "scaling"]);
      const none = /deployedBy: is "pipeline", so Cloud Run names the revisions and Terraform knows none/;
      expect(() => made?.revisionHash).toThrow(none);
      expect(() => made?.revisionName).toThrow(none);
    });

    test("is the same with what is the service's", () => {
      expect(
        hashOf({
          labels: { environment: "prod" },
          ingress: "all",
          public: "why not",
          minInstances: 2,
          deletionProtection: true,
          traffic: { stable: "0123abcd" },
        }),
      ).toBe(hashOf());
      expect(hashOf({ env: { A: "1", B: "2" } })).toBe(hashOf({ env: { B: "2", A: "1" } }));
    });

    test("is called by what Terraform alone knows, too", () => {
      const stack = synthesizeRun((stack) => {
        const identity = runIdentity(stack, "shop-api");
        const { revisionHash } = new CloudRunService(stack, "api", {
          ...SERVICE,
          identity,
          env: { OWNER: `mailto:${identity.email}` },
        });
        stack.output("hash", { value: revisionHash });
      });
      expect(stack.outputs["hash"]?.["value"]).toMatch(
        /^\$\{substr\(sha256\(jsonencode\(\["[0-9a-f]{8}", google_service_account\.shop_api\.email, "mailto:\$\{google_service_account\.shop_api\.email\}"\]\)\), 0, 8\)\}$/,
      );
      expect(stack.resource("google_cloud_run_v2_service", "api")["template"]["revision"]).toBe(
        `shop-api-${stack.outputs["hash"]?.["value"]}`,
      );
    });
  });

  describe("a canary's life", () => {
    type Change = Partial<CloudRunServiceProps>;
    const [A, B, C] = ["a", "b", "c"].map(
      (digit) => serviceOf({ image: imageOf(digit) }).service.revisionHash,
    ) as [string, string, string];
    const TRAFFIC = /^resource\.google_cloud_run_v2_service\.api\.traffic\./;
    const REVISION = [
      "resource.google_cloud_run_v2_service.api.template.containers.0.image",
      "resource.google_cloud_run_v2_service.api.template.revision",
      "output.hash.value",
    ].sort();

    /** What of each step differs from the one before: what Terraform would plan. */
    const life: readonly [what: string, change: Change, traffic: Record<string, number>][] = [
      ["begins without", { image: imageOf("a"), traffic: undefined }, { LATEST: 100 }],
      ["pins the stable one", { traffic: { stable: A } }, { [A]: 100, LATEST: 0 }],
      ["a new digest", { image: imageOf("b") }, { [A]: 100, LATEST: 0 }],
      [
        "ten per cent",
        { traffic: { stable: A, canary: { revision: B, percent: 10 } } },
        { [A]: 90, [B]: 10, LATEST: 0 },
      ],
      [
        "half",
        { traffic: { stable: A, canary: { revision: B, percent: 50 } } },
        { [A]: 50, [B]: 50, LATEST: 0 },
      ],
      ["back", { traffic: { stable: A, canary: { revision: B, percent: 0 } } }, { [A]: 100, LATEST: 0 }],
      [
        "all of it",
        { traffic: { stable: A, canary: { revision: B, percent: 100 } } },
        { [A]: 0, [B]: 100, LATEST: 0 },
      ],
      [
        "promoted",
        { traffic: { stable: B, canary: { revision: B, percent: 100 } } },
        { [B]: 100, LATEST: 0 },
      ],
      ["the next digest", { image: imageOf("c") }, { [B]: 100, LATEST: 0 }],
      [
        "its ten per cent",
        { traffic: { stable: B, canary: { revision: C, percent: 10 } } },
        { [B]: 90, [C]: 10, LATEST: 0 },
      ],
      ["back to the first", { traffic: { stable: A } }, { [A]: 100, LATEST: 0 }],
    ];
    let props: Change = {};
    const steps = life.map(([what, change, traffic]) => {
      props = { ...props, ...change };
      const { stack, resource } = serviceOf(props);
      return { what, change, traffic, leaves: leavesOf(stack.json), resource };
    });

    test.each(steps)("$what: everybody gets what is written", ({ traffic, resource }) => {
      const shares = resource["traffic"].map(
        ({ revision, percent }: { revision?: string; percent: number }) => [
          revision?.replace("shop-api-", "") ?? "LATEST",
          percent,
        ],
      );
      expect(Object.fromEntries(shares)).toEqual(traffic);
      expect(Object.values(traffic).reduce((sum, percent) => sum + percent)).toBe(100);
    });

    test.each(
      steps.slice(1).map((step, index) => ({ ...step, before: steps[index] as (typeof steps)[number] })),
    )("$what: changes the revision or the traffic, and nothing else", ({ change, leaves, before }) => {
      const changed = [...new Set([...leaves.keys(), ...before.leaves.keys()])].filter(
        (path) => leaves.get(path) !== before.leaves.get(path),
      );
      if ("image" in change) expect(changed.sort()).toEqual(REVISION);
      else {
        expect(changed.length).toBeGreaterThan(0);
        expect(changed.filter((path) => !TRAFFIC.test(path))).toEqual([]);
      }
    });

    test("names no revision that an earlier step did not make", () => {
      const made = new Set<string>();
      for (const { resource } of steps) {
        for (const { revision } of resource["traffic"])
          if (revision !== undefined) expect([...made]).toContain(revision);
        made.add(resource["template"]["revision"]);
      }
      expect(made.size).toBe(3);
    });

    test("ends for an entry with its promotion: to leave it there or to take it out is the same", () => {
      const promoted = serviceOf({ traffic: { stable: B, canary: { revision: B, percent: 10 } } });
      expect(promoted.stack.json).toEqual(serviceOf({ traffic: { stable: B } }).stack.json);
    });

    test("is seen by its tags, and by the URL that the API tells", () => {
      const stack = synthesizeRun((stack) => {
        const traffic = { stable: A, canary: { revision: B, percent: 10 } };
        const { canaryUrl } = new CloudRunService(stack, "api", { ...SERVICE, traffic });
        stack.output("canary", { value: canaryUrl });
      });
      const { traffic } = stack.resource("google_cloud_run_v2_service", "api");
      expect(traffic.map(({ tag }: { tag?: string }) => tag)).toEqual(["stable", undefined, "canary"]);
      expect(stack.outputs["canary"]?.["value"]).toBe(
        '${one([for each in google_cloud_run_v2_service.api.traffic_statuses : each.uri if each.tag == "canary"])}',
      );
    });
  });
});

/** Every scalar of a JSON document by its path, without what CDKTF says of itself. */
function leavesOf(value: unknown, path: readonly string[] = []): Map<string, unknown> {
  if (typeof value !== "object" || value === null) return new Map([[path.join("."), value]]);
  return new Map(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .flatMap(([key, child]) => [...leavesOf(child, [...path, key])]),
  );
}
