import type { Stack } from "../../lib/core/stack";
import { CloudRunJob } from "../../lib/google/cloud-run/job";
import { CloudRunService } from "../../lib/google/cloud-run/service";
import { PubSubTopic } from "../../lib/google/pubsub";
import { ScalingSchedule } from "../../lib/google/schedule/scaling-schedule";
import { Schedule } from "../../lib/google/schedule/schedule";
import { RUN, runIdentity, SERVICE } from "../support/cloud-run";

export function declare(stack: Stack): void {
  const labels = { environment: "production", managed_by: "terraform" };
  const identity = runIdentity(stack, "shop-clock");
  const common = { projectId: "acme-prod", region: "us-central1", timeZone: "Europe/Vienna" };
  const api = new CloudRunService(stack, "api", {
    ...SERVICE,
    identity: runIdentity(stack, "shop-api"),
    labels,
  });
  const retry = { count: 3, minBackoffSeconds: 10, maxBackoffSeconds: 600, maxDoublings: 3 };
  new Schedule(stack, "refresh", {
    ...common,
    name: "shop-refresh",
    description: "Looks for new prices",
    cron: "*/15 8-18 * * MON-FRI",
    target: {
      http: { url: `${api.url}/refresh`, body: { all: true }, oidc: { identity, audience: api.url } },
    },
    retry,
    attemptDeadlineSeconds: 1800,
  });
  new Schedule(stack, "report", {
    ...common,
    name: "shop-report",
    cron: "0 7 1 JAN,JUL *",
    target: {
      pubsub: {
        topic: new PubSubTopic(stack, "reports", { projectId: "acme-prod", name: "reports", labels }),
        data: "half a year",
        attributes: { kind: "report" },
      },
    },
    retry,
  });
  const job = new CloudRunJob(stack, "clean", {
    ...RUN,
    name: "shop-clean",
    identity: runIdentity(stack, "shop-clean"),
    labels,
  });
  new Schedule(stack, "cleaning", {
    ...common,
    name: "shop-clean",
    cron: "30 3 * * *",
    target: { job, identity },
  });
  new ScalingSchedule(stack, "hours", {
    ...common,
    name: "shop-api",
    accountId: "shop-api-hours",
    target: api,
    steps: { down: { cron: "0 22 * * *", instances: 0 }, up: { cron: "0 6 * * 1-5", instances: 1 } },
  });
}
