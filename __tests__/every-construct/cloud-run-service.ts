import type { TerraformProvider } from "cdktf";
import type { Stack } from "../../lib/core/stack";
import { CloudRunService } from "../../lib/google/cloud-run/service";
import { Networking } from "../../lib/google/networking";
import { runIdentity } from "../support/cloud-run";

export function declare(stack: Stack): void {
  const network = new Networking(stack, "network", {
    projectId: "acme-prod",
    region: "us-central1",
    name: "acme-vpc",
    subnets: { run: { cidr: "10.2.0.0/24" } },
  });
  const identity = runIdentity(stack, "shop-api");
  new CloudRunService(stack, "api", {
    projectId: "acme-prod",
    region: "us-central1",
    name: "shop-api",
    image: {
      registry: { projectId: "acme-prod", location: "us-central1", repositoryId: "shop" },
      name: "api",
      tag: "main",
    },
    command: ["/app/server"],
    args: ["--listen", "0.0.0.0:8000"],
    env: { LOG_LEVEL: "INFO", CACHE_HOST: "10.3.0.4" },
    secrets: {
      DATABASE_URL: { secretId: "database-url", version: 3 },
      SECRET_KEY: { secretId: "secret-key", version: 1 },
    },
    cpu: 2,
    memory: "1Gi",
    identity,
    databases: [{ connectionName: "acme-prod:us-central1:shop" }],
    egress: { network, subnet: network.subnets.run, tags: ["run"], allTraffic: true },
    port: 8000,
    concurrency: 250,
    timeoutSeconds: 3600,
    minInstances: 1,
    maxInstances: 100,
    cpuIdle: false,
    startupCpuBoost: true,
    startupProbe: { http: "/health", timeoutSeconds: 3, periodSeconds: 3, failureThreshold: 10 },
    livenessProbe: { http: "/health", timeoutSeconds: 5, periodSeconds: 15 },
    ingress: "internal-and-cloud-load-balancing",
    invokers: { engine: identity.member },
    iap: {
      googleBeta: stack.node.findChild("google-beta") as TerraformProvider,
      members: { probe: runIdentity(stack, "shop-probe").member },
    },
    traffic: { stable: "3f2a91c0", canary: { revision: "b71c44de", percent: 10 } },
    labels: { environment: "production", managed_by: "terraform" },
    deletionProtection: true,
  });
}
