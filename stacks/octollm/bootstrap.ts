import type { Construct } from "constructs";
import { BootstrapStack } from "../../lib/environments/bootstrap-stack";
import type { EnvironmentName, OctollmConfig } from "./config";
import { APPLIED_TYPES, APPLY_ROLES, PEOPLES_TYPES } from "./declared-types";
import { nameOf, STATE_KEY } from "./names";

/** Branch that workflows apply from. */
const MAIN = "main";

/**
 * Bootstrap of an environment's project: its own bucket of states with the key, the identities of this repository's
 * workflows, and the one as which the application's push images and attest them. Whoever applies dev applies no other.
 */
export class OctollmBootstrapStack extends BootstrapStack {
  /**
   * @param stacks of the environment
   * @param byPeople those of them that people alone apply
   */
  constructor(
    scope: Construct,
    config: OctollmConfig,
    name: EnvironmentName,
    stacks: readonly string[],
    byPeople: readonly string[],
  ) {
    super(scope, {
      environment: name,
      prefix: `${nameOf(name)}-`,
      fields: config[name],
      stateKey: STATE_KEY,
      stacks,
      repository: config.githubRepository,
      ownerId: config.githubOwnerId,
      planners: ({ event, branch }) => ({ pull_request: event("pull_request"), main: branch(MAIN) }),
      // The GitHub environment of the same name, whose reviewers let a deployment go on.
      appliers: ({ deployment }) => ({ main_in_environment: deployment(MAIN, name) }),
      types: [...APPLIED_TYPES, ...PEOPLES_TYPES],
      byPeople: { stacks: byPeople, types: PEOPLES_TYPES },
      applyRoles: APPLY_ROLES,
      billingAccount: config.billingAccount,
    });
    this.declareImages(config.applicationRepository, MAIN);
  }
}
