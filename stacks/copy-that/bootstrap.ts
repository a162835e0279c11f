import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import type { Construct } from "constructs";
import { BootstrapStack } from "../../lib/environments/bootstrap-stack";
import type { CopyThatConfig, EnvironmentName } from "./config";
import { APPLY_ROLES, DECLARED_TYPES } from "./declared-types";
import { deployerId, PREFIX, stackNames } from "./names";

/** Branch that each environment is deployed from; the GitHub environment is called as the environment. */
export const BRANCHES: Readonly<Record<EnvironmentName, string>> = { staging: "develop", production: "main" };

/** Bootstrap of a project of Copy-That's: only its own branch, in its own GitHub environment, deploys it. */
export class CopyThatBootstrapStack extends BootstrapStack {
  constructor(scope: Construct, config: CopyThatConfig, environment: EnvironmentName) {
    const branch = BRANCHES[environment];
    super(scope, {
      environment,
      prefix: `${PREFIX}-${environment}-`,
      fields: config[environment],
      stateKey: { ring: "terraform-state", name: "terraform-state-key" },
      stacks: Object.values(stackNames(environment)),
      repository: config.githubRepository,
      ownerId: config.githubOwnerId,
      planners: (principals) => ({
        pull_request: principals.event("pull_request"),
        [branch]: principals.branch(branch),
      }),
      appliers: (principals) => ({ [branch]: principals.deployment(branch, environment) }),
      applyAccountId: deployerId(environment),
      types: DECLARED_TYPES,
      applyRoles: APPLY_ROLES[environment],
      billingAccount: config.billingAccount,
    });
    // For a smoke test behind Identity-Aware Proxy, which wants a token that the account signs itself.
    new ServiceAccountIamMember(this, "apply-signs", {
      serviceAccountId: this.applier.name,
      role: "roles/iam.serviceAccountTokenCreator",
      member: this.applier.member,
    });
    if (config.applicationRepository) this.declareImages(config.applicationRepository, branch);
  }
}
