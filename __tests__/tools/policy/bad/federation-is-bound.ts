import { IamWorkloadIdentityPoolProvider } from "@cdktf/provider-google/lib/iam-workload-identity-pool-provider";
import type { BadStacks } from "../../../support/bad-stacks";

const provider =
  (attributeCondition?: string): BadStacks[string] =>
  ({ stack, projectId: project }) =>
    void new IamWorkloadIdentityPoolProvider(stack, "github", {
      project,
      workloadIdentityPoolId: "github",
      workloadIdentityPoolProviderId: "github",
      attributeMapping: { "google.subject": "assertion.sub" },
      attributeCondition,
      oidc: { issuerUri: "https://token.actions.githubusercontent.com" },
    });

export default {
  "every repository of GitHub": provider(),
  "every repository that has a branch main": provider('assertion.ref == "refs/heads/main"'),
} satisfies BadStacks;
