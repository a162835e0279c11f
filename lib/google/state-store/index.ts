import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { StorageBucketIamBinding } from "@cdktf/provider-google/lib/storage-bucket-iam-binding";
import { Construct } from "constructs";
import { adopt } from "../../core/imports";
import { SECONDS_PER_DAY } from "../../core/props";
import { KmsKeys } from "../kms";
import { STATE_BUCKET, STATE_KEY, STATE_ROLES, type StateKey, type StateRole } from "./settings";

/** What Google gives whoever has a basic role in a project, on each new bucket of it. */
const BASIC_ROLES = {
  bucket_owners: "roles/storage.legacyBucketOwner",
  bucket_readers: "roles/storage.legacyBucketReader",
  object_owners: "roles/storage.legacyObjectOwner",
  object_readers: "roles/storage.legacyObjectReader",
};

export interface StateStoreProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Region of bucket and key. Cannot be changed later. */
  readonly region: string;
  /** Name of the bucket, unique in the world. Cannot be changed later. */
  readonly bucketName: string;
  /**
   * Cloud KMS key from elsewhere (`projects/…/cryptoKeys/…`), which Cloud Storage's service agent may use already.
   * @default a key of its own
   */
  readonly kmsKey?: string;
  /** Names of the key of its own. Other names are another key. @default `terraform-state/state` */
  readonly key?: StateKey;
  /** Labels of bucket and key. @default none */
  readonly labels?: Record<string, string>;
}

/**
 * Cloud Storage bucket for the Terraform states of one or more projects: versioned, encrypted with a Cloud KMS key of our
 * own, access by IAM alone, nothing public, and neither Terraform (`prevent_destroy`) nor the API (`force_destroy` off: it
 * is never empty) lets it go. What was deleted all the same can be restored for a month.
 *
 * Key and bucket are there before the first state can be: `plue bootstrap` makes them, and import blocks take them over,
 * which do nothing once they are in the state.
 *
 * Google gives a new bucket to everybody with a basic role in its project: editors would write states, viewers read
 * them. Here only owners keep that; all others have what managed folders grant them.
 *
 * Custom roles that other projects' stacks grant on the bucket are made here, as a project's role can be granted on that
 * project's resources alone.
 *
 * Source: infrastructure document, section "Ownership Model"; Copy-That document, section "State Management Enhancement".
 * @see https://cloud.google.com/storage/docs/access-control/iam-roles#basic-roles-modifiable
 * @example
 * ```ts
 * const state = new StateStore(stack, "state", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   bucketName: "acme-terraform-state",
 * });
 * stack.output("state_bucket", { value: state.bucketName });
 * ```
 */
export class StateStore extends Construct {
  /** Name of the bucket. */
  readonly bucketName: string;
  /** Full names of the custom roles, to be granted on the bucket. */
  readonly roles: Readonly<Record<StateRole, string>>;

  constructor(scope: Construct, id: string, props: StateStoreProps) {
    super(scope, id);
    const { projectId, region, labels } = props;
    const key = props.kmsKey ? { id: props.kmsKey, grants: [] } : this.key(props);
    const bucket = new StorageBucket(this, "Resource", {
      project: projectId,
      name: props.bucketName,
      location: region,
      storageClass: "STANDARD",
      uniformBucketLevelAccess: true,
      publicAccessPrevention: "enforced",
      forceDestroy: false,
      versioning: { enabled: true },
      encryption: { defaultKmsKeyName: key.id },
      softDeletePolicy: { retentionDurationSeconds: STATE_BUCKET.softDeleteDays * SECONDS_PER_DAY },
      lifecycleRule: [
        {
          action: { type: "Delete" },
          condition: {
            daysSinceNoncurrentTime: STATE_BUCKET.oldVersions.days,
            numNewerVersions: STATE_BUCKET.oldVersions.kept,
            withState: "ARCHIVED",
          },
        },
      ],
      labels,
      lifecycle: { preventDestroy: true },
      dependsOn: [...key.grants],
    });
    adopt(bucket, `${projectId}/${props.bucketName}`);
    for (const [id, role] of Object.entries(BASIC_ROLES))
      new StorageBucketIamBinding(this, id, {
        bucket: bucket.name,
        role,
        members: [`projectOwner:${projectId}`],
      });
    const role = (name: StateRole) => this.role(name, projectId);
    this.roles = { reader: role("reader"), lister: role("lister"), folders: role("folders") };
    this.bucketName = bucket.name;
  }

  private role(name: StateRole, project: string): string {
    const { roleId, title, permissions } = STATE_ROLES[name];
    return new ProjectIamCustomRole(this, name, { project, roleId, title, permissions: [...permissions] })
      .name;
  }

  private key({ projectId, region, key = STATE_KEY, labels }: StateStoreProps) {
    const keys = new KmsKeys(this, "keys", {
      projectId,
      location: region,
      name: key.ring,
      keys: { [key.name]: { serviceAgents: ["storage.googleapis.com"] } },
      adopt: true,
      labels,
    });
    return keys.key(key.name);
  }
}
