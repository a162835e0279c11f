import { ComputeDisk } from "@cdktf/provider-google/lib/compute-disk";
import { ArtifactRegistry } from "../../../../lib/google/artifact-registry";
import { LogSink } from "../../../../lib/google/log-sink";
import { Secrets } from "../../../../lib/google/secret-manager";
import type { Bad, BadStacks } from "../../../support/bad-stacks";

const production = (build: Bad) => ({ in: "production", build });

export default {
  "a cluster without protection": production((bad) => void bad.cluster({ deletionProtection: false })),
  "a database without protection": production((bad) => void bad.database({ deletionProtection: false })),
  "a database that Terraform alone protects": production((bad) => {
    bad.database();
    bad.override("sql/Resource", "deletion_protection", false);
  }),
  "a database that the console deletes": production((bad) => {
    bad.database();
    bad.override("sql/Resource", "settings.deletion_protection_enabled", false);
  }),
  "a database that is dropped with its block": production((bad) => {
    bad.database();
    bad.override("sql/databases/shop", "deletion_policy", "DELETE");
  }),
  "images that a destroy takes along": production(
    ({ stack, projectId, labels, key }) =>
      void new ArtifactRegistry(stack, "registry", {
        projectId,
        region: "us-central1",
        name: "shop",
        encryptionKey: key,
        deletionProtection: false,
        labels,
      }),
  ),
  "secrets without protection": production((bad) => {
    bad.database();
    new Secrets(bad.stack, "secrets", {
      projectId: bad.projectId,
      secrets: { "api-key": {} },
      regions: ["us-central1"],
      encryptionKeys: { "us-central1": bad.key },
      deletionProtection: false,
      labels: bad.labels,
    });
  }),
  "audit logs that a destroy takes along": production(
    ({ stack, projectId, labels }) =>
      void new LogSink(stack, "audit", {
        projectId,
        name: "audit",
        filter: "logName:audit",
        destination: {
          bucketName: "shop-audit",
          location: "us-central1",
          retentionDays: 400,
          deletionProtection: false,
        },
        labels,
      }),
  ),
  "a disk that a destroy takes along": production(
    ({ stack, labels, key }) =>
      void new ComputeDisk(stack, "disk", {
        name: "repositories",
        zone: "us-central1-a",
        diskEncryptionKey: { kmsKeySelfLink: key.id },
        labels,
      }),
  ),
  "a replica without protection": production(
    (bad) => void bad.database({ replicas: { a: { deletionProtection: false } } }),
  ),
  "what nobody has said of whether it holds data": production((bad) => bad.raw("google_bigtable_table")),
} satisfies BadStacks;
