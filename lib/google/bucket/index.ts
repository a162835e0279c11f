import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import { StorageManagedFolder } from "@cdktf/provider-google/lib/storage-managed-folder";
import { StorageManagedFolderIamMember } from "@cdktf/provider-google/lib/storage-managed-folder-iam-member";
import { Construct } from "constructs";
import { rejectProps } from "../../core/invalid-props";
import { PUBLIC_LABEL } from "../../core/labels";
import { lifecycle, SECONDS_PER_DAY } from "../../core/props";
import { problems } from "./checks";
import {
  type BucketAccess,
  type BucketProps,
  grantsOf,
  type LifecycleRule,
  type NoncurrentVersions,
} from "./props";

export type * from "./props";

/**
 * Cloud Storage bucket: access by IAM alone (uniform bucket-level access), public access prevented unless it is asked for, what was
 * deleted can be restored for a week.
 *
 * A key of one's own has to be in the bucket's own location, `keyRingLocation(location)`, and the bucket waits until Cloud Storage's
 * service agent may use it: give the key of `KmsKeys` `serviceAgents: ["storage.googleapis.com"]`.
 *
 * Everybody with a basic role in the project (owner, editor, viewer) has access to each of its buckets.
 *
 * Objects are billed by the GB, by class and location, old versions and soft-deleted ones like others; each operation, and
 * what leaves Google. The applying identity needs storage.buckets.* on the project.
 *
 * Source: OctoLLM document, sections "Storage Module" and "Storage Lifecycle Policies"; Orchestra document, section "GCP Cloud
 * Storage".
 * @see https://cloud.google.com/storage/docs/buckets
 * @throws on a name or location that Cloud Storage does not take, days out of range, old versions without an end, a key in another
 *   location, a lifecycle rule without a condition
 * @example
 * ```ts
 * const keys = new KmsKeys(stack, "keys", {
 *   projectId: "acme-prod",
 *   location: "US",
 *   name: "acme-prod-us",
 *   keys: { backups: { serviceAgents: ["storage.googleapis.com"] } },
 * });
 * const backups = new Bucket(stack, "backups", {
 *   projectId: "acme-prod",
 *   name: "acme-prod-backups",
 *   location: "US",
 *   versioning: { days: 30 },
 *   lifecycleRules: [
 *     { action: "NEARLINE", ageDays: 30 },
 *     { action: "DELETE", ageDays: 365 },
 *   ],
 *   encryptionKey: keys.key("backups"),
 *   creators: { job: "serviceAccount:backup@acme-prod.iam.gserviceaccount.com" },
 *   deletionProtection: true,
 * });
 * stack.output("backups_bucket", { value: backups.bucketName });
 * ```
 */
export class Bucket extends Construct {
  /** Name of the bucket. */
  readonly bucketName: string;
  /** `gs://<name>` */
  readonly url: string;
  /** Its location, as it was given. */
  readonly location: string;
  /** Whether everybody may read its objects. */
  readonly isPublic: boolean;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { encryptionKey, publicRead = false, website, accessLogs, retentionDays, cors } = props;
    const rules = [...oldVersions(props.versioning), ...(props.lifecycleRules ?? [])];

    const bucket = new StorageBucket(this, "Resource", {
      project: props.projectId,
      name: props.name,
      location: props.location,
      storageClass: props.storageClass ?? "STANDARD",
      uniformBucketLevelAccess: true,
      publicAccessPrevention: publicRead ? "inherited" : "enforced",
      forceDestroy: false,
      versioning: { enabled: props.versioning !== undefined },
      softDeletePolicy: { retentionDurationSeconds: (props.softDeleteDays ?? 7) * SECONDS_PER_DAY },
      retentionPolicy:
        retentionDays === undefined
          ? undefined
          : {
              retentionPeriod: retentionDays * SECONDS_PER_DAY,
              isLocked: props.retentionLocked ?? false,
            },
      encryption: encryptionKey && { defaultKmsKeyName: encryptionKey.id },
      lifecycleRule: rules.length > 0 ? rules.map(toLifecycleRule) : undefined,
      cors: cors?.map(({ origins, methods, headers, maxAgeSeconds }) => ({
        origin: [...origins],
        method: [...methods],
        responseHeader: headers && [...headers],
        maxAgeSeconds: maxAgeSeconds ?? 3600,
      })),
      website: website && { mainPageSuffix: website.mainPage, notFoundPage: website.notFoundPage },
      logging: accessLogs && {
        logBucket: accessLogs.bucket.bucketName,
        logObjectPrefix: accessLogs.prefix ?? props.name,
      },
      labels: publicRead ? { ...props.labels, ...PUBLIC_LABEL } : props.labels,
      dependsOn: encryptionKey && [...encryptionKey.grants],
      lifecycle: lifecycle(props.deletionProtection),
    });
    this.bucketName = bucket.name;
    this.url = `gs://${this.bucketName}`;
    this.location = props.location;
    this.isPublic = publicRead;

    if (publicRead)
      new StorageBucketIamMember(this, "public", {
        bucket: bucket.name,
        // Without storage.objects.list.
        role: "roles/storage.legacyObjectReader",
        member: "allUsers",
      });
    for (const { kind, name, role, member } of grantsOf(props))
      new StorageBucketIamMember(child(this, kind), name, { bucket: bucket.name, role, member });
    for (const [path, access] of Object.entries(props.managedFolders ?? {})) this.managedFolder(path, access);
  }

  private managedFolder(path: string, access: BucketAccess): void {
    const scope = new Construct(this, path.replaceAll("/", "-"));
    const folder = new StorageManagedFolder(scope, "Resource", { bucket: this.bucketName, name: `${path}/` });
    for (const { kind, name, role, member } of grantsOf(access))
      new StorageManagedFolderIamMember(child(scope, kind), name, {
        bucket: this.bucketName,
        managedFolder: folder.name,
        role,
        member,
      });
  }
}

function child(scope: Construct, id: string): Construct {
  return (scope.node.tryFindChild(id) as Construct | undefined) ?? new Construct(scope, id);
}

function oldVersions(versioning: NoncurrentVersions | undefined): LifecycleRule[] {
  if (!versioning) return [];
  return [{ action: "DELETE", noncurrentDays: versioning.days, newerVersions: versioning.keep }];
}

function toLifecycleRule(rule: LifecycleRule) {
  const { action, ageDays, noncurrentDays, newerVersions, prefixes, suffixes, classes } = rule;
  const types: Readonly<Record<string, string>> = {
    DELETE: "Delete",
    ABORT_UPLOADS: "AbortIncompleteMultipartUpload",
  };
  const type = types[action];
  return {
    action: type ? { type } : { type: "SetStorageClass", storageClass: action },
    condition: {
      age: ageDays,
      daysSinceNoncurrentTime: noncurrentDays,
      numNewerVersions: newerVersions,
      matchesPrefix: prefixes && [...prefixes],
      matchesSuffix: suffixes && [...suffixes],
      matchesStorageClass: classes && [...classes],
      withState: noncurrentDays === undefined && newerVersions === undefined ? "ANY" : "ARCHIVED",
    },
  };
}
