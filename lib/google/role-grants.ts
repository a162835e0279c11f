import { ArtifactRegistryRepositoryIamMember } from "@cdktf/provider-google/lib/artifact-registry-repository-iam-member";
import { BigqueryDatasetIamMember } from "@cdktf/provider-google/lib/bigquery-dataset-iam-member";
import { CloudRunV2JobIamMember } from "@cdktf/provider-google/lib/cloud-run-v2-job-iam-member";
import { CloudRunV2ServiceIamMember } from "@cdktf/provider-google/lib/cloud-run-v2-service-iam-member";
import { CloudRunV2WorkerPoolIamMember } from "@cdktf/provider-google/lib/cloud-run-v2-worker-pool-iam-member";
import { KmsCryptoKeyIamMember } from "@cdktf/provider-google/lib/kms-crypto-key-iam-member";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { PubsubSubscriptionIamMember } from "@cdktf/provider-google/lib/pubsub-subscription-iam-member";
import { PubsubTopicIamMember } from "@cdktf/provider-google/lib/pubsub-topic-iam-member";
import { SecretManagerSecretIamMember } from "@cdktf/provider-google/lib/secret-manager-secret-iam-member";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";

/** The one resource that a role is granted on. Each by its name in the identity's project, unless it says another. */
export type GrantTarget =
  /** Name of a Cloud Storage bucket. */
  | { readonly bucket: string }
  /** Id of an Artifact Registry repository, and its region. */
  | { readonly repository: string; readonly location: string; readonly projectId?: string }
  /** Name of a Cloud Run service, and its region. */
  | { readonly service: string; readonly location: string; readonly projectId?: string }
  /** Name of a Cloud Run job, and its region. */
  | { readonly job: string; readonly location: string; readonly projectId?: string }
  /** Name of a Cloud Run worker pool, and its region. */
  | { readonly workerPool: string; readonly location: string; readonly projectId?: string }
  /** Id of a BigQuery dataset. */
  | { readonly dataset: string; readonly projectId?: string }
  /** Name of a Pub/Sub topic. */
  | { readonly topic: string; readonly projectId?: string }
  /** Name of a Pub/Sub subscription. */
  | { readonly subscription: string; readonly projectId?: string }
  /** Id of a secret. */
  | { readonly secret: string; readonly projectId?: string }
  /** Id of a KMS key, `projects/…/cryptoKeys/…`. */
  | { readonly key: string }
  /** Full name of a service account, `projects/<project>/serviceAccounts/<e-mail>`: to act as it. */
  | { readonly serviceAccount: string };

/** Role of an IAM member, with where it holds. */
export interface RoleGrant {
  /** `roles/…`, or a custom role's full name. */
  readonly role: string;
  /** The resource that it is granted on. @default the project: for roles that have no finer place, such as writing logs */
  readonly on?: GrantTarget;
  /** IAM condition, in CEL. @default none: it always holds */
  readonly condition?: { readonly title: string; readonly expression: string };
}

/** A predefined role as names in Terraform are written: `roles/compute.networkAdmin` is `compute_network_admin`. */
export function terraformRoleName(role: string): string {
  return role
    .replace(/^roles\//, "")
    .replaceAll(/\W/g, "_")
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Grants a role to a member, and to nobody else: other members of the role stay.
 * @param project of what is granted on, unless the grant says another
 */
export function grantRole(
  scope: Construct,
  id: string,
  project: string,
  member: string,
  { role, on, condition }: RoleGrant,
): ITerraformDependable {
  const grant = { role, condition, member };
  if (!on) return new ProjectIamMember(scope, id, { project, ...grant });
  if ("bucket" in on) return new StorageBucketIamMember(scope, id, { bucket: on.bucket, ...grant });
  if ("key" in on) return new KmsCryptoKeyIamMember(scope, id, { cryptoKeyId: on.key, ...grant });
  if ("serviceAccount" in on)
    return new ServiceAccountIamMember(scope, id, { serviceAccountId: on.serviceAccount, ...grant });
  const there = { project: on.projectId ?? project, ...grant };
  if ("dataset" in on) return new BigqueryDatasetIamMember(scope, id, { datasetId: on.dataset, ...there });
  if ("topic" in on) return new PubsubTopicIamMember(scope, id, { topic: on.topic, ...there });
  if ("subscription" in on)
    return new PubsubSubscriptionIamMember(scope, id, { subscription: on.subscription, ...there });
  if ("secret" in on) return new SecretManagerSecretIamMember(scope, id, { secretId: on.secret, ...there });
  const located = { location: on.location, ...there };
  if ("repository" in on)
    return new ArtifactRegistryRepositoryIamMember(scope, id, { repository: on.repository, ...located });
  if ("service" in on) return new CloudRunV2ServiceIamMember(scope, id, { name: on.service, ...located });
  if ("job" in on) return new CloudRunV2JobIamMember(scope, id, { name: on.job, ...located });
  return new CloudRunV2WorkerPoolIamMember(scope, id, { name: on.workerPool, ...located });
}
