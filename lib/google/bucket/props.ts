import type { LocatedKmsKey } from "../kms";
import type { Bucket } from "./index";

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
  readonly encryptionKey?: LocatedKmsKey;
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

/** Role of each kind of access. */
const ROLES = {
  readers: "roles/storage.objectViewer",
  writers: "roles/storage.objectUser",
  creators: "roles/storage.objectCreator",
} as const;

/** Who gets which role. */
export function grantsOf(access: BucketAccess) {
  return (Object.keys(ROLES) as (keyof typeof ROLES)[]).flatMap((kind) =>
    Object.entries(access[kind] ?? {}).map(([name, member]) => ({ kind, name, role: ROLES[kind], member })),
  );
}
