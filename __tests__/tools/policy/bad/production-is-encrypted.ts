import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
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
  "a replica in another region with Google's keys": production((bad) => {
    bad.database({ replicas: { east: { region: "us-east1", encryptionKey: bad.key } } });
    bad.override("sql/replicas/east", "encryption_key_name", undefined);
  }),
  "a replica of an instance in another stack with Google's keys": production((bad) => {
    bad.database({ replicas: { a: {} } });
    bad.override("sql/replicas/a", "master_instance_name", "elsewhere");
  }),
  "objects with Google's keys": production(
    ({ stack, labels }) =>
      void new StorageBucket(stack, "bucket", {
        name: "shop-uploads",
        location: "US",
        uniformBucketLevelAccess: true,
        publicAccessPrevention: "enforced",
        labels,
        lifecycle: { preventDestroy: true },
      }),
  ),
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
