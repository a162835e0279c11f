import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import type { BadStacks } from "../../support/bad-stacks";

export default {
  "a script": ({ stack, projectId: project }) =>
    void new ServiceAccount(stack, "account", {
      project,
      accountId: "worker",
      provisioners: [{ type: "local-exec", command: "./setup.sh" }],
    }),
} satisfies BadStacks;
