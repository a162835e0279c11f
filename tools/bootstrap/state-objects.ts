import { randomUUID } from "node:crypto";
import type { Bucket, Storage } from "@google-cloud/storage";
import { SECONDS_PER_DAY } from "../../lib/core/props";
import { STATE_BUCKET } from "../../lib/google/state-store/settings";
import { CliError, EXIT } from "../command-line/errors";
import { faultOf } from "../google/error";
import { storageClient } from "../google/storage";

export interface NewBucket {
  readonly region: string;
  readonly kmsKey: string;
  readonly labels: Record<string, string>;
}

/** Project and location of an existing bucket. */
export interface FoundBucket {
  readonly projectNumber: string;
  readonly location: string;
}

/** State bucket before Terraform knows it, and the states that have to be in it. */
export class StateObjects {
  private readonly storage: Storage;
  private readonly bucket: Bucket;

  /** @throws {CliError} when STORAGE_EMULATOR_HOST names no host */
  constructor(
    projectId: string,
    private readonly name: string,
  ) {
    this.storage = storageClient(projectId);
    this.bucket = this.storage.bucket(name);
  }

  /** Undefined where there is none. */
  async find(): Promise<FoundBucket | undefined> {
    try {
      const [{ projectNumber, location }] = await this.bucket.getMetadata();
      return { projectNumber: String(projectNumber), location: String(location).toLowerCase() };
    } catch (error) {
      if (["missing", "disabled"].includes(faultOf(error))) return undefined;
      throw error;
    }
  }

  /** IAM member that encrypts and decrypts for the project's buckets; asking for it makes it. */
  async serviceAgent(): Promise<string> {
    const [{ emailAddress }] = await this.storage.getServiceAccount();
    return `serviceAccount:${emailAddress}`;
  }

  /** Makes it with everything that Terraform will want of it. */
  async create({ region, kmsKey, labels }: NewBucket): Promise<void> {
    const { softDeleteDays, oldVersions } = STATE_BUCKET;
    try {
      await this.storage.createBucket(this.name, {
        location: region,
        storageClass: "STANDARD",
        versioning: { enabled: true },
        iamConfiguration: {
          uniformBucketLevelAccess: { enabled: true },
          publicAccessPrevention: "enforced",
        },
        encryption: { defaultKmsKeyName: kmsKey },
        softDeletePolicy: { retentionDurationSeconds: softDeleteDays * SECONDS_PER_DAY },
        lifecycle: {
          rule: [
            {
              action: { type: "Delete" },
              condition: {
                daysSinceNoncurrentTime: oldVersions.days,
                numNewerVersions: oldVersions.kept,
                isLive: false,
              },
            },
          ],
        },
        labels,
      });
    } catch (error) {
      if (faultOf(error) === "conflict") throw takenByOthers(this.name);
      throw error;
    }
  }

  async hasState(stack: string): Promise<boolean> {
    const [exists] = await this.bucket.file(stateName(stack)).exists();
    return exists;
  }

  /**
   * Writes a state without resources, unless there is one: never over another, whoever was quicker.
   *
   * Whoever reads a state that is not there has Terraform write an empty one, and take its lock; those who may only read
   * would fail.
   */
  async writeEmptyState(stack: string): Promise<void> {
    const state = {
      version: 4,
      // The oldest that may run the stacks; Terraform refuses a state of a newer one than itself.
      terraform_version: "1.11.0",
      serial: 0,
      lineage: randomUUID(),
      outputs: {},
      resources: [],
      check_results: null,
    };
    try {
      await this.bucket.file(stateName(stack)).save(`${JSON.stringify(state, null, 2)}\n`, {
        resumable: false,
        validation: false,
        contentType: "application/json",
        preconditionOpts: { ifGenerationMatch: 0 },
      });
    } catch (error) {
      if (faultOf(error) !== "conflict") throw error;
    }
  }
}

/** The name of a bucket is unique among all of Google's customers. */
export function takenByOthers(name: string): CliError {
  return new CliError(
    `the bucket name ${name} is taken, by another project or somebody else: names are unique in all of Google Cloud. Choose another stateBucket in cdktf.json`,
    EXIT.state,
  );
}

function stateName(stack: string): string {
  return `${stack}/default.tfstate`;
}
