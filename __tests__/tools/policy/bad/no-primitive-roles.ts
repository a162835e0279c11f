import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import type { BadStacks } from "../../../support/bad-stacks";

const grant =
  (role: string): BadStacks[string] =>
  ({ stack, projectId: project }) => {
    const { member } = new ServiceAccount(stack, "account", { project, accountId: "worker" });
    new ProjectIamMember(stack, "grant", { project, role, member });
  };

export default {
  "an editor": grant("roles/editor"),
  "an owner": grant("roles/owner"),
  "a viewer of everything": grant("roles/viewer"),
  "a writer, as Google calls editors anew": grant("roles/writer"),
} satisfies BadStacks;
