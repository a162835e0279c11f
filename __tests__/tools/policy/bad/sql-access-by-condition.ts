import { ProjectIamMember, type ProjectIamMemberConfig } from "@cdktf/provider-google/lib/project-iam-member";
import type { BadStacks } from "../../../support/bad-stacks";

const grant =
  (role: string, condition?: ProjectIamMemberConfig["condition"]): BadStacks[string] =>
  ({ stack, projectId: project }) =>
    void new ProjectIamMember(stack, "grant", {
      project,
      role,
      condition,
      member: "group:platform@plue.dev",
    });

export default {
  "a connection to any instance": grant("roles/cloudsql.client"),
  "a login to any instance": grant("roles/cloudsql.instanceUser"),
  "a condition that names no instance": grant("roles/cloudsql.client", {
    title: "databases",
    expression: 'resource.service == "sqladmin.googleapis.com"',
  }),
} satisfies BadStacks;
