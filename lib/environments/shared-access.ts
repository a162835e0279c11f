import { ProjectIamBinding } from "@cdktf/provider-google/lib/project-iam-binding";
import { Construct } from "constructs";
import { recordOf } from "../core/props";

export interface SharedAccessProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Full name of the deployers' custom role (`projects/p/roles/stagingDeployer`), which `SharedRoles` makes. */
  readonly deployerRole: string;
  /** Full name of the custom role of the people who may reach the cluster's API, as `deployerRole`. */
  readonly clusterUserRole: string;
  /**
   * Google accounts that may reach the cluster's API: the engineers, and whom they let read. One may come twice. What they
   * may do there is up to role bindings in the namespaces.
   */
  readonly clusterUsers: readonly string[];
  /** Stacks whose state every deployer reads. */
  readonly sharedStacks: readonly string[];
}

/**
 * What all engineers' access has in common, granted once: the role of the people who may reach the cluster's API; and
 * what each deployer is given, its role and the states that it reads.
 *
 * Known limit: who may drop a database in the shared instance may drop another's too, but not read it. Audit logs tell
 * who did, and backups bring the data back. For staging only.
 *
 * @see https://cloud.google.com/storage/docs/managed-folders
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/iam
 * @example
 * ```ts
 * const shared = new SharedAccess(stack, "shared", {
 *   projectId: "acme-staging",
 *   deployerRole: "projects/acme-staging/roles/stagingDeployer",
 *   clusterUserRole: "projects/acme-staging/roles/stagingClusterUser",
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
    this.deployerRole = props.deployerRole;
    if (props.clusterUsers.length > 0)
      new ProjectIamBinding(this, "cluster_users", {
        project: props.projectId,
        role: props.clusterUserRole,
        members: [...new Set(props.clusterUsers)].sort().map((email) => `user:${email}`),
      });
    this.stateFolders = recordOf(props.sharedStacks, (stack) => `${stack}/`);
  }
}
