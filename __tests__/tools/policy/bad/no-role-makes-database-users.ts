import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import type { BadStacks } from "../../../support/bad-stacks";

const role = (...permissions: string[]): BadStacks[string] => ({
  in: "staging-access",
  build: ({ stack, projectId: project }) =>
    void new ProjectIamCustomRole(stack, "role", {
      project,
      roleId: "deployer",
      title: "Deployer",
      permissions,
    }),
});

export default {
  "a user who may be given a password": role("cloudsql.databases.create", "cloudsql.users.create"),
  "the administrator's password": role("cloudsql.users.update"),
  "the end of another's login": role("cloudsql.users.delete", "cloudsql.users.list"),
} satisfies BadStacks;
