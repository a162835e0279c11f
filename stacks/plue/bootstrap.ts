import type { Construct } from "constructs";
import { BootstrapStack } from "../../lib/environments/bootstrap-stack";
import { SharedRoles } from "../../lib/environments/shared-roles";
import type { GithubPrincipals } from "../../lib/google/github-federation";
import { APPLY_ROLES, ENGINEER_ROLES } from "./apply-roles";
import { type EnvironmentName, type PlueConfig, stateOwner } from "./config";
import { DECLARED_TYPES } from "./declared-types";

/** Branch that workflows apply from. */
const MAIN = "main";
/** GitHub environment whose reviewers let a deployment of production go on. */
const PROTECTED_ENVIRONMENT = "production";
/** GitHub environment of the one job that tells of drift: no other job on main gets its identity. */
const DRIFT_ENVIRONMENT = "drift";

/**
 * Bootstrap of a project of Plue's: beside what every one has, the custom roles that are granted to engineers in staging, and
 * the identity by which the application's workflows push images.
 */
export class PlueBootstrapStack extends BootstrapStack {
  constructor(
    scope: Construct,
    config: PlueConfig,
    name: EnvironmentName,
    /** Stacks of the environment that get a folder for their state. */
    stacks: readonly string[],
  ) {
    const fields = config[name];
    const { projectId } = fields;
    const { predefined, grants } = APPLY_ROLES[name];
    super(scope, {
      environment: name,
      prefix: `${name}-`,
      fields,
      stateOwner: config[stateOwner(config, name)],
      stacks,
      repository: config.githubRepository,
      ownerId: config.githubOwnerId,
      planners: ({ event, branch }) => ({ pull_request: event("pull_request"), main: branch(MAIN) }),
      appliers: ({ deployment, branch }): Record<string, string> =>
        name === "production"
          ? { main_in_environment: deployment(MAIN, PROTECTED_ENVIRONMENT) }
          : { main: branch(MAIN) },
      // Drift of either environment is told where its alert is.
      ...(name === "production" && {
        driftReporters: ({ deployment }: GithubPrincipals) => ({
          main_in_environment: deployment(MAIN, DRIFT_ENVIRONMENT),
        }),
      }),
      types: DECLARED_TYPES,
      applyRoles: { predefined, grants: grants.map((grant) => grant.replace("{project}", projectId)) },
      billingAccount: config.billingAccount,
    });
    if (name === "staging") {
      const folder = (prefix: string) => `resource.name.startsWith("${this.managedFolder(prefix)}")`;
      this.grantBucket("apply", "folders", this.applier.member, {
        title: "not the folder of the bootstrap",
        expression: `${folder(`${name}-`)} && !${folder(`${name}-bootstrap`)}`,
      });
      new SharedRoles(this, "engineers", { projectId, ...ENGINEER_ROLES });
    }
    // Of main here, of an engineer's branch by staging-access.
    if (config.applicationRepository) this.declareImages(config.applicationRepository, MAIN);
  }
}
