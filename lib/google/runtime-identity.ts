import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { SecretManagerSecretIamMember } from "@cdktf/provider-google/lib/secret-manager-secret-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface RuntimeIdentityProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Id of the service account, 6 to 30 characters. Changing it recreates the account and all its grants. */
  readonly accountId: string;
  /** For people, shown in the console. */
  readonly displayName: string;
  /** Name of the Cloud SQL instance to connect and log in to. */
  readonly sqlInstance: string;
  /** IAM database authentication; without, it may connect, and needs a password to log in. @default true */
  readonly databaseLogin?: boolean;
  /** Ids of the secrets it may read, in the same project, by a short name each. */
  readonly secretIds: Readonly<Record<string, string>>;
  /** Pods that impersonate it: namespace and name of their Kubernetes service account. */
  readonly pods: { readonly namespace: string; readonly serviceAccount: string };
  /** Workload identity pool; a reference to a cluster's waits for the cluster. @default `<project>.svc.id.goog` */
  readonly workloadPool?: string;
}

/**
 * Keyless service account that pods impersonate by Workload Identity Federation for GKE: it logs in to one Cloud SQL instance
 * by IAM database authentication and reads the secrets it is given.
 *
 * What it may do inside the database is up to PostgreSQL. A cluster must exist: without one the project has no workload
 * identity pool, and the grant to the pods fails.
 *
 * @see https://cloud.google.com/sql/docs/postgres/iam-conditions
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 * @example
 * ```ts
 * const identity = new RuntimeIdentity(stack, "shop", {
 *   projectId: "acme-prod",
 *   accountId: "shop-prod",
 *   displayName: "Pods of the shop",
 *   sqlInstance: "acme-prod",
 *   secretIds: { stripe: "stripe-api-key" },
 *   pods: { namespace: "shop", serviceAccount: "api" },
 * });
 * stack.output("shop_service_account", { value: identity.email });
 * ```
 */
export class RuntimeIdentity extends Construct {
  /** E-mail of the service account, for a Kubernetes service account's annotation `iam.gke.io/gcp-service-account`. */
  readonly email: string;
  /** The same as a database user, as Cloud SQL spells it: the address without `.gserviceaccount.com`. */
  readonly databaseUser: string;
  /** The service account, for what names it without a reference, as a login of `databaseUser` does, and needs it to exist. */
  readonly account: ITerraformDependable;

  constructor(scope: Construct, id: string, props: RuntimeIdentityProps) {
    super(scope, id);
    const { projectId: project, accountId, pods, workloadPool = `${project}.svc.id.goog` } = props;
    const account = new ServiceAccount(this, "Resource", {
      project,
      accountId,
      displayName: props.displayName,
    });
    const condition = {
      title: "one-instance",
      expression: `resource.service == "sqladmin.googleapis.com" && resource.name == "projects/${project}/instances/${props.sqlInstance}"`,
    };
    const grant = (child: string, role: string) =>
      new ProjectIamMember(this, child, { project, role, member: account.member, condition });
    grant("sql_connect", "roles/cloudsql.client");
    if (props.databaseLogin ?? true) grant("sql_login", "roles/cloudsql.instanceUser");

    for (const [name, secretId] of Object.entries(props.secretIds))
      new SecretManagerSecretIamMember(this, name, {
        project,
        secretId,
        role: "roles/secretmanager.secretAccessor",
        member: account.member,
      });
    new ServiceAccountIamMember(this, "pods", {
      serviceAccountId: account.name,
      role: "roles/iam.workloadIdentityUser",
      member: `serviceAccount:${workloadPool}[${pods.namespace}/${pods.serviceAccount}]`,
    });
    this.email = account.email;
    this.databaseUser = `${accountId}@${project}.iam`;
    this.account = account;
  }
}
