import { ArtifactRegistry } from "../../../../lib/google/artifact-registry";
import type { Bad, BadStacks } from "../../../support/bad-stacks";

const production = (build: Bad) => ({ in: "production", build });

export default {
  "a cluster with Google's keys": production((bad) => void bad.cluster({ databaseEncryptionKey: undefined })),
  "a database with Google's keys": production((bad) => void bad.database({ encryptionKey: undefined })),
  "a password with Google's keys": production(
    (bad) => void bad.database({ admin: { name: "admin", secretId: "shop-admin", passwordVersion: 1 } }),
  ),
  "a second copy of a password with Google's keys": production((bad) => {
    bad.database();
    bad.override("sql/admin/secret", "replication.user_managed.replicas", [
      { location: "us-central1", customer_managed_encryption: { kms_key_name: "key" } },
      { location: "us-east1" },
    ]);
  }),
  "images with Google's keys": production(
    ({ stack, projectId, labels }) =>
      void new ArtifactRegistry(stack, "registry", {
        projectId,
        region: "us-central1",
        name: "shop",
        deletionProtection: true,
        labels,
      }),
  ),
} satisfies BadStacks;
