import { TerraformVariable } from "cdktf";
import type { Stack } from "../../../../lib/core/stack";
import { CloudRunJob } from "../../../../lib/google/cloud-run/job";
import type { DirectEgress, RunProps } from "../../../../lib/google/cloud-run/props";
import { CloudRunService } from "../../../../lib/google/cloud-run/service";
import { contentHash } from "../../../../lib/google/cloud-run/template";
import { CloudRunWorkerPool } from "../../../../lib/google/cloud-run/worker-pool";
import { RUN, SERVICE, synthesizeRun } from "../../../support/cloud-run";
import { synthesize } from "../../../support/synth";
import { plannedOutputs, testWithTerraform } from "../../../support/terraform";

const egress: DirectEgress = {
  network: { networkId: "projects/acme-prod/global/networks/acme" },
  subnet: {
    id: "projects/acme-prod/regions/us-central1/subnetworks/run",
    cidr: "10.2.0.0/26",
    region: "us-central1",
  },
};

describe.each<[string, (stack: Stack, props: RunProps) => unknown]>([
  ["service", (stack, props) => new CloudRunService(stack, "it", { ...SERVICE, ...props })],
  ["job", (stack, props) => new CloudRunJob(stack, "it", props)],
  ["worker_pool", (stack, props) => new CloudRunWorkerPool(stack, "it", { ...props, egress, instances: 1 })],
])("a %s", (kind, make) => {
  const stack = synthesizeRun(
    (stack) =>
      void make(stack, {
        ...RUN,
        image: {
          registry: { projectId: "acme-prod", location: "us-central1", repositoryId: "shop" },
          name: "api",
          tag: "main",
        },
        env: { LOG_LEVEL: "INFO" },
        secrets: { DATABASE_URL: { secretId: "database-url", version: 3 } },
        databases: [{ connectionName: "acme-prod:us-central1:shop" }],
        egress,
      }),
  );
  const { template } = stack.resource(`google_cloud_run_v2_${kind}`, "it");
  const it = template.template ?? template;
  const [container] = it.containers;

  test("runs as the account that it is given", () => expect(it.service_account).toBe("shop-api@acme"));

  test("runs the tag's image by digest", () =>
    expect(container.image).toBe("${data.google_artifact_registry_docker_image.it_image.self_link}"));

  test("reads secrets in the version that is pinned", () =>
    expect(container.env).toEqual([
      { name: "DATABASE_URL", value_source: { secret_key_ref: { secret: "database-url", version: "3" } } },
      { name: "LOG_LEVEL", value: "INFO" },
    ]));

  test("sends what is for private addresses into the network, and nothing else", () =>
    expect(it.vpc_access).toEqual({
      egress: "PRIVATE_RANGES_ONLY",
      network_interfaces: [{ network: egress.network.networkId, subnetwork: egress.subnet.id }],
    }));

  test("has the sockets of its databases", () => {
    expect(it.volumes).toEqual([
      { name: "cloudsql", cloud_sql_instance: { instances: ["acme-prod:us-central1:shop"] } },
    ]);
    expect(container.volume_mounts).toEqual([{ name: "cloudsql", mount_path: "/cloudsql" }]);
  });
});

test("the hash of a content is the same each time, and tells parts from each other", () => {
  expect(contentHash({ a: ["b"], c: undefined })).toBe(contentHash({ a: ["b"] }));
  const contents = [{ a: "b" }, { a: ["b"] }, { b: "a" }, { a: "b", c: "" }, { a: "reference 1" }];
  expect(new Set(contents.map(contentHash)).size).toBe(contents.length);
});

testWithTerraform("the hash of what Terraform alone knows is another one with another value", () => {
  const hashWith = (image: string) => {
    const { json } = synthesize((stack) => {
      const { stringValue } = new TerraformVariable(stack, "image", { type: "string", default: image });
      const template = {
        containers: [{ image: stringValue, args: ["--image", `${stringValue} "x" \${y}`] }],
      };
      stack.output("hash", { value: contentHash(template) });
    });
    const { variable, output } = json;
    return plannedOutputs({ "main.tf.json": JSON.stringify({ variable, output }) });
  };
  const hash = { value: expect.stringMatching(/^[0-9a-f]{8}$/) };
  expect(hashWith("a")).toMatchObject({ hash });
  expect(hashWith("a")).toEqual(hashWith("a"));
  expect(hashWith("a")).not.toEqual(hashWith("b"));
});
