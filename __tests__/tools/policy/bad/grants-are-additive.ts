import { ProjectIamBinding } from "@cdktf/provider-google/lib/project-iam-binding";
import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "a policy for a whole project": (bad) =>
    bad.raw("google_project_iam_policy", { project: bad.projectId, policy_data: "{}" }),
  "all of a predefined role": ({ stack, projectId: project }) =>
    void new ProjectIamBinding(stack, "loggers", {
      project,
      role: "roles/logging.viewer",
      members: ["group:platform@plue.dev"],
    }),
} satisfies BadStacks;
