import type { Stack } from "../../lib/core/stack";
import { Commitment } from "../../lib/google/commitment";

export function declare(stack: Stack): void {
  new Commitment(stack, "cud", {
    projectId: "acme-prod",
    region: "us-central1",
    name: "acme-prod-cud",
    description: "Nodes of the production cluster",
    type: "GENERAL_PURPOSE_N2",
    months: 36,
    vcpus: 60,
    memoryGb: 240.25,
    autoRenew: true,
  });
}
