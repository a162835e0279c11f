import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import type { Construct } from "constructs";
import { BootstrapStack } from "../../lib/environments/bootstrap-stack";
import { type OrchestraConfig, PRODUCTION } from "./config";
import { APPLY_ROLES, DECLARED_TYPES } from "./declared-types";
import { CACHE_ROLE, PREFIX, STACKS } from "./names";

/** Branch that workflows apply from, in the GitHub environment that is called as the environment is. */
const MAIN = "main";

/** Bootstrap of Orchestra's project. */
export class OrchestraBootstrapStack extends BootstrapStack {
  constructor(scope: Construct, config: OrchestraConfig) {
    const fields = config[PRODUCTION];
    super(scope, {
      environment: PRODUCTION,
      prefix: PREFIX,
      fields,
      stacks: Object.values(STACKS),
      repository: config.githubRepository,
      ownerId: config.githubOwnerId,
      planners: ({ event, branch }) => ({ pull_request: event("pull_request"), main: branch(MAIN) }),
      appliers: ({ deployment }) => ({ main: deployment(MAIN, PRODUCTION) }),
      types: DECLARED_TYPES,
      applyRoles: {
        ...APPLY_ROLES,
        grants: [...APPLY_ROLES.grants, `projects/${fields.projectId}/roles/${CACHE_ROLE}`],
      },
      billingAccount: config.billingAccount,
    });
    // Here, as who could change a custom role could put any permission into its own.
    new ProjectIamCustomRole(this, "cache-role", {
      project: fields.projectId,
      roleId: CACHE_ROLE,
      title: "Empties Cloud CDN's cache",
      permissions: ["compute.globalOperations.get", "compute.urlMaps.get", "compute.urlMaps.invalidateCache"],
    });
  }
}
