import {
  ArtifactRegistryRepository,
  type ArtifactRegistryRepositoryCleanupPolicies,
} from "@cdktf/provider-google/lib/artifact-registry-repository";
import { ArtifactRegistryRepositoryIamMember } from "@cdktf/provider-google/lib/artifact-registry-repository-iam-member";
import { Construct } from "constructs";
import { type PropProblem, rejectProps } from "../core/invalid-props";
import { days, lifecycle } from "../core/props";
import type { KmsKey } from "./kms";

/** Artifact Registry repository that images are pulled from. */
export interface ImageRegistry {
  /** Google Cloud project. */
  readonly projectId: string;
  /** Region of the repository. */
  readonly location: string;
  /** Id of the repository, the last part of its URL. */
  readonly repositoryId: string;
}

/** What the name of an image in a registry begins with, before tag or digest: `us-central1-docker.pkg.dev/p/r/zig-api`. */
export function imageRepository({ location, projectId, repositoryId }: ImageRegistry, name: string): string {
  return `${location}-docker.pkg.dev/${projectId}/${repositoryId}/${name}`;
}

/** Cleanup policy: which image versions to delete, or to keep although another policy deletes them. */
export interface CleanupPolicy {
  /** KEEP wins over DELETE. */
  readonly action: "DELETE" | "KEEP";
  /** @default "ANY" */
  readonly tagState?: "TAGGED" | "UNTAGGED" | "ANY";
  /** Only versions pushed more than so many days ago. @default any age */
  readonly olderThanDays?: number;
  /** Only versions with a tag that starts so; needs `tagState: "TAGGED"`. @default any tag */
  readonly tagPrefixes?: readonly string[];
  /** Keeps so many latest versions of each image, whatever their tags. Alone, and with KEEP only. @default none */
  readonly keepCount?: number;
}

export interface ArtifactRegistryProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Region, such as `us-central1`. Changing it recreates the repository, without its images. */
  readonly region: string;
  /** Repository id, the last part of the URL. Changing it recreates the repository, without its images. */
  readonly name: string;
  /** For people, shown in the console. @default none */
  readonly description?: string;
  /**
   * Cleanup policies by id, instead of the default ones. An empty map keeps everything.
   *
   * The policies do not know what runs: a digest whose tag has moved on is untagged, and gone a week later. What is
   * deployed needs a tag that stays, such as the commit.
   * @default `delete-untagged` deletes untagged versions after 7 days, `keep-tagged` keeps tagged ones
   */
  readonly cleanupPolicies?: Record<string, CleanupPolicy>;
  /**
   * Refuse to move a tag to another image. Off, because releases follow moving tags (`production`, an engineer's
   * name) and run the digest behind them.
   * @default false
   */
  readonly immutableTags?: boolean;
  /**
   * Scan images for known vulnerabilities where the project has Container Scanning enabled
   * (`containerscanning.googleapis.com`; 0.26 USD per pushed image).
   * @default true
   */
  readonly vulnerabilityScanning?: boolean;
  /** IAM members that may pull, by a short name of one's own (`{nodes: "serviceAccount:…"}`). @default none */
  readonly readers?: Record<string, string>;
  /** IAM members that may push, by a short name of one's own. @default none */
  readonly writers?: Record<string, string>;
  /** Key in the repository's region. Changing it recreates the repository, without its images. @default Google's keys */
  readonly encryptionKey?: KmsKey;
  /** Terraform refuses to destroy or recreate the repository. Switch off and apply before a destroy. */
  readonly deletionProtection: boolean;
  /** Labels of the repository. @default none */
  readonly labels?: Record<string, string>;
}

const DEFAULT_CLEANUP: Record<string, CleanupPolicy> = {
  "delete-untagged": { action: "DELETE", tagState: "UNTAGGED", olderThanDays: 7 },
  "keep-tagged": { action: "KEEP", tagState: "TAGGED" },
};

/**
 * Artifact Registry repository of container images, with cleanup policies and IAM for who pulls and pushes. Images
 * are billed by the GB.
 *
 * Source: infrastructure document, section "GitHub Actions Workflow" (there on gcr.io, which Google has shut down);
 * Copy-That document, section "Artifact Registry Cleanup".
 * @see https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy
 * @throws when a cleanup policy mixes `keepCount` with anything else, or has tag prefixes for untagged versions
 * @example
 * ```ts
 * const images = new ArtifactRegistry(stack, "images", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "shop",
 *   cleanupPolicies: {
 *     old: { action: "DELETE", tagState: "UNTAGGED", olderThanDays: 30 },
 *     latest: { action: "KEEP", keepCount: 10 },
 *   },
 *   readers: { nodes: "serviceAccount:acme-nodes@acme-prod.iam.gserviceaccount.com" },
 *   deletionProtection: true,
 * });
 * stack.output("registry_url", { value: images.url });
 * ```
 */
export class ArtifactRegistry extends Construct {
  /** The repository's id: `name`. */
  readonly repositoryId: string;
  /** The repository's region. */
  readonly location: string;
  /** What an image name starts with, without a slash at the end: `us-central1-docker.pkg.dev/project/repository`. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: ArtifactRegistryProps) {
    super(scope, id);
    const policies = Object.entries(props.cleanupPolicies ?? DEFAULT_CLEANUP);
    rejectProps(this, policies.flatMap(problems));

    const repository = new ArtifactRegistryRepository(this, "Resource", {
      project: props.projectId,
      location: props.region,
      repositoryId: props.name,
      description: props.description,
      format: "DOCKER",
      mode: "STANDARD_REPOSITORY",
      // False is never sent, and would be a difference in the first plan.
      dockerConfig: props.immutableTags ? { immutableTags: true } : undefined,
      cleanupPolicyDryRun: false,
      cleanupPolicies: policies.map(toCleanupPolicy),
      vulnerabilityScanningConfig: {
        enablementConfig: (props.vulnerabilityScanning ?? true) ? "INHERITED" : "DISABLED",
      },
      kmsKeyName: props.encryptionKey?.id,
      labels: props.labels,
      dependsOn: props.encryptionKey && [...props.encryptionKey.grants],
      lifecycle: lifecycle(props.deletionProtection),
    });
    const grant = (kind: string, role: string, members: Record<string, string> = {}) => {
      const granted = new Construct(this, kind);
      for (const [name, member] of Object.entries(members))
        new ArtifactRegistryRepositoryIamMember(granted, name, {
          project: props.projectId,
          location: repository.location,
          repository: repository.repositoryId,
          role,
          member,
        });
    };
    grant("readers", "roles/artifactregistry.reader", props.readers);
    grant("writers", "roles/artifactregistry.writer", props.writers);

    this.repositoryId = repository.repositoryId;
    this.location = repository.location;
    this.url = `${this.location}-docker.pkg.dev/${props.projectId}/${this.repositoryId}`;
  }
}

function toCleanupPolicy([id, policy]: [string, CleanupPolicy]): ArtifactRegistryRepositoryCleanupPolicies {
  if (policy.keepCount !== undefined)
    return { id, action: policy.action, mostRecentVersions: { keepCount: policy.keepCount } };
  return {
    id,
    action: policy.action,
    condition: {
      tagState: policy.tagState ?? "ANY",
      olderThan: policy.olderThanDays === undefined ? undefined : days(policy.olderThanDays),
      tagPrefixes: policy.tagPrefixes && [...policy.tagPrefixes],
    },
  };
}

function problems([id, policy]: [string, CleanupPolicy]): PropProblem[] {
  const { action, keepCount, tagPrefixes, tagState, olderThanDays } = policy;
  const conditional = tagState || tagPrefixes || olderThanDays !== undefined;
  if (keepCount !== undefined && (action !== "KEEP" || conditional))
    return [
      {
        prop: ["cleanupPolicies", id, "keepCount"],
        problem: 'goes with action "KEEP" and nothing else',
        instead: "make two policies of it",
      },
    ];
  if (tagPrefixes && tagState !== "TAGGED")
    return [
      {
        prop: ["cleanupPolicies", id, "tagPrefixes"],
        problem: `goes with tagState "TAGGED", and not with "${tagState ?? "ANY"}"`,
        instead: "set tagState",
      },
    ];
  return [];
}
