import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
import type { BadStacks } from "../../../support/bad-stacks";

const actAs =
  (member: string): BadStacks[string] =>
  ({ stack, projectId: project }) => {
    const { name } = new ServiceAccount(stack, "account", { project, accountId: "worker" });
    new ServiceAccountIamMember(stack, "grant", {
      serviceAccountId: name,
      role: "roles/iam.serviceAccountTokenCreator",
      member,
    });
  };
const pools = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools";

export default {
  "a person who is not in the registry": actAs("user:mallory@plue.dev"),
  "a group that the configuration does not know": actAs("group:everybody@plue.dev"),
  "a whole domain": actAs("domain:plue.dev"),
  "an account of another project": actAs("serviceAccount:ci@elsewhere.iam.gserviceaccount.com"),
  "an account of ours that no stack makes": actAs("serviceAccount:gone@plue-staging.iam.gserviceaccount.com"),
  "pods of another project's clusters": actAs("serviceAccount:elsewhere.svc.id.goog[web/web]"),
  "workflows by another project's pool": actAs(`principalSet:${pools}/github/attribute.ref/refs/heads/main`),
  "everybody in a pool": actAs(`principalSet:${pools}/github/*`),
  "the owners of another project": actAs("projectOwner:elsewhere"),
  "a reference to what is no identity": (bad) => {
    const user = new SqlUser(bad.stack, "user", { name: "web", instance: "shop" });
    (actAs(`serviceAccount:${user.name}`) as (stack: typeof bad) => void)(bad);
  },
} satisfies BadStacks;
