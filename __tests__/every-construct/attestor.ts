import type { Stack } from "../../lib/core/stack";
import { Attestor } from "../../lib/google/attestor";
import { BinaryAuthorization } from "../../lib/google/binary-authorization";
import { RuntimeIdentity } from "../../lib/google/runtime-identity";

const KEY = "projects/acme-prod/locations/us-central1/keyRings/acme/cryptoKeys/attestations";

export function declare(stack: Stack): void {
  const builds = new RuntimeIdentity(stack, "builds", {
    projectId: "acme-prod",
    accountId: "shop-builds",
    displayName: "Builds of the shop",
  });
  const attestor = new Attestor(stack, "attestor", {
    projectId: "acme-prod",
    name: "built-by-ci",
    description: "Built from main by CI",
    signingKey: {
      id: KEY,
      versionId: `${KEY}/cryptoKeyVersions/1`,
      publicKeyPem: "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n",
      algorithm: "EC_SIGN_P256_SHA256",
    },
    signers: { builds: builds.member },
    deletionProtection: true,
  });
  new BinaryAuthorization(stack, "images", {
    projectId: "acme-prod",
    images: ["registry.k8s.io/kubectl:*"],
    attested: { images: ["us-central1-docker.pkg.dev/acme-prod/shop/*"], by: [attestor] },
  });
}
