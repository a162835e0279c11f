import type { Stack } from "../../lib/core/stack";
import { ProjectFactory } from "../../lib/google/project-factory";

export function declare(stack: Stack): void {
  const project = new ProjectFactory(stack, "project", {
    projectId: "acme-prod",
    displayName: "Acme Production",
    parent: { folderId: "123456789012" },
    billingAccount: "012345-6789AB-CDEF01",
    services: ["serviceusage.googleapis.com", "cloudresourcemanager.googleapis.com", "run.googleapis.com"],
    deletionProtection: true,
    adopt: true,
    labels: { environment: "production", managed_by: "terraform" },
  });
  stack.output("project_number", { value: project.number });
}
