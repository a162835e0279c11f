import { Release } from "@cdktf/provider-helm/lib/release";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { BadStacks } from "../../../support/bad-stacks";

const namespace =
  (labels?: Record<string, string>): BadStacks[string] =>
  ({ stack }) =>
    void new NamespaceV1(stack, "namespace", { metadata: { name: "web", labels } });

export default {
  "a namespace without a standard": namespace(),
  "a namespace for privileged pods": namespace({ "pod-security.kubernetes.io/enforce": "privileged" }),
  "a namespace that Helm makes": ({ stack }) =>
    void new Release(stack, "release", { name: "web", chart: "helm/web", createNamespace: true }),
} satisfies BadStacks;
