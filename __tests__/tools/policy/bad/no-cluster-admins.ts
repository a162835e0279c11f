import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import type { BadStacks } from "../../../support/bad-stacks";

const apiGroup = "rbac.authorization.k8s.io";
const role = (name: string) => ({ apiGroup, kind: "ClusterRole", name });

export default {
  "an administrator": ({ stack }) =>
    void new ClusterRoleBindingV1(stack, "admin", {
      metadata: { name: "admin" },
      roleRef: role("cluster-admin"),
      subject: [{ apiGroup, kind: "User", name: "alice@plue.dev" }],
    }),
  "an editor of all namespaces": ({ stack }) =>
    void new ClusterRoleBindingV1(stack, "edit", {
      metadata: { name: "edit" },
      roleRef: role("edit"),
      subject: [{ apiGroup, kind: "User", name: "alice@plue.dev" }],
    }),
  "a role that may do everything": ({ stack }) =>
    void new ClusterRoleV1(stack, "all", {
      metadata: { name: "all" },
      rule: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
    }),
  "every pod of the cluster": ({ stack }) =>
    void new RoleBindingV1(stack, "pods", {
      metadata: { name: "pods", namespace: "web" },
      roleRef: role("view"),
      subject: [{ apiGroup, kind: "Group", name: "system:serviceaccounts" }],
    }),
  "whoever has a Google account": ({ stack }) =>
    void new RoleBindingV1(stack, "all", {
      metadata: { name: "all", namespace: "web" },
      roleRef: role("view"),
      subject: [{ apiGroup, kind: "Group", name: "system:authenticated" }],
    }),
  "whoever has a Google account, by a chart": ({ rendered }) =>
    void rendered.push({
      kind: "ClusterRoleBinding",
      metadata: { name: "all" },
      roleRef: role("binder"),
      subjects: [{ apiGroup, kind: "Group", name: "system:authenticated" }],
    }),
  "an administrator, by a chart": ({ rendered }) =>
    void rendered.push({
      kind: "RoleBinding",
      metadata: { name: "admin", namespace: "web" },
      roleRef: role("cluster-admin"),
      subjects: [{ kind: "ServiceAccount", name: "web", namespace: "web" }],
    }),
  "an editor of all namespaces, by a chart": ({ rendered }) =>
    void rendered.push({
      kind: "ClusterRoleBinding",
      metadata: { name: "edit" },
      roleRef: role("edit"),
      subjects: [{ kind: "ServiceAccount", name: "web", namespace: "web" }],
    }),
  "a role that may do everything, by a chart": ({ rendered }) =>
    void rendered.push({
      kind: "Role",
      metadata: { name: "all", namespace: "web" },
      rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
    }),
} satisfies BadStacks;
