import type { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import type { Stack } from "../../lib/core/stack";
import { ArtifactRegistry } from "../../lib/google/artifact-registry";
import { AuditLogging } from "../../lib/google/audit-logging";
import { Bucket } from "../../lib/google/bucket";
import { CloudFunction, FunctionSource } from "../../lib/google/cloud-function";
import { KmsKeys } from "../../lib/google/kms";
import { PubSubTopic } from "../../lib/google/pubsub";
import { Secrets } from "../../lib/google/secret-manager";

export function declare(stack: Stack): void {
  const googleBeta = stack.node.findChild("google-beta") as GoogleBetaProvider;
  const region = "us-central1";
  const common = {
    projectId: "acme-prod",
    labels: { environment: "production", managed_by: "terraform" },
  };
  const keys = new KmsKeys(stack, "keys", {
    ...common,
    location: region,
    name: "acme",
    keys: {
      images: { serviceAgents: ["artifactregistry.googleapis.com"] },
      secrets: { serviceAgents: ["secretmanager.googleapis.com"] },
      sources: { serviceAgents: ["storage.googleapis.com"] },
    },
    googleBeta,
  });
  const topic = new PubSubTopic(stack, "rotation", { ...common, name: "secret_rotation" });
  const source = new FunctionSource("__tests__/lib/google/cloud-function/rotate-secrets");
  const deployed = {
    ...common,
    region,
    runtime: "python312",
    entryPoint: "rotate_secret",
    source,
    bucket: new Bucket(stack, "sources", {
      ...common,
      name: "acme-prod-functions",
      location: region,
      encryptionKey: keys.key("sources"),
      deletionProtection: true,
    }),
    registry: new ArtifactRegistry(stack, "images", {
      ...common,
      region,
      name: "functions",
      encryptionKey: keys.key("images"),
      deletionProtection: true,
    }),
  };
  const rotate = new CloudFunction(stack, "rotate", {
    ...deployed,
    name: "rotate-secrets",
    description: "Rotates secrets when they are due",
    events: { topic, retry: true },
    memory: "512Mi",
    timeoutSeconds: 120,
    maxInstances: 3,
    env: { BYTES: "48" },
    secrets: { PEPPER: { secretId: "pepper", version: 2 } },
    roles: { archive: { role: "roles/storage.objectUser", on: { bucket: "acme-prod-archive" } } },
  });
  new CloudFunction(stack, "report", {
    ...deployed,
    name: "report",
    ingress: "ALLOW_INTERNAL_AND_GCLB",
    invokers: { owner: "projectOwner:acme-prod" },
  });
  new Secrets(stack, "secrets", {
    ...common,
    secrets: {
      "app-secret-key": { rotationDays: 30, versionManagers: { function: rotate.member } },
      pepper: { readers: { owner: "projectOwner:acme-prod" } },
    },
    regions: [region],
    encryptionKeys: { [region]: keys.key("secrets") },
    rotationReminders: { topic, googleBeta },
    versionDestroyDelayDays: 30,
    deletionProtection: true,
  });
  new AuditLogging(stack, "audit", {
    projectId: "acme-prod",
    services: { "secretmanager.googleapis.com": { DATA_READ: {} } },
  });
}
