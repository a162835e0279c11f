import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { SecretManagerSecretIamMember } from "@cdktf/provider-google/lib/secret-manager-secret-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { accountIdProblem, type PropProblem, problemAt, rejectProps } from "../core/invalid-props";
import { optionalOutput } from "../core/props";
import { grantRole, type RoleGrant, terraformRoleName } from "./role-grants";

export interface RuntimeIdentityProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Id of the service account, 6 to 30 characters. Changing it recreates the account and all its grants. */
  readonly accountId: string;
  /** For people, shown in the console. */
  readonly displayName: string;
  /** Name of the Cloud SQL instance to connect and log in to. @default none */
  readonly sqlInstance?: string;
  /**
   * IAM database authentication; without, it may connect, and needs a password to log in.
   * @default true where there is an instance
   */
  readonly databaseLogin?: boolean;
  /** Ids of the secrets it may read, in the same project, by a short name each. @default none */
  readonly secretIds?: Readonly<Record<string, string>>;
  /**
   * Pods that impersonate it: namespace and name of their Kubernetes service account.
   * @default none: a Cloud Run service, a function or a build is given the account itself
   */
  readonly pods?: { readonly namespace: string; readonly serviceAccount: string };
  /** Workload identity pool; a reference to a cluster's waits for the cluster. @default `<project>.svc.id.goog` */
  readonly workloadPool?: string;
  /** Further roles, each on the resource that it names, by a short name. @default none */
  readonly roles?: Readonly<Record<string, RoleGrant>>;
  /** Roles that it has on itself: `roles/iam.serviceAccountTokenCreator` signs URLs of a bucket. @default none */
  readonly rolesOnItself?: readonly string[];
}

/**
 * Keyless service account that something runs as: pods by Workload Identity Federation for GKE, a Cloud Run service, a
 * function or a build by being given it. It logs in to one Cloud SQL instance by IAM database authentication, reads the
 * secrets it is given, and has the roles that are named, on the resources that they name. By itself it may do nothing.
 *
 * What it may do inside the database is up to PostgreSQL. For pods a cluster must exist: without one the project has no
 * workload identity pool, and the grant to the pods fails.
 *
 * Who deploys something that runs as it needs `roles/iam.serviceAccountUser` on it; who applies this, service account
 * administrator, and to grant on what the roles name. Costs nothing.
 *
 * @see https://cloud.google.com/sql/docs/postgres/iam-conditions
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 * @see https://cloud.google.com/run/docs/securing/service-identity
 * @throws when the id is no service account's, a prop needs another that is not there, or a secret's short name is taken
 * @example
 * ```ts
 * const pods = new RuntimeIdentity(stack, "shop", {
 *   projectId: "acme-prod",
 *   accountId: "shop-prod",
 *   displayName: "Pods of the shop",
 *   sqlInstance: "acme-prod",
 *   secretIds: { stripe: "stripe-api-key" },
 *   pods: { namespace: "shop", serviceAccount: "api" },
 * });
 * const service = new RuntimeIdentity(stack, "thumbnails", {
 *   projectId: "acme-prod",
 *   accountId: "thumbnails",
 *   displayName: "Cloud Run service thumbnails",
 *   roles: { pictures: { role: "roles/storage.objectUser", on: { bucket: "acme-pictures" } } },
 *   rolesOnItself: ["roles/iam.serviceAccountTokenCreator"],
 * });
 * stack.output("shop_service_account", { value: pods.email });
 * stack.output("thumbnails_service_account", { value: service.email });
 * ```
 */
export class RuntimeIdentity extends Construct {
  /** E-mail of the service account, for a Kubernetes service account's annotation `iam.gke.io/gcp-service-account`. */
  readonly email: string;
  /** The service account as an IAM member, `serviceAccount:…`. */
  readonly member: string;
  /** Full name of the service account, `projects/<project>/serviceAccounts/<e-mail>`. */
  readonly name: string;
  /** The service account, for what names it without a reference, as a login of `databaseUser` does, and needs it to exist. */
  readonly account: ITerraformDependable;
  /** Its grants. What uses them the moment that it is made, as a Cloud Run service reads its secrets, depends on them. */
  readonly grants: readonly ITerraformDependable[];
  private readonly user?: string;

  constructor(scope: Construct, id: string, props: RuntimeIdentityProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { projectId: project, accountId, pods, workloadPool = `${project}.svc.id.goog` } = props;
    const account = new ServiceAccount(this, "Resource", {
      project,
      accountId,
      displayName: props.displayName,
    });
    const { member } = account;
    const grants: ITerraformDependable[] = [];
    if (props.sqlInstance !== undefined) {
      const condition = {
        title: "one-instance",
        expression: `resource.service == "sqladmin.googleapis.com" && resource.name == "projects/${project}/instances/${props.sqlInstance}"`,
      };
      const grant = (child: string, role: string) =>
        grants.push(new ProjectIamMember(this, child, { project, role, member, condition }));
      grant("sql_connect", "roles/cloudsql.client");
      if (props.databaseLogin ?? true) grant("sql_login", "roles/cloudsql.instanceUser");
      this.user = `${accountId}@${project}.iam`;
    }
    for (const [name, secretId] of Object.entries(props.secretIds ?? {}))
      grants.push(
        new SecretManagerSecretIamMember(this, name, {
          project,
          secretId,
          role: "roles/secretmanager.secretAccessor",
          member,
        }),
      );
    if (pods)
      grants.push(
        new ServiceAccountIamMember(this, "pods", {
          serviceAccountId: account.name,
          role: "roles/iam.workloadIdentityUser",
          member: `serviceAccount:${workloadPool}[${pods.namespace}/${pods.serviceAccount}]`,
        }),
      );
    const roles = new Construct(this, "roles");
    for (const [name, role] of Object.entries(props.roles ?? {}))
      grants.push(grantRole(roles, name, project, member, role));
    const itself = new Construct(this, "itself");
    for (const role of props.rolesOnItself ?? [])
      grants.push(
        grantRole(itself, terraformRoleName(role), project, member, {
          role,
          on: { serviceAccount: account.name },
        }),
      );
    this.email = account.email;
    this.member = member;
    this.name = account.name;
    this.account = account;
    this.grants = grants;
  }

  /**
   * The account as a database user, as Cloud SQL spells it: the address without `.gserviceaccount.com`.
   * @throws without `sqlInstance`
   */
  get databaseUser(): string {
    return optionalOutput(this, "database user", this.user, "sqlInstance");
  }
}

/** Names of the construct's own parts, which no secret can have. */
const TAKEN = ["Resource", "sql_connect", "sql_login", "pods", "roles", "itself"];

function problems(props: RuntimeIdentityProps): PropProblem[] {
  const { accountId, sqlInstance, databaseLogin, pods, workloadPool, secretIds = {} } = props;
  const found: PropProblem[] = problemAt(["accountId"], accountIdProblem(accountId));
  if (databaseLogin !== undefined && sqlInstance === undefined)
    found.push({
      prop: ["databaseLogin"],
      problem: `is ${databaseLogin} without an instance`,
      instead: "give sqlInstance",
    });
  if (workloadPool !== undefined && !pods)
    found.push({ prop: ["workloadPool"], problem: "is given without pods", instead: "give pods" });
  for (const name of Object.keys(secretIds).filter((name) => TAKEN.includes(name)))
    found.push({
      prop: ["secretIds", name],
      problem: "is a name of the construct's own",
      instead: "give the secret another short name",
    });
  return found;
}
