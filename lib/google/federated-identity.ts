import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import { StorageManagedFolderIamMember } from "@cdktf/provider-google/lib/storage-managed-folder-iam-member";
import { Construct } from "constructs";

/** A role, and when it holds. */
export interface ConditionalRole {
  readonly role: string;
  /** @default always */
  readonly condition?: { readonly title: string; readonly expression: string };
}

export interface FederatedIdentityProps {
  readonly projectId: string;
  /** Id of the service account, 6 to 30 characters. Changing it recreates the account and all its grants. */
  readonly accountId: string;
  readonly displayName: string;
  /** Federated IAM members that may be it, by a short name. */
  readonly members: Readonly<Record<string, string>>;
  /**
   * Terraform states: the bucket, and managed folders (`staging-base/`) of the states that it reads, and of those that it
   * also writes and locks, by a short name.
   * @default none
   */
  readonly states?: {
    readonly bucket: string;
    readonly reads?: Readonly<Record<string, string>>;
    readonly writes?: Readonly<Record<string, string>>;
  };
  /** What it may do in the project, by a short name. */
  readonly roles: Readonly<Record<string, ConditionalRole>>;
}

/**
 * Whom a workflow is to Google Cloud: a service account without a key, which federated identities become, with roles in
 * one project, and states to read or write.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/gcs
 */
export class FederatedIdentity extends Construct {
  /** `serviceAccount:…` */
  readonly member: string;
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
    const grantFolders = (verb: string, folders: Readonly<Record<string, string>> = {}, role: string) => {
      for (const [name, managedFolder] of Object.entries(folders))
        new StorageManagedFolderIamMember(this, `${verb}_${name}`, {
          bucket: states?.bucket as string,
          managedFolder,
          role,
          member,
        });
    };
    grantFolders("reads", states?.reads, "roles/storage.objectViewer");
    grantFolders("writes", states?.writes, "roles/storage.objectUser");
    this.member = member;
    this.email = account.email;
  }
}
