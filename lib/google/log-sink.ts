import { BigqueryDataset } from "@cdktf/provider-google/lib/bigquery-dataset";
import { BigqueryDatasetIamMember } from "@cdktf/provider-google/lib/bigquery-dataset-iam-member";
import { LoggingProjectSink } from "@cdktf/provider-google/lib/logging-project-sink";
import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import { Construct } from "constructs";
import { type PropProblem, rejectProps, wholeNumber } from "../core/invalid-props";
import { lifecycle, SECONDS_PER_DAY } from "../core/props";
import type { KmsKey } from "./kms";

const MAX_RETENTION_DAYS = 36_500;

/** Cloud Storage bucket that is made for the logs, with a retention policy. */
export interface LogArchive {
  /** Name, unique in the world. Changing it, or `location`, recreates the bucket, which Google refuses while logs are in it. */
  readonly bucketName: string;
  /** Region or multi-region, such as `us-central1` or `US`. */
  readonly location: string;
  /** Retention in days: so long nobody can delete or change a log, and then it is deleted. 1 to 36500. */
  readonly retentionDays: number;
  /**
   * Make the retention final: it can be prolonged, never shortened or taken off, and the bucket stays until the last
   * log has reached its age.
   * @default false
   */
  readonly lock?: boolean;
  /** Terraform refuses to destroy or recreate the bucket. Switch off and apply before a destroy. */
  readonly deletionProtection: boolean;
  /**
   * Storage class. COLDLINE costs a fifth of STANDARD, with a price on reading and 90 days charged at least.
   * @default "STANDARD"
   */
  readonly storageClass?: "STANDARD" | "NEARLINE" | "COLDLINE" | "ARCHIVE";
  /** Key in the bucket's location that Cloud Storage may use. @default Google's keys */
  readonly encryptionKey?: KmsKey;
}

/** BigQuery dataset that is made for the logs, with a table for each log that is partitioned by day. */
export interface LogDataset {
  /** Id in the project: letters, digits and `_`. Changing it, or `location`, recreates the dataset, which Google refuses while tables are in it. */
  readonly datasetId: string;
  /** Region or multi-region, such as `us-central1` or `US`. */
  readonly location: string;
  /** Days after which a day's entries are deleted, from 1. Later changes are for tables that are made from then on. */
  readonly retentionDays: number;
  /** Terraform refuses to destroy or recreate the dataset. Switch off and apply before a destroy. */
  readonly deletionProtection: boolean;
  /** Key in the dataset's location that BigQuery may use. @default Google's keys */
  readonly encryptionKey?: KmsKey;
}

export interface LogSinkProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Name of the sink. Changing it recreates the sink; what is logged meanwhile is not exported. */
  readonly name: string;
  /**
   * Filter of entries, such as `logName:"cloudaudit.googleapis.com"`.
   * @see https://cloud.google.com/logging/docs/view/logging-query-language
   */
  readonly filter: string;
  /** For people, shown in the console. @default none */
  readonly description?: string;
  /**
   * A bucket or a dataset to make, or what exists: `bigquery.googleapis.com/projects/p/datasets/d`,
   * `pubsub.googleapis.com/projects/p/topics/t`. Whoever owns that grants `writerIdentity` the right to write.
   */
  readonly destination: LogArchive | LogDataset | string;
  /** Labels of the bucket or dataset. @default none */
  readonly labels?: Record<string, string>;
}

/**
 * Cloud Logging sink: exports a project's log entries, from now on, to a bucket, a BigQuery dataset or a Pub/Sub topic.
 * Exporting is free, the destination is not.
 *
 * A bucket is for what has to be there unchanged when somebody asks; a dataset is for what is queried, and whoever may write
 * it may change it. Both at once are two sinks. Google lets everybody with a basic role in the project into a new dataset,
 * viewers as readers.
 *
 * Source: OctoLLM document, section "Audit Logging" (log sinks).
 * @see https://cloud.google.com/logging/docs/export/configure_export_v2
 * @throws when the filter is empty, the destination no service's, the retention no number of days, or the dataset's id none
 * @example
 * ```ts
 * new LogSink(stack, "audit-archive", {
 *   projectId: "acme-prod",
 *   name: "audit-archive",
 *   filter: 'logName:"cloudaudit.googleapis.com"',
 *   destination: {
 *     bucketName: "acme-prod-audit-logs",
 *     location: "us-central1",
 *     retentionDays: 400,
 *     storageClass: "COLDLINE",
 *     deletionProtection: true,
 *   },
 * });
 * ```
 */
export class LogSink extends Construct {
  /** IAM member that writes the entries: this sink's own service account. */
  readonly writerIdentity: string;
  /** Name of the bucket that was made. Undefined with another destination. */
  readonly bucketName?: string;
  /** Id of the dataset that was made. Undefined with another destination. */
  readonly datasetId?: string;

  constructor(scope: Construct, id: string, props: LogSinkProps) {
    super(scope, id);
    rejectProps(this, problems(props));

    const { destination } = props;
    const made = typeof destination === "string" ? undefined : destination;
    const bucket = made && "bucketName" in made ? this.archive(made, props) : undefined;
    const dataset = made && "datasetId" in made ? this.dataset(made, props) : undefined;
    const address = bucket
      ? `storage.googleapis.com/${bucket.name}`
      : dataset
        ? `bigquery.googleapis.com/${dataset.id}`
        : String(destination);
    const sink = new LoggingProjectSink(this, "Resource", {
      project: props.projectId,
      name: props.name,
      description: props.description,
      filter: props.filter,
      destination: address,
      uniqueWriterIdentity: true,
      // Without, each day is a table of its own.
      bigqueryOptions: address.startsWith("bigquery.") ? { usePartitionedTables: true } : undefined,
    });
    if (bucket)
      new StorageBucketIamMember(this, "writer", {
        bucket: bucket.name,
        role: "roles/storage.objectCreator",
        member: sink.writerIdentity,
      });
    if (dataset)
      // Not the dataset's own access blocks: each change of it would then write them over every other grant.
      new BigqueryDatasetIamMember(this, "writer", {
        project: props.projectId,
        datasetId: dataset.datasetId,
        role: "roles/bigquery.dataEditor",
        member: sink.writerIdentity,
      });

    this.writerIdentity = sink.writerIdentity;
    this.bucketName = bucket?.name;
    this.datasetId = dataset?.datasetId;
  }

  private dataset(dataset: LogDataset, { projectId, description, labels }: LogSinkProps): BigqueryDataset {
    return new BigqueryDataset(this, "dataset", {
      project: projectId,
      datasetId: dataset.datasetId,
      description,
      location: dataset.location,
      defaultPartitionExpirationMs: dataset.retentionDays * SECONDS_PER_DAY * 1000,
      deleteContentsOnDestroy: false,
      defaultEncryptionConfiguration: dataset.encryptionKey && { kmsKeyName: dataset.encryptionKey.id },
      labels,
      dependsOn: dataset.encryptionKey && [...dataset.encryptionKey.grants],
      lifecycle: lifecycle(dataset.deletionProtection),
    });
  }

  private archive(archive: LogArchive, { projectId, labels }: LogSinkProps): StorageBucket {
    return new StorageBucket(this, "archive", {
      project: projectId,
      name: archive.bucketName,
      location: archive.location,
      storageClass: archive.storageClass ?? "STANDARD",
      uniformBucketLevelAccess: true,
      publicAccessPrevention: "enforced",
      forceDestroy: false,
      // Instead of versioning: within its retention nothing can be replaced, so there is no second version to keep.
      retentionPolicy: {
        retentionPeriod: archive.retentionDays * SECONDS_PER_DAY,
        isLocked: archive.lock ?? false,
      },
      lifecycleRule: [{ action: { type: "Delete" }, condition: { age: archive.retentionDays } }],
      encryption: archive.encryptionKey && { defaultKmsKeyName: archive.encryptionKey.id },
      labels,
      dependsOn: archive.encryptionKey && [...archive.encryptionKey.grants],
      lifecycle: lifecycle(archive.deletionProtection),
    });
  }
}

function problems({ filter, destination }: LogSinkProps): PropProblem[] {
  const found: PropProblem[] = [];
  if (filter.trim() === "")
    found.push({
      prop: ["filter"],
      problem: "is empty, which exports everything",
      instead: 'name what to keep, such as logName:"cloudaudit.googleapis.com"',
    });
  if (typeof destination !== "string") {
    const prop = ["destination", "retentionDays"];
    found.push(
      ...wholeNumber(prop, destination.retentionDays, { from: 1, to: MAX_RETENTION_DAYS, unit: "days" }),
    );
    if ("datasetId" in destination && !/^\w{1,1024}$/.test(destination.datasetId))
      found.push({
        prop: ["destination", "datasetId"],
        problem: `is "${destination.datasetId}"`,
        instead: "use letters, digits and _",
      });
  } else if (!/^(bigquery|pubsub|storage|logging)\.googleapis\.com\/.+/.test(destination))
    found.push({
      prop: ["destination"],
      problem: `is "${destination}"`,
      instead: 'start it with the service, such as "bigquery.googleapis.com/projects/…"',
    });
  return found;
}
