import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import { StorageManagedFolderIamMember } from "@cdktf/provider-google/lib/storage-managed-folder-iam-member";
import { Construct } from "constructs";

/** Role of an IAM binding, with its condition. */
export interface ConditionalRole {
  /** `roles/…`, or a custom role's full name. */
  readonly role: string;
  /** IAM condition, in CEL. @default none: it always holds */
  readonly condition?: { readonly title: string; readonly expression: string };
}

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
  /** Federated IAM members (`principalSet://…`) that may impersonate it, by a short name. */
  readonly members: Readonly<Record<string, string>>;
  /**
   * Terraform states: the bucket, and the managed folders in it (`staging-base/`) of the states that it reads, and of those
   * that it also writes and locks, by a short name.
   * @default none
   */
  readonly states?: FederatedStates;
  /** Roles that it has in the project, by a short name. */
  readonly roles: Readonly<Record<string, ConditionalRole>>;
}

/**
 * Keyless service account that federated identities, such as GitHub workflows, impersonate: with roles in one project, and
 * Terraform states to read or write.
 *
 * @see https://cloud.google.com/iam/docs/workload-identity-federation
 * @see https://developer.hashicorp.com/terraform/language/backend/gcs
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
 * ```
 */
export class FederatedIdentity extends Construct {
  /** The service account as an IAM member, `serviceAccount:…`. */
  readonly member: string;
  /** E-mail of the service account. */
  readonly email: string;

  constructor(scope: Construct, id: string, props: FederatedIdentityProps) {
    super(scope, id);
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
    for (const [name, { role, condition }] of Object.entries(props.roles))
      new ProjectIamMember(this, name, { project, role, condition, member });
    if (states) this.grantStates(states, member);
    this.member = member;
    this.email = account.email;
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
