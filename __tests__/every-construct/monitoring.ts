import type { Stack } from "../../lib/core/stack";
import { Monitoring } from "../../lib/google/monitoring";
import { loadBalancerErrors } from "../../lib/google/monitoring/alerts";

export function declare(stack: Stack): void {
  const monitoring = new Monitoring(stack, "monitoring", {
    projectId: "acme-prod",
    emailChannels: { team: "team@example.com" },
    existingChannels: {
      pager: { type: "pagerduty", displayName: "On call" },
      chat: { type: "slack", displayName: "#acme" },
    },
    observe: {
      level: "full",
      name: "acme-prod",
      watched: {
        hosts: { api: { displayName: "API", host: "api.example.com", path: "/health" } },
        loadBalancer: { except: [{ namespace: "shop", service: "events" }] },
        services: {
          images: { service: { name: "images", maxInstances: 10 } },
          events: { service: { name: "events", maxInstances: 4 }, streams: true },
        },
        database: { instanceName: "acme", maxConnections: 200 },
        redis: { cache: { instanceName: "acme-cache" } },
        secrets: { reminderSubscription: "acme-secret-rotation" },
        warmPools: { runners: { namespace: "shop", deployment: "runners" } },
        namespaces: ["shop"],
        deniedEgress: { cluster: { clusterName: "acme" } },
        backupJobs: { files: { namespace: "shop", container: "snapshot" } },
        drift: { log: "drift" },
      },
      wake: ["pager"],
      tell: ["team", "chat"],
      runbooks: "https://example.com/runbooks",
      thresholds: { latencyMs: 1500, availability: 0.999 },
      adjust: { "database-cpu": { duration: 300, documentation: "Look at Query Insights first." } },
    },
    alerts: {
      outage: {
        displayName: "Every other request fails",
        conditions: [loadBalancerErrors({ above: 0.5 })],
        channels: ["pager"],
        documentation: "Look at the last deploy first.",
        runbook: "https://example.com/runbooks/outage.md",
      },
    },
    labels: { environment: "production", managed_by: "terraform" },
  });
  stack.output("objectives", { value: Object.values(monitoring.objectiveNames).join(",") });
}
