import type { Stack } from "../../lib/core/stack";
import { Attestor } from "../../lib/google/attestor";
import { BinaryAuthorization } from "../../lib/google/binary-authorization";
import { KmsKeys } from "../../lib/google/kms";
import { RuntimeIdentity } from "../../lib/google/runtime-identity";

export function declare(stack: Stack): void {
  const builds = new RuntimeIdentity(stack, "builds", {
    projectId: "acme-prod",
    accountId: "shop-builds",
    displayName: "Builds of the shop",
  });
  const keys = new KmsKeys(stack, "keys", {
    projectId: "acme-prod",
    location: "us-central1",
    name: "acme-prod",
    signingKeys: { attestations: { algorithm: "EC_SIGN_P384_SHA384" } },
    labels: { environment: "production", managed_by: "terraform" },
  });
  const attestor = new Attestor(stack, "attestor", {
    projectId: "acme-prod",
    name: "built-by-ci",
    description: "Built from main by CI",
    signingKey: keys.signingKey("attestations"),
    signers: { builds: builds.member },
    deletionProtection: true,
  });
  new BinaryAuthorization(stack, "images", {
    projectId: "acme-prod",
    images: ["registry.k8s.io/kubectl:*"],
    attested: { images: ["us-central1-docker.pkg.dev/acme-prod/shop/*"], by: [attestor] },
  });
}
