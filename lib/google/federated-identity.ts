import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import { StorageManagedFolderIamMember } from "@cdktf/provider-google/lib/storage-managed-folder-iam-member";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { accountIdProblem, type PropProblem, problemAt, rejectProps } from "../core/invalid-props";
import { grantRole, type RoleGrant } from "./role-grants";

/** Terraform states in a bucket, by their managed folders, each by a short name. */
export interface FederatedStates {
  readonly bucket: string;
  /** @default none */
  readonly reads?: Readonly<Record<string, string>>;
  /** Read, written and locked. @default none */
  readonly writes?: Readonly<Record<string, string>>;
}

export interface FederatedIdentityProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Id of the service account, 6 to 30 characters. Changing it recreates the account and all its grants. */
  readonly accountId: string;
  /** For people, shown in the console. */
  readonly displayName: string;
  /**
   * Federated IAM members that may impersonate it, by a short name: `principal://…`, or `principalSet://…` of one attribute's
   * value. A whole pool is refused, and a whole repository or owner: whoever may push any branch would be the identity.
   */
  readonly members: Readonly<Record<string, string>>;
  /**
   * Terraform states: the bucket, and the managed folders in it (`staging-base/`) of the states that it reads, and of those
   * that it also writes and locks, by a short name.
   * @default none
   */
  readonly states?: FederatedStates;
  /** Roles that it has, in the project or on what they name, by a short name. */
  readonly roles: Readonly<Record<string, RoleGrant>>;
}

/**
 * Keyless service account that federated identities, such as GitHub workflows, impersonate: with roles in one project, and
 * Terraform states to read or write.
 *
 * One for each environment that a branch deploys to: who may push to `develop` is then nobody in production.
 *
 * @see https://cloud.google.com/iam/docs/workload-identity-federation
 * @see https://developer.hashicorp.com/terraform/language/backend/gcs
 * @throws when a member is no federated identity, or every branch of a repository, an owner or a pool
 * @example
 * ```ts
 * const { principals } = new GithubFederation(stack, "github", {
 *   projectId: "acme-prod",
 *   projectNumber: "123456789012",
 *   poolId: "github",
 *   providerId: "github",
 *   repository: "acme/infrastructure",
 *   ownerId: "12345678",
 * });
 * new FederatedIdentity(stack, "plan", {
 *   projectId: "acme-prod",
 *   accountId: "terraform-plan",
 *   displayName: "Plans of pull requests",
 *   members: { pull_request: principals.event("pull_request") },
 *   roles: { viewer: { role: "roles/viewer" } },
 *   states: { bucket: "acme-terraform-state", reads: { base: "acme-base/" } },
 * });
 * new FederatedIdentity(stack, "deploy-staging", {
 *   projectId: "acme-prod",
 *   accountId: "github-actions-staging",
 *   displayName: "Deploys develop to staging",
 *   members: { develop: principals.branch("develop") },
 *   roles: {
 *     deploy: { role: "roles/run.developer", on: { service: "api-staging", location: "us-central1" } },
 *   },
 * });
 * ```
 */
export class FederatedIdentity extends Construct {
  /** The service account as an IAM member, `serviceAccount:…`. */
  readonly member: string;
  /** E-mail of the service account. */
  readonly email: string;
  /** Full name of the service account, `projects/<project>/serviceAccounts/<e-mail>`. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: FederatedIdentityProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { projectId: project, states } = props;
    const account = new ServiceAccount(this, "Resource", {
      project,
      accountId: props.accountId,
      displayName: props.displayName,
    });
    const { member } = account;
    for (const [name, federated] of Object.entries(props.members))
      new ServiceAccountIamMember(this, `is_${name}`, {
        serviceAccountId: account.name,
        role: "roles/iam.workloadIdentityUser",
        member: federated,
      });
    for (const [name, role] of Object.entries(props.roles)) grantRole(this, name, project, member, role);
    if (states) this.grantStates(states, member);
    this.member = member;
    this.email = account.email;
    this.name = account.name;
  }

  private grantStates({ bucket, reads, writes }: FederatedStates, member: string): void {
    const grant = (verb: string, folders: Readonly<Record<string, string>> = {}, role: string) => {
      for (const [name, managedFolder] of Object.entries(folders))
        new StorageManagedFolderIamMember(this, `${verb}_${name}`, { bucket, managedFolder, role, member });
    };
    grant("reads", reads, "roles/storage.objectViewer");
    grant("writes", writes, "roles/storage.objectUser");
  }
}

function problems({ accountId, members }: FederatedIdentityProps): PropProblem[] {
  const instead = "give the principalSet of an attribute that tells branches apart";
  return [
    ...problemAt(["accountId"], accountIdProblem(accountId)),
    ...Object.entries(members).flatMap(([name, member]) => {
      const prop = ["members", name];
      if (/\/workloadIdentityPools\/[^/]+\/\*$/.test(member))
        return [{ prop, problem: "is everybody who logs in to the pool", instead }];
      if (/\/attribute\.repository(_id|_owner|_owner_id)?\//.test(member))
        return [{ prop, problem: "is every branch of a repository, or of all of an owner's", instead }];
      if (!Token.isUnresolved(member) && !/^principal(Set)?:\/\//.test(member))
        return [{ prop, problem: `is "${member}", which is no federated identity`, instead }];
      return [];
    }),
  ];
}
