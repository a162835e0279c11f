import { ArtifactRegistryRepositoryIamMember } from "@cdktf/provider-google/lib/artifact-registry-repository-iam-member";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
import { StorageManagedFolder } from "@cdktf/provider-google/lib/storage-managed-folder";
import { StorageManagedFolderIamMember } from "@cdktf/provider-google/lib/storage-managed-folder-iam-member";
import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { Construct } from "constructs";
import { recordOf } from "../core/props";
import type { ImageRegistry } from "../google/artifact-registry";
import { githubPrincipals } from "../google/github-federation";
import { RuntimeIdentity } from "../google/runtime-identity";
import type { EngineerNames } from "./registry";
import type { SharedAccess } from "./shared-access";

const RBAC = "rbac.authorization.k8s.io";

export interface EngineerAccessProps {
  /** Id of the Google Cloud project, in which the service accounts are made. */
  readonly projectId: string;
  /** What everything of the engineer is called. Changing a name recreates what bears it. */
  readonly names: EngineerNames;
  /** Google account that may impersonate the deployer. */
  readonly email: string;
  /**
   * Whether the engineer and her branch may deploy. `false` (offboarding) takes that away, and lets her state folder be
   * deleted; all else stays, for the destroy of her stack.
   */
  readonly active: boolean;
  /** Roles and state folders that all engineers' deployers have in common. */
  readonly shared: SharedAccess;
  /**
   * ClusterRole with what a deployer may do before it has a namespace. Whoever makes it decides when deployers can begin:
   * until it exists the binding gives nothing.
   */
  readonly deployerClusterRole: string;
  /** GCS bucket of the states. */
  readonly stateBucket: string;
  /** Name of the shared Cloud SQL instance. */
  readonly sqlInstance: string;
  /** Artifact Registry repository that the deployer looks images up in. */
  readonly registry: ImageRegistry;
  /** Ids of the secrets that the runtime identity may read, in this project. */
  readonly secretIds: readonly string[];
  /** Kubernetes service account, in the engineer's namespace, of the pods that impersonate the runtime identity. */
  readonly kubernetesServiceAccount: string;
  /**
   * Branch whose GitHub workflows may impersonate the deployer; the pool must be of this repository alone (`GithubFederation`).
   * @default only the engineer deploys
   */
  readonly branch?: {
    /** `projects/<number>/locations/global/workloadIdentityPools/<pool>` */
    readonly workloadIdentityPool: string;
    /** `staging/alice` */
    readonly name: string;
    /** Number of the GitHub account whose pushes count; anybody else's get no token, whatever the workflow in the branch says. */
    readonly accountId: string;
  };
  /**
   * The branch of that name in the application's repository, whose pushes by the same account may impersonate the service
   * account that pushes images.
   * @default only others push images
   */
  readonly imageBranch?: {
    /** Pool of the application's repository alone, as `branch`. */
    readonly workloadIdentityPool: string;
    /** Full name of the service account: `projects/<project>/serviceAccounts/<e-mail>`. */
    readonly account: string;
  };
  /**
   * IAM members that may read the state and nothing else, as plans do, by a short name.
   * @default none
   */
  readonly stateReaders?: Record<string, string>;
  /**
   * IAM members that may also impersonate the deployer, while offboarding too, by a short name of one's own
   * (`{platform: "group:platform@…"}`).
   * @default none
   */
  readonly operators?: Record<string, string>;
}

/**
 * Service accounts, IAM and Cloud SQL login of one engineer's environment, so that her own stack needs none and nobody can
 * grant herself more:
 *
 * - the deployer (`tf-staging-alice`), which the engineer and her branch may impersonate: it reads and writes the stack's
 *   state and no other, reads the shared states, looks up images, holds the shared deployers' role (see `SharedRoles`
 *   for how far that reaches), and is bound by its name to the cluster's role of deployers, which IAM could not narrow to
 *   a kind of role, nor withhold until the cluster's admission policies are there. The stack needs a kubernetes provider;
 * - the runtime identity (`staging-alice`) of the pods: see `RuntimeIdentity`;
 * - its login to the database instance, without a password and without rights there. Here and not beside the database,
 *   as Cloud SQL knows no rights below an instance: who may make a login may set the administrator's password. The chart
 *   `helm/platform` gives it its database. It owns nothing, and goes with the registry's entry.
 *
 * Terraform's gcs backend lists, reads, creates and deletes objects under its prefix, and replaces them (which is
 * create and delete), for the state and for its lock: `roles/storage.objectUser` on a managed folder of that name.
 *
 * A project has room for 100 service accounts until Google raises the quota, which is 50 engineers, and for 1,500
 * members in its IAM policy, which is 500. A new service account can take a minute until it is of use.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/gcs
 * @see https://cloud.google.com/storage/docs/access-control/using-iam-for-managed-folders
 * @see https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines
 * @example
 * ```ts
 * new EngineerAccess(stack, "alice", {
 *   projectId: "acme-staging",
 *   names: engineerNames("alice", "acme-staging"),
 *   email: "alice@example.com",
 *   active: true,
 *   shared: new SharedAccess(stack, "shared", {
 *     projectId: "acme-staging",
 *     deployerRole: "projects/acme-staging/roles/stagingDeployer",
 *     clusterUserRole: "projects/acme-staging/roles/stagingClusterUser",
 *     clusterUsers: ["alice@example.com"],
 *     sharedStacks: ["staging-base"],
 *   }),
 *   deployerClusterRole: "deployer",
 *   stateBucket: "acme-terraform-state",
 *   sqlInstance: "acme-staging",
 *   registry: { projectId: "acme-staging", location: "us-central1", repositoryId: "shop" },
 *   secretIds: ["stripe-api-key"],
 *   kubernetesServiceAccount: "api",
 * });
 * ```
 */
export class EngineerAccess extends Construct {
  /** E-mail of the deployer. */
  readonly deployerEmail: string;
  /** E-mail of the runtime identity. */
  readonly runtimeEmail: string;

  constructor(scope: Construct, id: string, props: EngineerAccessProps) {
    super(scope, id);
    const deployer = new ServiceAccount(this, "deployer", {
      project: props.projectId,
      accountId: props.names.deployerAccountId,
      displayName: `Deploys ${props.names.stack}`,
    });
    const runtime = new RuntimeIdentity(this, "runtime", {
      projectId: props.projectId,
      accountId: props.names.runtimeAccountId,
      displayName: `Pods of ${props.names.stack}`,
      sqlInstance: props.sqlInstance,
      secretIds: recordOf(props.secretIds, (secretId) => secretId),
      pods: { namespace: props.names.namespace, serviceAccount: props.kubernetesServiceAccount },
      // To write traces, and read none.
      roles: { traces: { role: "roles/cloudtrace.agent" } },
    });
    new SqlUser(this, "database_user", {
      project: props.projectId,
      instance: props.sqlInstance,
      name: runtime.databaseUser,
      type: "CLOUD_IAM_SERVICE_ACCOUNT",
      dependsOn: [runtime.account],
    });
    this.grantState(props, deployer.member);
    this.grantDeployment(props, deployer.member);
    this.grantImpersonation(props, deployer.name);
    this.deployerEmail = deployer.email;
    this.runtimeEmail = runtime.email;
  }

  private grantState(
    { stateBucket, names, active, shared, stateReaders = {} }: EngineerAccessProps,
    deployer: string,
  ) {
    const folder = new StorageManagedFolder(this, "state", {
      bucket: stateBucket,
      name: names.stateFolder,
      // While she is active a folder with a state in it refuses to go: who drops out of the registry without being
      // offboarded stops here.
      forceDestroy: !active,
    });
    const grant = (id: string, managedFolder: string, role: string, member: string) =>
      new StorageManagedFolderIamMember(this, id, { bucket: stateBucket, managedFolder, role, member });
    grant("state_deployer", folder.name, "roles/storage.objectUser", deployer);
    for (const [name, member] of Object.entries(stateReaders))
      grant(`state_${name}`, folder.name, "roles/storage.objectViewer", member);
    for (const [stack, name] of Object.entries(shared.stateFolders))
      grant(`${stack}_deployer`, name, "roles/storage.objectViewer", deployer);
  }

  private grantDeployment(
    { projectId, names, registry, shared, deployerClusterRole }: EngineerAccessProps,
    member: string,
  ) {
    new ProjectIamMember(this, "deployer_project", {
      project: projectId,
      role: shared.deployerRole,
      member,
    });
    new ClusterRoleBindingV1(this, "deployer_cluster", {
      metadata: { name: names.deployerAccountId },
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: deployerClusterRole },
      subject: [{ kind: "User", apiGroup: RBAC, name: names.deployerEmail }],
    });
    new ArtifactRegistryRepositoryIamMember(this, "deployer_images", {
      project: registry.projectId,
      location: registry.location,
      repository: registry.repositoryId,
      role: "roles/artifactregistry.reader",
      member,
    });
  }

  private grantImpersonation(
    { active, email, branch, imageBranch, operators = {} }: EngineerAccessProps,
    account: string,
  ) {
    const grant = (id: string, role: string, member: string) =>
      new ServiceAccountIamMember(this, `deployer_${id}`, { serviceAccountId: account, role, member });
    for (const [name, member] of Object.entries(operators))
      grant(`operator_${name}`, "roles/iam.serviceAccountTokenCreator", member);
    if (!active) return;
    grant("engineer", "roles/iam.serviceAccountTokenCreator", `user:${email}`);
    if (branch)
      grant(
        "branch",
        "roles/iam.workloadIdentityUser",
        githubPrincipals(branch.workloadIdentityPool).pushBy(branch.accountId, branch.name),
      );
    if (branch && imageBranch)
      new ServiceAccountIamMember(this, "images_branch", {
        serviceAccountId: imageBranch.account,
        role: "roles/iam.workloadIdentityUser",
        member: githubPrincipals(imageBranch.workloadIdentityPool).pushBy(branch.accountId, branch.name),
      });
  }
}
