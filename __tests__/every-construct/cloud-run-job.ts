import type { Stack } from "../../lib/core/stack";
import { CloudRunJob } from "../../lib/google/cloud-run/job";
import { Networking } from "../../lib/google/networking";
import { runIdentity } from "../support/cloud-run";

export function declare(stack: Stack): void {
  const network = new Networking(stack, "network", {
    projectId: "acme-prod",
    region: "us-central1",
    name: "acme-vpc",
    subnets: { run: { cidr: "10.2.0.0/26" } },
  });
  new CloudRunJob(stack, "migrate", {
    projectId: "acme-prod",
    region: "us-central1",
    name: "shop-migrate",
    image: `us-central1-docker.pkg.dev/acme-prod/shop/api@sha256:${"a".repeat(64)}`,
    command: ["alembic"],
    args: ["upgrade", "head"],
    env: { LOG_LEVEL: "INFO" },
    secrets: { DATABASE_URL: { secretId: "database-url", version: 3 } },
    cpu: 1,
    memory: "512Mi",
    identity: runIdentity(stack, "shop-migrate"),
    databases: [{ connectionName: "acme-prod:us-central1:shop" }],
    egress: { network, subnet: network.subnets.run },
    tasks: 4,
    parallelism: 2,
    maxRetries: 0,
    timeoutSeconds: 3600,
    invokers: { ci: runIdentity(stack, "shop-ci").member },
    labels: { environment: "production", managed_by: "terraform" },
    deletionProtection: true,
  });
}
