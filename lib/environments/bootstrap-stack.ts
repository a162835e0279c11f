import { BillingAccountIamMember } from "@cdktf/provider-google/lib/billing-account-iam-member";
import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import { StorageManagedFolder } from "@cdktf/provider-google/lib/storage-managed-folder";
import type { Construct } from "constructs";
import { environmentLabels } from "../core/labels";
import { applyPermissions, planPermissions } from "../core/resource-types";
import { Stack } from "../core/stack";
import { FederatedIdentity } from "../google/federated-identity";
import { GithubFederation, type GithubPrincipals } from "../google/github-federation";
import { ProjectServices } from "../google/project-services";
import { googleProvider } from "../google/providers";
import { type RoleGrant, terraformRoleName } from "../google/role-grants";
import { StateStore } from "../google/state-store";
import {
  STATE_KEY,
  type StateKey,
  type StateRole,
  stateKeyName,
  stateRoleName,
} from "../google/state-store/settings";
import type { EnvironmentFields } from "../input/configuration";
import { GITHUB } from "./workflow-identities";

type Condition = RoleGrant["condition"];

/** APIs that the stack's own resources need. */
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

export interface BootstrapStackProps {
  /** Name of the environment: `staging`. Its stack is `<prefix>bootstrap`. */
  readonly environment: string;
  /** What the names of all stacks of the environment begin with: `staging-`. */
  readonly prefix: string;
  /** Configuration of the environment. */
  readonly fields: EnvironmentFields;
  /**
   * Configuration of the environment in whose project the bucket of the states is, where two environments share one: its
   * bootstrap has to be deployed before.
   * @default the environment itself
   */
  readonly stateOwner?: EnvironmentFields;
  /** Cloud KMS key of the states that this stack makes. @default `terraform-state/state` */
  readonly stateKey?: StateKey;
  /** Stacks of the environment that get a managed folder for their state, this one among them. */
  readonly stacks: readonly string[];
  /** The one GitHub repository whose workflows plan and apply, `owner/name`. */
  readonly repository: string;
  /** Number of the repository's owner. */
  readonly ownerId: string;
  /** Who may impersonate the service account that plans, by a short name. It changes nothing and reads no secret. */
  readonly planners: (principals: GithubPrincipals) => Readonly<Record<string, string>>;
  /** Who may impersonate the service account that applies, by a short name: a branch, or a protected environment. */
  readonly appliers: (principals: GithubPrincipals) => Readonly<Record<string, string>>;
  /** Id of the service account that applies. Another one is another account. @default "terraform-apply" */
  readonly applyAccountId?: string;
  /**
   * Who may impersonate the service account that writes what has drifted to the project's logs, by a short name. Who plans runs
   * code of pull requests, and is none of them.
   * @default nobody, and there is no such account
   */
  readonly driftReporters?: (principals: GithubPrincipals) => Readonly<Record<string, string>>;
  /**
   * Types of resources, and of data sources with `data.` before them, that the environment's stacks declare: their rows say
   * which permissions both identities need.
   */
  readonly types: readonly string[];
  /**
   * Stacks that people alone apply, beside this one, and types of `types` that only those have: workflows plan them, and neither
   * write their states nor may apply such types.
   * @default none
   */
  readonly byPeople?: { readonly stacks: readonly string[]; readonly types: readonly string[] };
  /** What the identity that applies holds, beside the permissions of the types. */
  readonly applyRoles: ApplyRoles;
  /** Billing account of the budgets, on which both identities get a role. @default none */
  readonly billingAccount?: string;
}

/** Roles of the service account that applies an environment's shared stacks. */
export interface ApplyRoles {
  /** Predefined roles, one for each type of resource. */
  readonly predefined: readonly string[];
  /** Project roles that it may grant and revoke: those that the stacks grant, no other. */
  readonly grants: readonly string[];
}

/**
 * Terraform root module that bootstraps one project: the bucket of the states with its Cloud KMS key (unless another
 * environment has it), a managed folder in it for each shared stack, Workload Identity Federation for GitHub, and the service
 * accounts that its workflows impersonate to plan and to apply, with what the table of resource types says that they need;
 * where somebody is to report drift, the one for that.
 *
 * Deployed by a person who owns the project, after `plue bootstrap` has made what Terraform cannot make for itself. No
 * workflow may apply it: who could, would grant herself the rest.
 *
 * @throws on a type that has no row in the table of resource types
 * @see https://cloud.google.com/iam/docs/workload-identity-federation
 * @example
 * ```ts
 * new BootstrapStack(app, {
 *   environment: "production",
 *   prefix: "acme-",
 *   fields: {
 *     projectId: "acme-prod",
 *     projectNumber: "123456789012",
 *     region: "us-central1",
 *     stateBucket: "acme-terraform-state",
 *     alertEmails: { team: "team@acme.example" },
 *     secretVersions: {},
 *     monthlyBudget: { amount: 100 },
 *   },
 *   stacks: ["acme-bootstrap", "acme-base"],
 *   repository: "acme/infrastructure",
 *   ownerId: "12345678",
 *   planners: (principals) => ({ pull_request: principals.event("pull_request") }),
 *   appliers: (principals) => ({ main: principals.deployment("main", "production") }),
 *   types: ["google_storage_bucket"],
 *   applyRoles: { predefined: [], grants: [] },
 * });
 * ```
 */
export class BootstrapStack extends Stack {
  /** Custom roles on the bucket, and the bucket. */
  protected readonly store: Pick<StateStore, "bucketName" | "roles">;
  /** The service account that workflows impersonate to plan. */
  protected readonly planner: FederatedIdentity;
  /** The service account that workflows impersonate to apply. */
  protected readonly applier: FederatedIdentity;

  constructor(
    scope: Construct,
    private readonly bootstrap: BootstrapStackProps,
  ) {
    const { environment, prefix, fields, stateOwner = fields, stateKey } = bootstrap;
    super(scope, `${prefix}bootstrap`, fields);
    const { projectId, region, stateBucket, stateKmsKey } = fields;
    googleProvider(this, fields);
    new ProjectServices(this, "services", { projectId, services: SERVICES });
    this.store =
      stateOwner === fields
        ? new StateStore(this, "state", {
            projectId,
            region,
            bucketName: stateBucket,
            kmsKey: stateKmsKey,
            key: stateKey,
            labels: environmentLabels(environment),
          })
        : existingStore(stateOwner);
    const folders = this.declareFolders();
    const federation = new GithubFederation(this, "github", {
      projectId,
      projectNumber: fields.projectNumber,
      poolId: GITHUB.pool,
      providerId: GITHUB.provider,
      repository: bootstrap.repository,
      ownerId: bootstrap.ownerId,
    });
    this.planner = this.planIdentity(federation, folders);
    this.applier = this.applyIdentity(federation, folders, stateOwner);
    this.declareDriftReporter(federation);
    this.grantBucket("plan", "reader", this.planner.member);
    this.grantBucket("apply", "reader", this.applier.member);
    this.grantBucket("plan", "lister", this.planner.member);
    this.grantBilling();
    this.outputs({
      state_bucket: { value: stateBucket, description: "Bucket of the states" },
      workload_identity_provider: {
        value: federation.provider,
        description: "What google-github-actions/auth takes",
      },
      plan_service_account: { value: this.planner.email, description: "Identity of plans" },
      apply_service_account: {
        value: this.applier.email,
        description: "Identity that applies the shared stacks",
      },
    });
  }

  /** Full name of a folder of the bucket, as conditions name it: `managedFolder("staging-")` is what those begin with. */
  protected managedFolder(name: string): string {
    return `projects/_/buckets/${this.bootstrap.fields.stateBucket}/managedFolders/${name}`;
  }

  /** Grants a custom role on the bucket. */
  protected grantBucket(id: string, role: StateRole, member: string, condition?: Condition): void {
    new StorageBucketIamMember(this, `${id}-bucket-${role}`, {
      bucket: this.store.bucketName,
      role: this.store.roles[role],
      member,
      condition,
    });
  }

  /**
   * The identity by which another repository's workflows push images, of one branch. What they push to is the registry's own to
   * say, which the environment's stack makes.
   * @param repository `owner/name`, of the same owner
   */
  protected declareImages(repository: string, branch: string): void {
    const { projectId, projectNumber } = this.bootstrap.fields;
    const { principals } = new GithubFederation(this, "images", {
      projectId,
      projectNumber,
      poolId: GITHUB.imagePool,
      providerId: GITHUB.provider,
      repository,
      ownerId: this.bootstrap.ownerId,
    });
    new FederatedIdentity(this, "push-images", {
      projectId,
      accountId: GITHUB.imageAccountId,
      displayName: "Pushes images",
      members: { [branch]: principals.branch(branch) },
      roles: {},
    });
  }

  /** Managed folder over the state of each shared stack, by stack. */
  private declareFolders(): Record<string, string> {
    return Object.fromEntries(
      this.bootstrap.stacks.map((stack) => [
        stack,
        new StorageManagedFolder(this, `folder-${stack}`, {
          bucket: this.store.bucketName,
          name: `${stack}/`,
          // The folder always holds a state. Deleting it deletes access, not the state.
          forceDestroy: true,
        }).name,
      ]),
    );
  }

  /** Runs the code of pull requests, so it changes nothing, and reads no secret and no Kubernetes Secret. */
  private planIdentity(
    { principals }: GithubFederation,
    reads: Readonly<Record<string, string>>,
  ): FederatedIdentity {
    const { fields, types, planners } = this.bootstrap;
    const role = this.role("plan-role", {
      roleId: "terraformPlan",
      title: "Plans every stack",
      permissions: planPermissions(types),
    });
    return new FederatedIdentity(this, "plan", {
      projectId: fields.projectId,
      accountId: GITHUB.planAccountId,
      displayName: "Plans, on pull requests and against drift",
      members: planners(principals),
      roles: { role: { role } },
      states: { bucket: fields.stateBucket, reads },
    });
  }

  private applyIdentity(
    { principals }: GithubFederation,
    folders: Readonly<Record<string, string>>,
    owner: EnvironmentFields,
  ): FederatedIdentity {
    const { environment, fields, types, appliers, applyRoles, stateKey, byPeople } = this.bootstrap;
    const { projectId, stateBucket } = fields;
    const notWritten = [this.node.id, ...(byPeople?.stacks ?? [])];
    const writes = Object.fromEntries(
      Object.entries(folders).filter(([stack]) => !notWritten.includes(stack)),
    );
    const role = this.role("apply-role", {
      roleId: "terraformApply",
      title: "Applies, beside predefined roles",
      permissions: applyPermissions(types.filter((type) => !byPeople?.types.includes(type))),
    });
    const roles: Record<string, RoleGrant> = {
      role: { role, condition: exceptStateBucket(stateBucket) },
      iam: { role: "roles/resourcemanager.projectIamAdmin", condition: onlyGranting(applyRoles.grants) },
    };
    for (const id of applyRoles.predefined) {
      const guarded = id === "roles/cloudkms.admin" && owner.projectId === projectId;
      roles[terraformRoleName(id)] = {
        role: id,
        condition: guarded ? exceptStateKey(owner, stateKey) : undefined,
      };
    }
    return new FederatedIdentity(this, "apply", {
      projectId,
      accountId: this.bootstrap.applyAccountId ?? GITHUB.applyAccountId,
      displayName: `Applies the shared stacks of ${environment}`,
      members: appliers(principals),
      roles,
      states: { bucket: stateBucket, writes },
    });
  }

  /** Of writing logs, Google knows no right on one log alone. */
  private declareDriftReporter({ principals }: GithubFederation): void {
    const { fields, driftReporters } = this.bootstrap;
    if (!driftReporters) return;
    new FederatedIdentity(this, "report-drift", {
      projectId: fields.projectId,
      accountId: GITHUB.driftAccountId,
      displayName: "Writes what has drifted to the logs",
      members: driftReporters(principals),
      roles: { logs: { role: "roles/logging.logWriter" } },
    });
  }

  private role(
    id: string,
    role: { readonly roleId: string; readonly title: string; readonly permissions: string[] },
  ): string {
    return new ProjectIamCustomRole(this, id, { project: this.bootstrap.fields.projectId, ...role }).name;
  }

  /** Budgets belong to the billing account and not to the project. */
  private grantBilling(): void {
    const { billingAccount: billingAccountId } = this.bootstrap;
    if (!billingAccountId) return;
    const grant = (id: string, role: string, { member }: FederatedIdentity) =>
      new BillingAccountIamMember(this, `${id}-billing`, { billingAccountId, role, member });
    grant("plan", "roles/billing.viewer", this.planner);
    grant("apply", "roles/billing.costsManager", this.applier);
  }
}

/** The bucket of another project's bootstrap. */
function existingStore({
  projectId,
  stateBucket,
}: EnvironmentFields): Pick<StateStore, "bucketName" | "roles"> {
  const role = (name: StateRole) => stateRoleName(projectId, name);
  return {
    bucketName: stateBucket,
    roles: { reader: role("reader"), lister: role("lister"), folders: role("folders") },
  };
}

/** IAM condition: everything but the state bucket. What else the role is about has another type. */
function exceptStateBucket(bucket: string): Condition {
  return {
    title: "not the state bucket",
    expression: `resource.type != "storage.googleapis.com/Bucket" || resource.name != "projects/_/buckets/${bucket}"`,
  };
}

/** IAM condition: every Cloud KMS key but the state's, as without it no state can be read again. */
function exceptStateKey({ projectId, region }: EnvironmentFields, key: StateKey = STATE_KEY): Condition {
  const ring = stateKeyName(projectId, region, key).replace(/\/cryptoKeys\/.*/, "");
  return { title: `not the keys of ${key.ring}`, expression: `!resource.name.startsWith("${ring}")` };
}

/**
 * IAM condition on who administers IAM: these project roles alone may be granted and revoked.
 * @see https://cloud.google.com/iam/docs/setting-limits-on-granting-roles
 */
function onlyGranting(roles: readonly string[]): Condition {
  const list = [...roles].sort().map((role) => `'${role}'`);
  return {
    title: "only roles that the stacks grant",
    expression: `api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([${list.join(", ")}])`,
  };
}
