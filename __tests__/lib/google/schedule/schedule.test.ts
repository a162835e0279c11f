import { CloudRunJob } from "../../../../lib/google/cloud-run/job";
import {
  type HttpScheduleTarget,
  Schedule,
  type ScheduleProps,
} from "../../../../lib/google/schedule/schedule";
import { RUN, runIdentity, synthesizeRun } from "../../../support/cloud-run";

const topicId = "projects/acme-prod/topics/reports";

function scheduleOf(props: Partial<ScheduleProps> = {}) {
  const stack = synthesizeRun((stack) => {
    new Schedule(stack, "hourly", {
      projectId: "acme-prod",
      region: "us-central1",
      name: "hourly",
      cron: "0 * * * *",
      target: { http: { url: "https://shop.example/refresh" } },
      ...props,
    });
  });
  return stack.resource("google_cloud_scheduler_job", "hourly");
}

describe("Schedule", () => {
  test("posts, as nobody, in UTC, once", () => {
    expect(scheduleOf()).toEqual({
      project: "acme-prod",
      region: "us-central1",
      name: "hourly",
      schedule: "0 * * * *",
      time_zone: "Etc/UTC",
      attempt_deadline: "300s",
      http_target: { uri: "https://shop.example/refresh", http_method: "POST" },
      lifecycle: { ignore_changes: ["http_target[0].headers"] },
    });
  });

  test("sends JSON, and no header but what it is", () => {
    const target = scheduleOf({
      target: { http: { url: "https://shop.example/", method: "PUT", body: { a: 1, b: ["x"] } } },
    })["http_target"];
    expect(target).toEqual({
      uri: "https://shop.example/",
      http_method: "PUT",
      body: '${base64encode(jsonencode({"a" = 1, "b" = ["x"]}))}',
      headers: { "Content-Type": "application/json" },
    });
  });

  test("logs in to a service by an ID token, to Google's APIs by an access token", () => {
    const identity = { email: "clock@acme" };
    const target = (http: HttpScheduleTarget) => scheduleOf({ target: { http } })["http_target"];
    const oidc = { identity, audience: "https://shop.example" };
    expect(target({ url: "https://shop.example/x", oidc })).toEqual({
      uri: "https://shop.example/x",
      http_method: "POST",
      oidc_token: { service_account_email: "clock@acme", audience: "https://shop.example" },
    });
    expect(target({ url: "https://run.googleapis.com/v2/x", oauth: { identity } })).toEqual({
      uri: "https://run.googleapis.com/v2/x",
      http_method: "POST",
      oauth_token: {
        service_account_email: "clock@acme",
        scope: "https://www.googleapis.com/auth/cloud-platform",
      },
    });
  });

  test("publishes a message, for which there is no deadline", () => {
    const job = scheduleOf({
      target: { pubsub: { topic: { topicId }, data: "weekly", attributes: { kind: "report" } } },
    });
    expect(job["pubsub_target"]).toEqual({
      topic_name: topicId,
      data: '${base64encode("weekly")}',
      attributes: { kind: "report" },
    });
    for (const absent of ["attempt_deadline", "http_target", "lifecycle"])
      expect(job).not.toHaveProperty(absent);
  });

  test("tries again as it is told, as often and no longer", () => {
    expect(scheduleOf({ retry: { count: 3 } })["retry_config"]).toEqual({
      retry_count: 3,
      min_backoff_duration: "5s",
      max_backoff_duration: "3600s",
      max_doublings: 5,
    });
    const retry = { count: 1, minBackoffSeconds: 10, maxBackoffSeconds: 20, maxDoublings: 0 };
    expect(scheduleOf({ retry, attemptDeadlineSeconds: 15, timeZone: "Europe/Vienna" })).toMatchObject({
      time_zone: "Europe/Vienna",
      attempt_deadline: "15s",
      retry_config: { min_backoff_duration: "10s", max_backoff_duration: "20s", max_doublings: 0 },
    });
  });

  test("starts a job that it may start, and no other", () => {
    const stack = synthesizeRun((stack) => {
      new Schedule(stack, "nightly", {
        projectId: "acme-prod",
        region: "us-central1",
        name: "nightly",
        cron: "0 3 * * *",
        target: { job: new CloudRunJob(stack, "clean", RUN), identity: runIdentity(stack, "shop-clock") },
      });
    });
    expect(stack.resource("google_cloud_run_v2_job_iam_member", "nightly_starts")).toEqual({
      project: "acme-prod",
      location: "us-central1",
      name: "${google_cloud_run_v2_job.clean.name}",
      role: "roles/run.invoker",
      member: "${google_service_account.shop_clock.member}",
    });
    expect(stack.resource("google_cloud_scheduler_job", "nightly")).toMatchObject({
      depends_on: ["google_cloud_run_v2_job_iam_member.nightly_starts"],
      http_target: {
        uri: "https://run.googleapis.com/v2/projects/acme-prod/locations/us-central1/jobs/${google_cloud_run_v2_job.clean.name}:run",
        http_method: "POST",
        oauth_token: {
          service_account_email: "${google_service_account.shop_clock.email}",
          scope: "https://www.googleapis.com/auth/cloud-platform",
        },
      },
    });
  });
});
