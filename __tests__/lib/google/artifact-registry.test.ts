import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { TerraformOutput } from "cdktf";
import type { Stack } from "../../../lib/core/stack";
import { ArtifactRegistry, type ArtifactRegistryProps } from "../../../lib/google/artifact-registry";
import { KmsKeys } from "../../../lib/google/kms";
import { synthesize } from "../../support/synth";

function build(
  over: Partial<ArtifactRegistryProps> | ((stack: Stack) => Partial<ArtifactRegistryProps>) = {},
  then?: (registry: ArtifactRegistry, stack: Stack) => void,
) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    const registry = new ArtifactRegistry(stack, "images", {
      projectId: "project",
      region: "us-central1",
      name: "apps",
      deletionProtection: false,
      ...(typeof over === "function" ? over(stack) : over),
    });
    then?.(registry, stack);
  });
}

const repository = (over: Parameters<typeof build>[0] = {}) =>
  build(over).resource("google_artifact_registry_repository", "images");

describe("ArtifactRegistry", () => {
  test("is a Docker repository whose tags may move and whose images are scanned", () => {
    expect(repository({ description: "Images", labels: { environment: "staging" } })).toMatchObject({
      project: "project",
      location: "us-central1",
      repository_id: "apps",
      description: "Images",
      format: "DOCKER",
      mode: "STANDARD_REPOSITORY",
      vulnerability_scanning_config: { enablement_config: "INHERITED" },
      labels: { environment: "staging" },
    });
  });

  test("deletes untagged images after 7 days and keeps tagged ones, for real", () => {
    const { cleanup_policies, cleanup_policy_dry_run } = repository();
    expect(cleanup_policies).toEqual([
      {
        id: "delete-untagged",
        action: "DELETE",
        condition: { tag_state: "UNTAGGED", older_than: "604800s" },
      },
      { id: "keep-tagged", action: "KEEP", condition: { tag_state: "TAGGED" } },
    ]);
    expect(cleanup_policy_dry_run).toBe(false);
  });

  test("takes other cleanup policies instead", () => {
    const { cleanup_policies } = repository({
      cleanupPolicies: {
        "old-branches": {
          action: "DELETE",
          tagState: "TAGGED",
          tagPrefixes: ["branch-"],
          olderThanDays: 30,
        },
        old: { action: "DELETE", olderThanDays: 90 },
        recent: { action: "KEEP", keepCount: 10 },
      },
    });
    expect(cleanup_policies).toEqual([
      {
        id: "old-branches",
        action: "DELETE",
        condition: { tag_state: "TAGGED", tag_prefixes: ["branch-"], older_than: "2592000s" },
      },
      { id: "old", action: "DELETE", condition: { tag_state: "ANY", older_than: "7776000s" } },
      { id: "recent", action: "KEEP", most_recent_versions: { keep_count: 10 } },
    ]);
  });

  test("keeps everything with an empty map of policies", () => {
    expect(repository({ cleanupPolicies: {} }).cleanup_policies ?? []).toEqual([]);
  });

  test("may fix tags and leave images unscanned", () => {
    const { docker_config, vulnerability_scanning_config } = repository({
      immutableTags: true,
      vulnerabilityScanning: false,
    });
    expect(docker_config.immutable_tags).toBe(true);
    expect(vulnerability_scanning_config.enablement_config).toBe("DISABLED");
  });

  test("is kept from destruction where protected", () => {
    expect(repository({ deletionProtection: true }).lifecycle).toEqual({ prevent_destroy: true });
    expect(repository({ deletionProtection: false }).lifecycle).toBeUndefined();
  });

  test("lets readers pull and writers push, by name", () => {
    const stack = build({
      readers: { nodes: "serviceAccount:nodes@project.iam.gserviceaccount.com" },
      writers: { ci: "serviceAccount:ci@project.iam.gserviceaccount.com" },
    });
    expect(stack.resources("google_artifact_registry_repository_iam_member")).toMatchObject({
      images_readers_nodes: {
        project: "project",
        location: "${google_artifact_registry_repository.images.location}",
        repository: "${google_artifact_registry_repository.images.repository_id}",
        role: "roles/artifactregistry.reader",
        member: "serviceAccount:nodes@project.iam.gserviceaccount.com",
      },
      images_writers_ci: {
        role: "roles/artifactregistry.writer",
        member: "serviceAccount:ci@project.iam.gserviceaccount.com",
      },
    });
  });

  test("is encrypted with the given key, once Artifact Registry may use it", () => {
    const encrypted = repository((stack) => ({
      encryptionKey: new KmsKeys(stack, "keys", {
        projectId: "project",
        location: "us-central1",
        name: "ring",
        keys: { images: { serviceAgents: ["artifactregistry.googleapis.com"] } },
        googleBeta: new GoogleBetaProvider(stack, "google-beta", {}),
      }).key("images"),
    }));
    expect(encrypted.kms_key_name).toBe("${google_kms_crypto_key.keys_images.id}");
    expect(encrypted.depends_on).toEqual(["google_kms_crypto_key_iam_member.keys_images_artifactregistry"]);
  });

  test("outputs where images are pushed to", () => {
    const { outputs } = build({}, (registry, stack) => {
      for (const name of ["repositoryId", "location", "url"] as const)
        new TerraformOutput(stack, name, { value: registry[name] });
    });
    const self = "google_artifact_registry_repository.images";
    expect(Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))).toEqual({
      repositoryId: `\${${self}.repository_id}`,
      location: `\${${self}.location}`,
      url: `\${${self}.location}-docker.pkg.dev/project/\${${self}.repository_id}`,
    });
  });
});
