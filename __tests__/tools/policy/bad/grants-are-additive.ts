import { ProjectIamBinding } from "@cdktf/provider-google/lib/project-iam-binding";
import { ProjectIamPolicy } from "@cdktf/provider-google/lib/project-iam-policy";
import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "a policy for a whole project": ({ stack, projectId: project }) =>
    void new ProjectIamPolicy(stack, "policy", { project, policyData: "{}" }),
  "all of a predefined role": ({ stack, projectId: project }) =>
    void new ProjectIamBinding(stack, "loggers", {
      project,
      role: "roles/logging.viewer",
      members: ["group:platform@plue.dev"],
    }),
} satisfies BadStacks;
