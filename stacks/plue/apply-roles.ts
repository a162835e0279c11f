import type { ApplyRoles } from "../../lib/environments/bootstrap-stack";
import type { EnvironmentName } from "./config";

const COMMON = [
  "roles/artifactregistry.admin",
  "roles/binaryauthorization.policyEditor",
  "roles/browser",
  "roles/certificatemanager.owner",
  "roles/cloudsql.admin",
  "roles/compute.networkAdmin",
  "roles/compute.securityAdmin",
  "roles/container.admin",
  "roles/iam.serviceAccountAdmin",
  // To let nodes run as their service account.
  "roles/iam.serviceAccountUser",
  "roles/monitoring.editor",
  "roles/pubsub.admin",
  "roles/servicenetworking.networksAdmin",
  "roles/serviceusage.serviceUsageAdmin",
];

/**
 * Ids of the custom roles that staging-access grants to engineers and their deployers. staging-bootstrap makes them: who
 * could change a custom role could put any permission into its own.
 */
export const ENGINEER_ROLES = {
  clusterUserRoleId: "stagingClusterUser",
  deployerRoleId: "stagingDeployer",
} as const;

/** Full name of a project's custom role. */
export function roleName(projectId: string, roleId: string): string {
  return `projects/${projectId}/roles/${roleId}`;
}

/** Roles that the stacks themselves grant in their project, and hence all that a workflow may grant or take there. */
const GRANTED = [
  "roles/cloudsql.client",
  "roles/cloudsql.instanceUser",
  "roles/cloudtrace.agent",
  "roles/container.defaultNodeServiceAccount",
];

/**
 * Predefined roles of the service account that applies an environment's shared stacks, one for each type of resource in
 * them, beside its custom role; and the project roles that it may grant. A test compares both with the synthesized stacks.
 */
export const APPLY_ROLES: Readonly<Record<EnvironmentName, ApplyRoles>> = {
  staging: {
    predefined: COMMON,
    grants: [...GRANTED, ...Object.values(ENGINEER_ROLES).map((id) => roleName("{project}", id))],
  },
  production: {
    predefined: [...COMMON, "roles/cloudkms.admin", "roles/logging.configWriter"],
    grants: GRANTED,
  },
};
