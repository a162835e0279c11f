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
  "a namespace that keeps an old version of the standard": namespace({
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "v1.0",
  }),
  "a namespace that warns of less than it refuses": namespace({
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/warn": "baseline",
  }),
  "a namespace for privileged pods, by a chart": ({ rendered }) =>
    void rendered.push({ kind: "Namespace", metadata: { name: "web" } }),
  "a namespace that Helm makes": ({ stack }) =>
    void new Release(stack, "release", { name: "web", chart: "helm/web", createNamespace: true }),
} satisfies BadStacks;
