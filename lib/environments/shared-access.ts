import { ProjectIamBinding } from "@cdktf/provider-google/lib/project-iam-binding";
import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import { Construct } from "constructs";
import { type PropProblem, rejectProps } from "../core/invalid-props";
import { recordOf } from "../core/props";

/**
 * Permissions of the deployers' custom role: what an engineer's stack needs of Google's APIs, beyond state and images.
 *
 * Neither half can be narrowed by an IAM condition: IAM knows no Kubernetes namespaces, and Cloud SQL answers 403 where
 * a condition on the instance meets a database, which is no resource to IAM. Inside the cluster the platform chart's
 * admission policies narrow it to one namespace; inside Cloud SQL nothing does. Hence databases alone, and no
 * `cloudsql.users`: by those one becomes the instance's administrator.
 *
 * @see https://cloud.google.com/sql/docs/postgres/iam-permissions
 */
export const DEPLOYER_PERMISSIONS = [
  // To reach the cluster's API at all, by its address or by its DNS endpoint.
  "container.clusters.connect",
  "container.clusters.get",
  // To make a namespace, and there the role binding that gives all further rights in it. Only Kubernetes' RBAC decides
  // which role may be bound: without container.clusterRoles.bind, which would allow every role.
  "container.namespaces.create",
  "container.namespaces.delete",
  "container.namespaces.get",
  "container.roleBindings.create",
  "container.roleBindings.get",
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

export interface SharedAccessProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /**
   * Id of the deployers' custom role, unique in the project. Changing it recreates the role and all grants of it; the
   * old id stays taken for more than a month.
   */
  readonly deployerRoleId: string;
  /** Id of the custom role of the people who may reach the cluster's API, as `deployerRoleId`. */
  readonly clusterUserRoleId: string;
  /**
   * Google accounts that may reach the cluster's API: the engineers, and whom they let read. One may come twice. What they
   * may do there is up to role bindings in the namespaces.
   */
  readonly clusterUsers: readonly string[];
  /** Stacks whose state every deployer reads. */
  readonly sharedStacks: readonly string[];
}

/**
 * Custom IAM roles that all engineers' access has in common, made once: that of deployers, and that of the people who may
 * reach the cluster's API, with its binding; and which states deployers read.
 *
 * Known limit: who may drop a database in the shared instance may drop another's too, but not read it. Audit logs tell
 * who did, and backups bring the data back. For staging only.
 *
 * @see https://cloud.google.com/storage/docs/managed-folders
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/iam
 * @throws when a role id is not one
 * @example
 * ```ts
 * const shared = new SharedAccess(stack, "shared", {
 *   projectId: "acme-staging",
 *   deployerRoleId: "stagingDeployer",
 *   clusterUserRoleId: "stagingClusterUser",
 *   clusterUsers: ["alice@example.com", "bob@example.com"],
 *   sharedStacks: ["staging-base"],
 * });
 * stack.output("deployer_role", { value: shared.deployerRole });
 * ```
 */
export class SharedAccess extends Construct {
  /** Full name of the deployers' role: `projects/p/roles/stagingDeployer`. */
  readonly deployerRole: string;
  /** Managed folder over each shared stack's state (`staging-base/`), by stack; the bootstrap makes them. */
  readonly stateFolders: Record<string, string>;

  constructor(scope: Construct, id: string, props: SharedAccessProps) {
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
    const clusterUser = role(
      "cluster_user",
      props.clusterUserRoleId,
      "Reaches the cluster's API",
      CLUSTER_USER_PERMISSIONS,
    );
    if (props.clusterUsers.length > 0)
      new ProjectIamBinding(this, "cluster_users", {
        project: props.projectId,
        role: clusterUser,
        members: [...new Set(props.clusterUsers)].sort().map((email) => `user:${email}`),
      });
    this.stateFolders = recordOf(props.sharedStacks, (stack) => `${stack}/`);
  }
}

function roleIdProblems(
  prop: "deployerRoleId" | "clusterUserRoleId",
  props: SharedAccessProps,
): PropProblem[] {
  if (/^[A-Za-z0-9_.]{3,64}$/.test(props[prop])) return [];
  return [
    { prop: [prop], problem: `is "${props[prop]}"`, instead: "use 3 to 64 letters, digits, _ and dots" },
  ];
}
