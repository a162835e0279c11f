import type { Stack } from "../../../../lib/core/stack";
import { CloudRunService } from "../../../../lib/google/cloud-run/service";
import { CloudRunWorkerPool } from "../../../../lib/google/cloud-run/worker-pool";
import { ScalingSchedule } from "../../../../lib/google/schedule/scaling-schedule";
import { estimateStack } from "../../../../tools/cost/estimate";
import { RUN, SERVICE, synthesizeRun } from "../../../support/cloud-run";

const scaled = (target: (stack: Stack) => CloudRunService | CloudRunWorkerPool) =>
  synthesizeRun((stack) => {
    new ScalingSchedule(stack, "hours", {
      projectId: "acme-prod",
      region: "us-central1",
      name: "shop-api",
      accountId: "shop-api-hours",
      target: target(stack),
      timeZone: "America/Los_Angeles",
      steps: { down: { cron: "0 22 * * *", instances: 0 }, up: { cron: "0 6 * * 1-5", instances: 1 } },
    });
  });
const service = scaled((stack) => new CloudRunService(stack, "api", SERVICE));
const { egress: _, ...run } = RUN;
const pool = scaled(
  (stack) => new CloudRunWorkerPool(stack, "api", { ...run, instances: 1, scheduled: true }),
);

describe("ScalingSchedule", () => {
  test("sets the least number of a service's instances, and nothing else", () => {
    for (const [step, instances, cron] of [
      ["down", 0, "0 22 * * *"],
      ["up", 1, "0 6 * * 1-5"],
    ] as const)
      expect(service.resource("google_cloud_scheduler_job", `hours_${step}`)).toMatchObject({
        name: `shop-api-${step}`,
        schedule: cron,
        time_zone: "America/Los_Angeles",
        retry_config: { retry_count: 5 },
        http_target: {
          uri: "https://run.googleapis.com/v2/projects/acme-prod/locations/us-central1/services/${google_cloud_run_v2_service.api.name}?updateMask=scaling.minInstanceCount",
          http_method: "PATCH",
          body: `\${base64encode(jsonencode({"scaling" = {"minInstanceCount" = ${instances}}}))}`,
          headers: { "Content-Type": "application/json" },
          oauth_token: {
            service_account_email: "${google_service_account.hours.email}",
            scope: "https://www.googleapis.com/auth/cloud-platform",
          },
        },
      });
  });

  test("sets the number of a worker pool's", () => {
    expect(pool.resource("google_cloud_scheduler_job", "hours_down")["http_target"]).toMatchObject({
      uri: "https://run.googleapis.com/v2/projects/acme-prod/locations/us-central1/workerPools/${google_cloud_run_v2_worker_pool.api.name}?updateMask=scaling.manualInstanceCount",
      body: '${base64encode(jsonencode({"scaling" = {"manualInstanceCount" = 0}}))}',
    });
  });

  test("is read by the estimate, which says what it saves", () => {
    const told = estimateStack(service.json).lines.map(({ what }) => what);
    expect(told).toContain("CPU, by request; the clock saves 3.44");
    expect(estimateStack(pool.json).lines.map(({ what }) => what)).toContain(
      "CPU, worker pool; the clock saves 24.78",
    );
  });

  test.each([
    ["service", service],
    ["worker pool", pool],
  ])("is not fought by Terraform, which does not look at the number: %s", (_, stack) => {
    const [target] = ["service", "worker_pool"].flatMap((kind) =>
      Object.values(stack.resources(`google_cloud_run_v2_${kind}`)),
    );
    expect(target?.["lifecycle"]["ignore_changes"]).toContain("scaling");
  });

  test.each([
    ["google_cloud_run_v2_service_iam_member", service, "google_cloud_run_v2_service"],
    ["google_cloud_run_v2_worker_pool_iam_member", pool, "google_cloud_run_v2_worker_pool"],
  ])("may change the one and act as its account, with an identity of its own: %s", (type, stack, target) => {
    const member = "${google_service_account.hours.member}";
    expect(stack.resource(type, "hours_changes")).toEqual({
      project: "acme-prod",
      location: "us-central1",
      name: `\${${target}.api.name}`,
      role: "roles/run.developer",
      member,
    });
    expect(stack.resource("google_service_account_iam_member", "hours_acts")).toEqual({
      service_account_id: RUN.identity.name,
      role: "roles/iam.serviceAccountUser",
      member,
    });
    const grants = stack.addresses.filter((address) => address.includes("iam_member"));
    expect(grants).toEqual([`${type}.hours_changes`, "google_service_account_iam_member.hours_acts"]);
    for (const step of ["down", "up"])
      expect(stack.resource("google_cloud_scheduler_job", `hours_${step}`)["depends_on"]).toEqual(grants);
  });
});
