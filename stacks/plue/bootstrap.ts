import { BillingAccountIamMember } from "@cdktf/provider-google/lib/billing-account-iam-member";
import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import { StorageManagedFolder } from "@cdktf/provider-google/lib/storage-managed-folder";
import type { Construct } from "constructs";
import { environmentLabels } from "../../lib/core/labels";
import { applyPermissions, planPermissions } from "../../lib/core/resource-types";
import { Stack } from "../../lib/core/stack";
import { SharedRoles } from "../../lib/environments/shared-roles";
import { FederatedIdentity } from "../../lib/google/federated-identity";
import { GithubFederation } from "../../lib/google/github-federation";
import { ProjectServices } from "../../lib/google/project-services";
import { googleProvider } from "../../lib/google/providers";
import type { RoleGrant } from "../../lib/google/role-grants";
import { StateStore } from "../../lib/google/state-store";
import { type StateRole, stateRoleName } from "../../lib/google/state-store/settings";
import { APPLY_ROLES, ENGINEER_ROLES, exceptStateBucket, exceptStateKey, onlyGranting } from "./apply-roles";
import { type EnvironmentConfig, type EnvironmentName, type PlueConfig, stateOwner } from "./config";
import { DECLARED_TYPES } from "./declared-types";
import { GITHUB } from "./github-identities";

/** Branch that workflows apply from. */
const MAIN = "main";
/** GitHub environment whose reviewers let a deployment of production go on. */
const PROTECTED_ENVIRONMENT = "production";

const SERVICES = [
  "artifactregistry",
  "cloudbilling",
  "cloudkms",
  "cloudresourcemanager",
  "iam",
  "iamcredentials",
  "serviceusage",
  "storage",
  "sts",
].map((name) => `${name}.googleapis.com`);

/**
 * Bootstrap of a project: the state bucket with its Cloud KMS key (in one of the projects, where both share one), a managed
 * folder in it for each shared stack, Workload Identity Federation for GitHub, the service accounts that its workflows
 * impersonate, and every custom role that is granted in the project.
 *
 * Deployed by a person who owns the project, after `plue bootstrap` has made what Terraform cannot make for itself. No
 * workflow may apply it: who could, would grant herself the rest.
 */
export class BootstrapStack extends Stack {
  private readonly federation: GithubFederation;
  /** Managed folder over the state of each shared stack. */
  private readonly folders: Readonly<Record<string, string>>;

  constructor(
    scope: Construct,
    private readonly config: PlueConfig,
    private readonly name: EnvironmentName,
    /** Stacks of the environment that get a folder for their state. */
    stacks: readonly string[],
  ) {
    const environment = config[name];
    const { projectId, region, stateBucket, stateKmsKey } = environment;
    super(scope, `${name}-bootstrap`, environment);
    const labels = environmentLabels(name);
    googleProvider(this, environment);
    new ProjectServices(this, "services", { projectId, services: SERVICES });
    const owner = config[stateOwner(config, name)];
    const store =
      owner === environment
        ? new StateStore(this, "state", {
            projectId,
            region,
            bucketName: stateBucket,
            kmsKey: stateKmsKey,
            labels,
          })
        : existingStore(owner);
    this.folders = this.declareFolders(store.bucketName, stacks);
    this.federation = new GithubFederation(this, "github", {
      projectId,
      projectNumber: environment.projectNumber,
      poolId: GITHUB.pool,
      providerId: GITHUB.provider,
      repository: config.githubRepository,
      ownerId: config.githubOwnerId,
    });
    const plan = this.planIdentity(environment);
    const apply = this.applyIdentity(environment);
    for (const [id, { member }] of Object.entries({ plan, apply }))
      this.grantBucket(id, "reader", member, store);
    this.grantBucket("plan", "lister", plan.member, store);
    if (name === "staging") {
      this.grantBucket("apply", "folders", apply.member, store);
      new SharedRoles(this, "engineers", { projectId, ...ENGINEER_ROLES });
    }
    this.grantBilling({ plan: ["roles/billing.viewer", plan], apply: ["roles/billing.costsManager", apply] });
    this.declareImages(environment);
    this.outputs({
      state_bucket: { value: stateBucket, description: "Bucket of the states" },
      workload_identity_provider: {
        value: this.federation.provider,
        description: "What google-github-actions/auth takes",
      },
      plan_service_account: { value: plan.email, description: "Identity of plans" },
      apply_service_account: { value: apply.email, description: "Identity that applies the shared stacks" },
    });
  }

  private declareFolders(bucket: string, stacks: readonly string[]): Record<string, string> {
    return Object.fromEntries(
      stacks.map((stack) => [
        stack,
        new StorageManagedFolder(this, `folder-${stack}`, {
          bucket,
          name: `${stack}/`,
          // The folder always holds a state. Deleting it deletes access, not the state.
          forceDestroy: true,
        }).name,
      ]),
    );
  }

  /** Runs the code of pull requests, so it changes nothing, and reads no secret and no Kubernetes Secret. */
  private planIdentity({ projectId, stateBucket }: EnvironmentConfig): FederatedIdentity {
    const { principals } = this.federation;
    const role = this.role("plan-role", projectId, {
      roleId: "terraformPlan",
      title: "Plans every stack",
      permissions: planPermissions(DECLARED_TYPES),
    });
    return new FederatedIdentity(this, "plan", {
      projectId,
      accountId: GITHUB.planAccountId,
      displayName: "Plans, on pull requests and against drift",
      members: { pull_request: principals.event("pull_request"), main: principals.branch(MAIN) },
      roles: { role: { role } },
      states: { bucket: stateBucket, reads: this.folders },
    });
  }

  private applyIdentity({ projectId, stateBucket }: EnvironmentConfig): FederatedIdentity {
    const { principals } = this.federation;
    const { [`${this.name}-bootstrap`]: _, ...folders } = this.folders;
    const role = this.role("apply-role", projectId, {
      roleId: "terraformApply",
      title: "Applies, beside predefined roles",
      permissions: applyPermissions(DECLARED_TYPES),
    });
    const owner = this.config[stateOwner(this.config, this.name)];
    const { predefined, grants } = APPLY_ROLES[this.name];
    const roles: Record<string, RoleGrant> = {
      role: { role, condition: exceptStateBucket(stateBucket) },
      iam: {
        role: "roles/resourcemanager.projectIamAdmin",
        condition: onlyGranting(grants.map((grant) => grant.replace("{project}", projectId))),
      },
    };
    for (const id of predefined) {
      const guarded = id === "roles/cloudkms.admin" && owner.projectId === projectId;
      roles[terraformName(id.slice("roles/".length))] = {
        role: id,
        condition: guarded ? exceptStateKey(owner) : undefined,
      };
    }
    return new FederatedIdentity(this, "apply", {
      projectId,
      accountId: GITHUB.applyAccountId,
      displayName: `Applies the shared stacks of ${this.name}`,
      members:
        this.name === "production"
          ? { main_in_environment: principals.deployment(MAIN, PROTECTED_ENVIRONMENT) }
          : { main: principals.branch(MAIN) },
      roles,
      states: { bucket: stateBucket, writes: folders },
    });
  }

  private role(
    id: string,
    project: string,
    role: { readonly roleId: string; readonly title: string; readonly permissions: string[] },
  ): string {
    return new ProjectIamCustomRole(this, id, { project, ...role }).name;
  }

  /** A custom role on the bucket. The one about folders only for the environment's, and not for the one of this stack. */
  private grantBucket(
    id: string,
    role: StateRole,
    member: string,
    store: Pick<StateStore, "bucketName" | "roles">,
  ) {
    const folder = (name: string) =>
      `resource.name.startsWith("projects/_/buckets/${this.config[this.name].stateBucket}/managedFolders/${name}")`;
    new StorageBucketIamMember(this, `${id}-bucket-${role}`, {
      bucket: store.bucketName,
      role: store.roles[role],
      member,
      condition:
        role === "folders"
          ? {
              title: "not the folder of the bootstrap",
              expression: `${folder(`${this.name}-`)} && !${folder(`${this.name}-bootstrap`)}`,
            }
          : undefined,
    });
  }

  /** Budgets belong to the billing account and not to the project. */
  private grantBilling(identities: Readonly<Record<string, readonly [string, FederatedIdentity]>>): void {
    const { billingAccount } = this.config;
    if (!billingAccount) return;
    for (const [id, [role, { member }]] of Object.entries(identities))
      new BillingAccountIamMember(this, `${id}-billing`, { billingAccountId: billingAccount, role, member });
  }

  /**
   * The application's workflows, which push images: of main here, of an engineer's branch by staging-access. What they push
   * to is the registry's own to say, which the environment's stack makes.
   */
  private declareImages({ projectId, projectNumber }: EnvironmentConfig): void {
    const { applicationRepository, githubOwnerId } = this.config;
    if (!applicationRepository) return;
    const { principals } = new GithubFederation(this, "images", {
      projectId,
      projectNumber,
      poolId: GITHUB.imagePool,
      providerId: GITHUB.provider,
      repository: applicationRepository,
      ownerId: githubOwnerId,
    });
    new FederatedIdentity(this, "push-images", {
      projectId,
      accountId: GITHUB.imageAccountId,
      displayName: "Pushes images",
      members: { main: principals.branch(MAIN) },
      roles: {},
    });
  }
}

/** A role's name as names in Terraform are written: `compute.networkAdmin` is `compute_network_admin`. */
function terraformName(role: string): string {
  return role.replaceAll(".", "_").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The bucket of another project's bootstrap, which has to be deployed before. */
function existingStore({
  projectId,
  stateBucket,
}: EnvironmentConfig): Pick<StateStore, "bucketName" | "roles"> {
  const role = (name: StateRole) => stateRoleName(projectId, name);
  return {
    bucketName: stateBucket,
    roles: { reader: role("reader"), lister: role("lister"), folders: role("folders") },
  };
}
