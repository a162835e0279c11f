import type { Stack } from "../../lib/core/stack";
import { CloudRunWorkerPool } from "../../lib/google/cloud-run/worker-pool";
import { Networking } from "../../lib/google/networking";
import { ScalingSchedule } from "../../lib/google/schedule/scaling-schedule";
import { runIdentity } from "../support/cloud-run";

export function declare(stack: Stack): void {
  const network = new Networking(stack, "network", {
    projectId: "acme-prod",
    region: "us-central1",
    name: "acme-vpc",
    subnets: { run: { cidr: "10.2.0.0/26" } },
  });
  const worker = new CloudRunWorkerPool(stack, "worker", {
    projectId: "acme-prod",
    region: "us-central1",
    name: "shop-worker",
    image: {
      registry: { projectId: "acme-prod", location: "us-central1", repositoryId: "shop" },
      name: "api",
      tag: "main",
    },
    deployedBy: "pipeline",
    command: ["/app/server"],
    args: ["worker"],
    env: { QUEUE: "mail" },
    secrets: { REDIS_URL: { secretId: "redis-url", version: 1 } },
    cpu: 1,
    memory: "512Mi",
    identity: runIdentity(stack, "shop-worker"),
    databases: [{ connectionName: "acme-prod:us-central1:shop" }],
    egress: { network, subnet: network.subnets.run },
    instances: 2,
    scheduled: true,
    labels: { environment: "production", managed_by: "terraform" },
    deletionProtection: true,
  });
  new ScalingSchedule(stack, "hours", {
    projectId: "acme-prod",
    region: "us-central1",
    name: "shop-worker",
    accountId: "shop-worker-hours",
    target: worker,
    timeZone: "America/Los_Angeles",
    steps: { down: { cron: "0 22 * * *", instances: 0 }, up: { cron: "0 6 * * 1-5", instances: 2 } },
  });
}
