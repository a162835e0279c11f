import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { Release } from "@cdktf/provider-helm/lib/release";
import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "a script": ({ stack, projectId: project }) =>
    void new ServiceAccount(stack, "account", {
      project,
      accountId: "worker",
      provisioners: [{ type: "local-exec", command: "./setup.sh" }],
    }),
  "a program that rewrites a chart": ({ stack }) =>
    void new Release(stack, "release", {
      name: "web",
      chart: "helm/web",
      postrender: { binaryPath: "./rewrite.sh" },
    }),
} satisfies BadStacks;
