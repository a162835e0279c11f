import type { RoleGrant } from "../../lib/google/role-grants";
import { STATE_KEY, stateKeyName } from "../../lib/google/state-store/settings";
import type { EnvironmentConfig, EnvironmentName } from "./config";

type Condition = RoleGrant["condition"];

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
  "roles/container.defaultNodeServiceAccount",
];

/**
 * Predefined roles of the service account that applies an environment's shared stacks, one for each type of resource in
 * them, beside its custom role; and the project roles that it may grant. A test compares both with the synthesized stacks.
 */
export const APPLY_ROLES: Readonly<
  Record<EnvironmentName, { readonly predefined: readonly string[]; readonly grants: readonly string[] }>
> = {
  staging: {
    predefined: COMMON,
    grants: [...GRANTED, ...Object.values(ENGINEER_ROLES).map((id) => roleName("{project}", id))],
  },
  production: {
    predefined: [...COMMON, "roles/cloudkms.admin", "roles/logging.configWriter"],
    grants: GRANTED,
  },
};

/** IAM condition: everything but the state bucket. What else the role is about has another type. */
export function exceptStateBucket(bucket: string): Condition {
  return {
    title: "not the state bucket",
    expression: `resource.type != "storage.googleapis.com/Bucket" || resource.name != "projects/_/buckets/${bucket}"`,
  };
}

/** IAM condition: every Cloud KMS key but the state's, as without it no state can be read again. */
export function exceptStateKey({ projectId, region }: EnvironmentConfig): Condition {
  const ring = stateKeyName(projectId, region).replace(/\/cryptoKeys\/.*/, "");
  return { title: `not the keys of ${STATE_KEY.ring}`, expression: `!resource.name.startsWith("${ring}")` };
}

/**
 * IAM condition on who administers IAM: these project roles alone may be granted and revoked.
 * @see https://cloud.google.com/iam/docs/setting-limits-on-granting-roles
 */
export function onlyGranting(roles: readonly string[]): Condition {
  const list = [...roles].sort().map((role) => `'${role}'`);
  return {
    title: "only roles that the stacks grant",
    expression: `api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([${list.join(", ")}])`,
  };
}
