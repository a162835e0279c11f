import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import { Construct } from "constructs";
import { type PropProblem, rejectProps } from "../core/invalid-props";

/**
 * Permissions of the deployers' custom role: what an engineer's stack needs of Google's APIs, beyond state and images.
 *
 * Of the cluster it is no more than the way to its API. What IAM gives there it gives in every namespace, from the first
 * minute, and `container.clusterRoles.bind` is the right to bind every role: so what a deployer may do in the cluster is
 * RBAC's to say, by its name (see `EngineerAccess`).
 *
 * An IAM condition cannot narrow the database's half either: Cloud SQL answers 403 where a condition on the instance
 * meets a database, which is no resource to IAM. Hence databases alone, and no `cloudsql.users`: by those one becomes the
 * instance's administrator.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/role-based-access-control#iam-interaction
 * @see https://cloud.google.com/sql/docs/postgres/iam-permissions
 */
export const DEPLOYER_PERMISSIONS = [
  // To reach the cluster's API at all, by its address or by its DNS endpoint.
  "container.clusters.connect",
  "container.clusters.get",
  "cloudsql.databases.create",
  "cloudsql.databases.delete",
  "cloudsql.databases.get",
  // To wait for an operation.
  "cloudsql.instances.get",
];

/** To reach the cluster's API, and do there what role bindings allow. */
const CLUSTER_USER_PERMISSIONS = [
  "container.clusters.connect",
  "container.clusters.get",
  "container.clusters.list",
];

export interface SharedRolesProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /**
   * Id of the deployers' custom role, unique in the project. Changing it recreates the role and all grants of it; the
   * old id stays taken for more than a month.
   */
  readonly deployerRoleId: string;
  /** Id of the custom role of the people who may reach the cluster's API, as `deployerRoleId`. */
  readonly clusterUserRoleId: string;
}

/**
 * Custom IAM roles of a shared environment: that of its engineers' deployers, and that of the people who may reach the
 * cluster's API. `SharedAccess` and `EngineerAccess` grant them by name.
 *
 * A construct of its own, for the stack that people deploy: who may change a custom role (`roles/iam.roleAdmin`) may put
 * any permission into one that it holds itself, so no workflow may.
 *
 * @see https://cloud.google.com/iam/docs/creating-custom-roles
 * @throws when a role id is not one
 * @example
 * ```ts
 * const roles = new SharedRoles(stack, "roles", {
 *   projectId: "acme-staging",
 *   deployerRoleId: "stagingDeployer",
 *   clusterUserRoleId: "stagingClusterUser",
 * });
 * stack.output("deployer_role", { value: roles.deployerRole });
 * ```
 */
export class SharedRoles extends Construct {
  /** Full name of the deployers' role: `projects/p/roles/stagingDeployer`. */
  readonly deployerRole: string;
  /** Full name of the role of the people who may reach the cluster's API. */
  readonly clusterUserRole: string;

  constructor(scope: Construct, id: string, props: SharedRolesProps) {
    super(scope, id);
    rejectProps(this, [
      ...roleIdProblems("deployerRoleId", props),
      ...roleIdProblems("clusterUserRoleId", props),
    ]);
    const role = (name: string, roleId: string, title: string, permissions: string[]) =>
      new ProjectIamCustomRole(this, name, { project: props.projectId, roleId, title, permissions }).name;

    this.deployerRole = role(
      "deployer",
      props.deployerRoleId,
      "Deployer of one engineer's environment",
      DEPLOYER_PERMISSIONS,
    );
    this.clusterUserRole = role(
      "cluster_user",
      props.clusterUserRoleId,
      "Reaches the cluster's API",
      CLUSTER_USER_PERMISSIONS,
    );
  }
}

function roleIdProblems(
  prop: "deployerRoleId" | "clusterUserRoleId",
  props: SharedRolesProps,
): PropProblem[] {
  if (/^[A-Za-z0-9_.]{3,64}$/.test(props[prop])) return [];
  return [
    { prop: [prop], problem: `is "${props[prop]}"`, instead: "use 3 to 64 letters, digits, _ and dots" },
  ];
}
