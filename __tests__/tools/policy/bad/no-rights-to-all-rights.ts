import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import type { BadStacks } from "../../../support/bad-stacks";

const member = "group:platform@plue.dev";
const grant =
  (role: string, condition?: { title: string; expression: string }): BadStacks[string] =>
  ({ stack, projectId: project }) =>
    void new ProjectIamMember(stack, "grant", { project, role, member, condition });
const role =
  (permission: string): BadStacks[string] =>
  ({ stack, projectId: project }) =>
    void new ProjectIamCustomRole(stack, "role", {
      project,
      roleId: "role",
      title: "Role",
      permissions: [permission],
    });

export default {
  "who changes custom roles": grant("roles/iam.roleAdmin"),
  "who sets any policy": grant("roles/iam.securityAdmin"),
  "who grants any role": grant("roles/resourcemanager.projectIamAdmin"),
  "who grants any role, on a condition about something else": grant("roles/resourcemanager.projectIamAdmin", {
    title: "some",
    expression: 'resource.name != "x"',
  }),
  "a custom role that changes custom roles": role("iam.roles.update"),
  "a custom role that grants any role": role("resourcemanager.projects.setIamPolicy"),
} satisfies BadStacks;
