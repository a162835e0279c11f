import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
import { StorageManagedFolderIamMember } from "@cdktf/provider-google/lib/storage-managed-folder-iam-member";
import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "the state of somebody else": {
    in: "staging-alice",
    build: ({ stack }) =>
      void new StorageManagedFolderIamMember(stack, "state", {
        bucket: "plue-terraform-state",
        managedFolder: "staging-bob/",
        role: "roles/storage.objectViewer",
        member: "user:alice@plue.dev",
      }),
  },
  "an identity": {
    in: "staging-alice",
    build: ({ stack, projectId: project }) =>
      void new ServiceAccount(stack, "account", { project, accountId: "second-self" }),
  },
  "a login to the shared instance": {
    in: "staging-alice",
    build: ({ stack }) =>
      void new SqlUser(stack, "user", {
        instance: "plue-staging",
        name: "staging-bob@plue-staging.iam",
        type: "CLOUD_IAM_SERVICE_ACCOUNT",
      }),
  },
  "a role in the whole cluster": {
    in: "staging-alice",
    build: ({ stack }) =>
      void new ClusterRoleV1(stack, "role", {
        metadata: { name: "reader" },
        rule: [{ apiGroups: [""], resources: ["pods"], verbs: ["list"] }],
      }),
  },
  "a role in the whole cluster, by a chart": {
    in: "staging-alice",
    build: ({ rendered }) => void rendered.push({ kind: "ClusterRole", metadata: { name: "reader" } }),
  },
} satisfies BadStacks;
