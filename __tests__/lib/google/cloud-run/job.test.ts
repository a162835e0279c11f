import { CloudRunJob } from "../../../../lib/google/cloud-run/job";
import type { CloudRunJobProps } from "../../../../lib/google/cloud-run/props";
import { imageOf, RUN, runIdentity, synthesizeRun } from "../../../support/cloud-run";

function jobOf(props: Partial<CloudRunJobProps> = {}) {
  const stack = synthesizeRun((stack) => {
    const grants = [runIdentity(stack, "granted").account];
    new CloudRunJob(stack, "migrate", { ...RUN, identity: { ...RUN.identity, grants }, ...props });
  });
  return { stack, resource: stack.resource("google_cloud_run_v2_job", "migrate") };
}

describe("CloudRunJob", () => {
  test("is one task of ten minutes, tried again three times", () => {
    expect(jobOf().resource).toEqual({
      project: "acme-prod",
      location: "us-central1",
      name: "shop-api",
      deletion_protection: false,
      depends_on: ["google_service_account.granted"],
      lifecycle: { ignore_changes: ["client", "client_version"] },
      template: {
        task_count: 1,
        parallelism: 1,
        template: {
          service_account: "shop-api@acme",
          max_retries: 3,
          timeout: "600s",
          containers: [{ image: imageOf("a"), resources: { limits: { cpu: "1", memory: "512Mi" } } }],
        },
      },
    });
  });

  test("has the tasks, times and program that it is given", () => {
    const { resource } = jobOf({
      tasks: 10,
      parallelism: 2,
      maxRetries: 0,
      timeoutSeconds: 86_400,
      command: ["alembic"],
      args: ["upgrade", "head"],
      secrets: { DATABASE_URL: { secretId: "database-url", version: 3 } },
      egress: { connector: "projects/acme-prod/locations/us-central1/connectors/run" },
      databases: [{ connectionName: "acme-prod:us-central1:shop" }],
    });
    expect(resource["template"]).toMatchObject({
      task_count: 10,
      parallelism: 2,
      template: {
        max_retries: 0,
        timeout: "86400s",
        vpc_access: { egress: "PRIVATE_RANGES_ONLY" },
        volumes: [{ name: "cloudsql" }],
        containers: [
          {
            command: ["alembic"],
            args: ["upgrade", "head"],
            env: [
              {
                name: "DATABASE_URL",
                value_source: { secret_key_ref: { secret: "database-url", version: "3" } },
              },
            ],
          },
        ],
      },
    });
  });

  test("runs all of its tasks at a time, if nothing is said", () => {
    expect(jobOf({ tasks: 4 }).resource["template"]["parallelism"]).toBe(4);
  });

  test("is protected twice, and labelled", () => {
    const { resource } = jobOf({ deletionProtection: true, labels: { environment: "prod" } });
    expect(resource["deletion_protection"]).toBe(true);
    expect(resource["lifecycle"].prevent_destroy).toBe(true);
    expect(resource["labels"]).toEqual({ environment: "prod" });
  });

  test("is started by those that are named", () => {
    const { stack } = jobOf({ invokers: { ci: "serviceAccount:ci@acme" } });
    expect(stack.resource("google_cloud_run_v2_job_iam_member", "migrate_invoker_ci")).toEqual({
      project: "acme-prod",
      location: "us-central1",
      name: "${google_cloud_run_v2_job.migrate.name}",
      role: "roles/run.invoker",
      member: "serviceAccount:ci@acme",
    });
  });
});
