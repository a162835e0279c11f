import type { Stack } from "../../lib/core/stack";
import { ExternalSecrets } from "../../lib/kubernetes/external-secrets";

export function declare(stack: Stack): void {
  new ExternalSecrets(stack, "external-secrets", {
    version: "1.3.2",
    controlPlaneRanges: ["10.0.0.0/20"],
    priorityClassName: "acme-platform",
    labels: { environment: "production", managed_by: "terraform" },
  });
}
