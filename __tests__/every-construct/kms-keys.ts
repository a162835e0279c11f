import type { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import type { Stack } from "../../lib/core/stack";
import { KmsKeys } from "../../lib/google/kms";

export function declare(stack: Stack): void {
  const googleBeta = stack.node.findChild("google-beta") as GoogleBetaProvider;
  const labels = { environment: "production", managed_by: "terraform" };
  const keys = new KmsKeys(stack, "keys", {
    projectId: "acme-prod",
    location: "US",
    name: "acme-keyring",
    keys: {
      backups: {
        rotationDays: 30,
        serviceAgents: ["bigquery.googleapis.com", "storage.googleapis.com"],
        users: { owner: "projectOwner:acme-prod" },
        protectionLevel: "HSM",
      },
      "database-encryption-key": {
        serviceAgents: ["pubsub.googleapis.com", "redis.googleapis.com", "sqladmin.googleapis.com"],
      },
    },
    signingKeys: {
      attestor: {
        algorithm: "RSA_SIGN_PKCS1_4096_SHA512",
        protectionLevel: "HSM",
        signers: { owner: "projectOwner:acme-prod" },
      },
    },
    googleBeta,
    adopt: true,
    labels,
  });
  stack.output("attestor_key", { value: keys.signingKey("attestor").publicKeyPem });
  const everywhere = new KmsKeys(stack, "everywhere", {
    projectId: "acme-prod",
    location: "global",
    name: "acme-everywhere",
    keys: { secrets: { serviceAgents: ["secretmanager.googleapis.com"] } },
    googleBeta,
    labels,
  });
  stack.output("ring_everywhere", { value: everywhere.keyIds["secrets"] });
}
