import type { CloudRunWorkerPoolProps } from "../../../../lib/google/cloud-run/props";
import { CloudRunWorkerPool } from "../../../../lib/google/cloud-run/worker-pool";
import { imageOf, RUN, runIdentity, synthesizeRun } from "../../../support/cloud-run";

function poolOf({ egress: _, ...props }: Partial<CloudRunWorkerPoolProps> = {}) {
  const { egress: __, ...run } = RUN;
  let made: CloudRunWorkerPool | undefined;
  const stack = synthesizeRun((stack) => {
    const { email, name, account } = runIdentity(stack, "granted");
    const grants = [account];
    made = new CloudRunWorkerPool(stack, "worker", {
      ...run,
      identity: { email, name, grants },
      instances: 2,
      ...props,
    });
  });
  return {
    resource: stack.resource("google_cloud_run_v2_worker_pool", "worker"),
    pool: made as CloudRunWorkerPool,
  };
}

describe("CloudRunWorkerPool", () => {
  test("has so many instances, and says that they do not scale", () => {
    const { resource } = poolOf({ identity: RUN.identity });
    expect(resource).toEqual({
      project: "acme-prod",
      location: "us-central1",
      name: "shop-api",
      launch_stage: "BETA",
      scaling: { scaling_mode: "MANUAL", manual_instance_count: 2 },
      deletion_protection: false,
      lifecycle: { ignore_changes: ["client", "client_version", "launch_stage"] },
      template: {
        revision: expect.stringMatching(/^shop-api-[0-9a-f]{8}$/),
        service_account: "shop-api@acme",
        containers: [{ image: imageOf("a"), resources: { limits: { cpu: "1", memory: "512Mi" } } }],
      },
    });
  });

  test("leaves the number to a schedule", () => {
    expect(poolOf({ scheduled: true }).resource["lifecycle"]["ignore_changes"]).toEqual([
      "client",
      "client_version",
      "launch_stage",
      "scaling",
    ]);
  });

  test("has another revision with another digest, and none with another number of instances", () => {
    const revisionOf = (props: Partial<CloudRunWorkerPoolProps>) =>
      poolOf({ identity: RUN.identity, ...props }).pool.revisionName;
    expect(revisionOf({ image: imageOf("b") })).not.toBe(revisionOf({}));
    expect(revisionOf({ instances: 3, scheduled: true })).toBe(revisionOf({}));
  });

  test("has revisions with Cloud Run's own names where a pipeline deploys, too", () => {
    const registry = { projectId: "acme-prod", location: "us-central1", repositoryId: "shop" };
    const image = { registry, name: "api", tag: "main" };
    const { resource, pool } = poolOf({ image, deployedBy: "pipeline" });
    expect(resource["template"]).not.toHaveProperty("revision");
    expect(() => pool.revisionName).toThrow(/so Cloud Run names the revisions/);
  });

  test("waits for what its identity is granted, is protected twice, and labelled", () => {
    const { resource } = poolOf({ deletionProtection: true, labels: { environment: "prod" } });
    expect(resource["depends_on"]).toEqual(["google_service_account.granted"]);
    expect(resource["deletion_protection"]).toBe(true);
    expect(resource["lifecycle"].prevent_destroy).toBe(true);
    expect(resource["labels"]).toEqual({ environment: "prod" });
    expect(resource["template"]["service_account"]).toBe("${google_service_account.granted.email}");
  });
});
