import { Release } from "@cdktf/provider-helm/lib/release";
import type { BadStacks } from "../../../support/bad-stacks";

const release =
  (repository: string, version?: string): BadStacks[string] =>
  ({ stack }) =>
    void new Release(stack, "release", { name: "web", chart: "web", repository, version });

export default {
  "the latest": release("https://charts.example"),
  "any of a major version": release("https://charts.example", "1.x"),
  "a chart that anybody on the way may change": release("http://charts.example", "1.2.3"),
  "the latest of a chart that names its place itself": ({ stack }) =>
    void new Release(stack, "release", { name: "web", chart: "oci://registry.example/web" }),
} satisfies BadStacks;
