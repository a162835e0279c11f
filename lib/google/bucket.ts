import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import { StorageManagedFolder } from "@cdktf/provider-google/lib/storage-managed-folder";
import { StorageManagedFolderIamMember } from "@cdktf/provider-google/lib/storage-managed-folder-iam-member";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { type PropProblem, problemsIn, rejectProps, wholeNumber } from "../core/invalid-props";
import { PUBLIC_LABEL } from "../core/labels";
import { lifecycle, SECONDS_PER_DAY } from "../core/props";
import { type KmsKey, keyRingLocation } from "./kms";

/** Storage classes: NEARLINE is billed for 30 days at least, COLDLINE for 90, ARCHIVE for 365, and each read of them. */
export type StorageClass = "STANDARD" | "NEARLINE" | "COLDLINE" | "ARCHIVE";

/** What happens to objects with time. All conditions that are given have to hold. */
export interface LifecycleRule {
  /** Delete them, abort uploads that were never completed, or move them to a colder class. */
  readonly action: "DELETE" | "ABORT_UPLOADS" | Exclude<StorageClass, "STANDARD">;
  /** Days since the object was made. */
  readonly ageDays?: number;
  /** Days since another version took its place; of old versions alone. */
  readonly noncurrentDays?: number;
  /** So many versions are newer; of old versions alone. */
  readonly newerVersions?: number;
  /** Names begin with one of these. @default all */
  readonly prefixes?: readonly string[];
  /** Names end with one of these. @default all */
  readonly suffixes?: readonly string[];
  /** They are of one of these classes. @default any */
  readonly classes?: readonly StorageClass[];
}

/** How long old versions of objects are kept: without an end they would grow, and cost, for ever. */
export interface NoncurrentVersions {
  /** Days after which an old version goes. */
  readonly days?: number;
  /** Old versions to keep. With `days` one goes when it is both older and beyond these. */
  readonly keep?: number;
}

/** Which pages of other origins may read the bucket by scripts. */
export interface CorsRule {
  /** Origins (`https://app.example.com`), or `*` for all. */
  readonly origins: readonly string[];
  /** HTTP methods. */
  readonly methods: readonly ("GET" | "HEAD" | "PUT" | "POST" | "DELETE")[];
  /** Headers that scripts may send and read. @default none */
  readonly headers?: readonly string[];
  /** Seconds for which a browser remembers the answer, to 86400. @default 3600 */
  readonly maxAgeSeconds?: number;
}

/** IAM members by a short name of one's own, which becomes part of the Terraform address. */
export interface BucketAccess {
  /** May read and list objects (roles/storage.objectViewer). @default none */
  readonly readers?: Record<string, string>;
  /** May read, write and delete objects (roles/storage.objectUser). @default none */
  readonly writers?: Record<string, string>;
  /** May add objects, and neither read nor overwrite any (roles/storage.objectCreator). @default none */
  readonly creators?: Record<string, string>;
}

/** A Cloud KMS key, with the location of its ring: it may be a reference in which that cannot be read. */
export interface BucketKey extends KmsKey {
  /** Location of the key's ring, or of what it encrypts: the bucket's own has to lead to the same (`keyRingLocation`). */
  readonly location: string;
}

export interface BucketProps extends BucketAccess {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Name, unique in the world. Changing it recreates the bucket, which must be empty. */
  readonly name: string;
  /**
   * A region (`us-central1`), a dual-region (`NAM4`, `EUR4`, …) or `US`, `EU`, `ASIA`. Changing it recreates the bucket, which must
   * be empty.
   */
  readonly location: string;
  /** Class of new objects. @default "STANDARD" */
  readonly storageClass?: StorageClass;
  /**
   * Keep old versions of what is overwritten or deleted.
   * @default none are kept
   */
  readonly versioning?: NoncurrentVersions;
  /** What happens to objects with time. @default nothing */
  readonly lifecycleRules?: readonly LifecycleRule[];
  /**
   * Days for which what was deleted can be restored, 7 to 90, and is billed; 0 for none.
   * @default 7
   */
  readonly softDeleteDays?: number;
  /** Days for which no object can be deleted or overwritten. @default none */
  readonly retentionDays?: number;
  /** Nobody can shorten `retentionDays` ever after, nor delete the bucket before its objects are that old. @default false */
  readonly retentionLocked?: boolean;
  /** Cloud KMS key that encrypts new objects. @default Google's own */
  readonly encryptionKey?: BucketKey;
  /** Which pages of other origins may use it by scripts. @default none */
  readonly cors?: readonly CorsRule[];
  /**
   * Everybody may read each object whose name she knows, and list none: for what a website is made of. It says so in the label
   * `access`, without which policy refuses public buckets.
   * @default false: it cannot be made public, by no grant
   */
  readonly publicRead?: boolean;
  /** Pages of a website: behind a `LoadBalancer` or at the bucket's own host. @default none */
  readonly website?: {
    /** Object that answers for a folder, such as `index.html`. */
    readonly mainPage: string;
    /** Object that answers for what there is not, such as `404.html`. @default none */
    readonly notFoundPage?: string;
  };
  /** Folders with members of their own, by path: `{"reports/daily": {readers: {…}}}`. @default none */
  readonly managedFolders?: Record<string, BucketAccess>;
  /**
   * Bucket that takes Cloud Storage's hourly usage logs. Its service agent `cloud-storage-analytics@google.com` has to be
   * among that bucket's `creators`. Audit logs say more, and at once.
   * @default none
   */
  readonly accessLogs?: {
    readonly bucket: Pick<Bucket, "bucketName">;
    /** What the logs' names begin with. @default the bucket's name */
    readonly prefix?: string;
  };
  /**
   * Terraform refuses to destroy or recreate the bucket. Switch off and apply before a destroy. A bucket that is not empty Cloud
   * Storage keeps in any case.
   */
  readonly deletionProtection: boolean;
  /** Labels of the bucket. @default none */
  readonly labels?: Record<string, string>;
}

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
 *   location: keyRingLocation("US"),
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
 *   encryptionKey: { ...keys.key("backups"), location: "US" },
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

/** Locations of several places. Of the last two Google does not say where a key would be. */
const PLACES = ["US", "EU", "ASIA", "ASIA1", "EUR4", "EUR5", "NAM4", "EUR7", "EUR8"];
const WITHOUT_KEYS = ["EUR7", "EUR8"];

const ROLES = {
  readers: "roles/storage.objectViewer",
  writers: "roles/storage.objectUser",
  creators: "roles/storage.objectCreator",
} as const;

function grantsOf(access: BucketAccess) {
  return (Object.keys(ROLES) as (keyof typeof ROLES)[]).flatMap((kind) =>
    Object.entries(access[kind] ?? {}).map(([name, member]) => ({ kind, name, role: ROLES[kind], member })),
  );
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

function problems(props: BucketProps): PropProblem[] {
  const { name, location, versioning, softDeleteDays, retentionDays, retentionLocked } = props;
  const found: PropProblem[] = [];
  if (!Token.isUnresolved(name) && !isBucketName(name))
    found.push({
      prop: ["name"],
      problem: `"${name}" is no bucket name`,
      instead: "use 3 to 63 lower-case letters, digits and -, first and last no -, without google or goog-",
    });
  if (!PLACES.includes(location) && !/^[a-z]+-[a-z]+\d+$/.test(location))
    found.push({
      prop: ["location"],
      problem: `is "${location}"`,
      instead: `give a region such as "us-central1", or one of ${PLACES.join(", ")}`,
    });
  else found.push(...keyProblems(props));
  if (versioning && versioning.days === undefined && versioning.keep === undefined)
    found.push({
      prop: ["versioning"],
      problem: "keeps old versions for ever",
      instead: "give days or keep",
    });
  found.push(
    ...wholeNumber(["versioning", "days"], versioning?.days, { from: 1, unit: "days", optional: true }),
    ...wholeNumber(["versioning", "keep"], versioning?.keep, { from: 1, optional: true }),
  );
  if (softDeleteDays !== 0)
    found.push(
      ...wholeNumber(["softDeleteDays"], softDeleteDays, {
        from: 7,
        to: 90,
        unit: "days",
        optional: true,
      }).map((problem) => ({ ...problem, instead: `${problem.instead}, or 0 for none` })),
    );
  // A hundred years.
  found.push(
    ...wholeNumber(["retentionDays"], retentionDays, { from: 1, to: 36_500, unit: "days", optional: true }),
  );
  if (retentionLocked && retentionDays === undefined)
    found.push({
      prop: ["retentionLocked"],
      problem: "is on, and nothing is retained",
      instead: "give retentionDays",
    });
  for (const [index, rule] of (props.lifecycleRules ?? []).entries())
    found.push(...problemsIn(["lifecycleRules", index], ruleProblems(rule, versioning !== undefined)));
  for (const [index, rule] of (props.cors ?? []).entries())
    found.push(...problemsIn(["cors", index], corsProblems(rule)));
  for (const path of Object.keys(props.managedFolders ?? {}))
    if (!/^[^/\s]+(\/[^/\s]+)*$/.test(path))
      found.push({
        prop: ["managedFolders", path],
        problem: `"${path}" is no path of a folder`,
        instead: 'give names with / between them, such as "reports/daily"',
      });
  return [...found, ...publicProblems(props)];
}

function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name) && !/google|^goog/.test(name);
}

function keyProblems({ location, encryptionKey }: BucketProps): PropProblem[] {
  if (!encryptionKey) return [];
  if (WITHOUT_KEYS.includes(location))
    return [
      {
        prop: ["encryptionKey"],
        problem: `is given in ${location}, for which no location of keys is known`,
        instead: "leave it out, or take another location",
      },
    ];
  const wanted = keyRingLocation(location);
  if (keyRingLocation(encryptionKey.location) === wanted) return [];
  return [
    {
      prop: ["encryptionKey"],
      problem: `is in ${encryptionKey.location}, and the bucket in ${location}`,
      instead: `give a key whose ring is in ${wanted}`,
    },
  ];
}

function ruleProblems(rule: LifecycleRule, versioned: boolean): PropProblem[] {
  const { ageDays, noncurrentDays, newerVersions } = rule;
  const positive = { from: 1, optional: true };
  const found = [
    ...wholeNumber(["ageDays"], ageDays, { ...positive, unit: "days" }),
    ...wholeNumber(["noncurrentDays"], noncurrentDays, { ...positive, unit: "days" }),
    ...wholeNumber(["newerVersions"], newerVersions, positive),
  ];
  const old = noncurrentDays !== undefined || newerVersions !== undefined;
  if (ageDays === undefined && !old)
    found.push({
      prop: ["action"],
      problem: `is ${rule.action} at once, without an age`,
      instead: "give ageDays, noncurrentDays or newerVersions",
    });
  if (old && !versioned)
    found.push({
      prop: [noncurrentDays === undefined ? "newerVersions" : "noncurrentDays"],
      problem: "is about old versions, and none are kept",
      instead: "give the bucket versioning, or ageDays here",
    });
  if (rule.action === "ABORT_UPLOADS" && (old || rule.classes))
    found.push({
      prop: ["action"],
      problem: "is ABORT_UPLOADS with a condition that uploads do not have",
      instead: "give ageDays, prefixes and suffixes alone",
    });
  return found;
}

function corsProblems({ origins, methods, maxAgeSeconds }: CorsRule): PropProblem[] {
  const found = wholeNumber(["maxAgeSeconds"], maxAgeSeconds, {
    from: 0,
    to: 86_400,
    unit: "seconds",
    optional: true,
  });
  if (origins.length === 0 || methods.length === 0)
    found.push({
      prop: [origins.length === 0 ? "origins" : "methods"],
      problem: "is empty, so the rule lets nobody in",
      instead: "name one at least",
    });
  for (const [index, origin] of origins.entries())
    if (origin !== "*" && !/^https?:\/\/[^/\s]+$/.test(origin))
      found.push({
        prop: ["origins", index],
        problem: `is "${origin}"`,
        instead: 'give an origin without a path, such as "https://app.example.com", or "*"',
      });
  return found;
}

function publicProblems(props: BucketProps): PropProblem[] {
  const { publicRead = false, labels = {} } = props;
  const found: PropProblem[] = [];
  if (publicRead && labels["access"] !== undefined && labels["access"] !== PUBLIC_LABEL["access"])
    found.push({
      prop: ["labels", "access"],
      problem: `is "${labels["access"]}" for a bucket that everybody may read`,
      instead: "leave it out",
    });
  if (!publicRead && labels["access"] === PUBLIC_LABEL["access"])
    found.push({
      prop: ["labels", "access"],
      problem: "says that the bucket is public",
      instead: "set publicRead, or leave it out",
    });
  const folders = Object.entries(props.managedFolders ?? {}).map(([path, access]) => ({
    at: ["managedFolders", path],
    access,
  }));
  for (const { at, access } of [{ at: [], access: props as BucketAccess }, ...folders])
    for (const { kind, name, member } of grantsOf(access))
      if (/^all(Authenticated)?Users$/.test(member))
        found.push({
          prop: [...at, kind, name],
          problem: `is ${member}, everybody`,
          instead: "name a group, a service account or a person, or set publicRead",
        });
  return found;
}
