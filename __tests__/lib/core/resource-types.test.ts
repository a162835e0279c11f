import { BigqueryDataset } from "@cdktf/provider-google/lib/bigquery-dataset";
import { ComputeDisk } from "@cdktf/provider-google/lib/compute-disk";
import { FilestoreInstance } from "@cdktf/provider-google/lib/filestore-instance";
import { KmsKeyRing } from "@cdktf/provider-google/lib/kms-key-ring";
import { MemorystoreInstance } from "@cdktf/provider-google/lib/memorystore-instance";
import { RedisInstance } from "@cdktf/provider-google/lib/redis-instance";
import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { PersistentVolumeClaimV1 } from "@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1";
import {
  applyPermissions,
  fileOf,
  planPermissions,
  RESOURCE_TYPES,
  type RequiredArgument,
} from "../../../lib/core/resource-types";
import { parsePlan } from "../../../tools/ci/planned-actions";
import { checkRules } from "../../../tools/policy/rules";
import { hasArgument } from "../../../tools/policy/rules/bindings";
import { protectionsOf } from "../../../tools/report/safety";
import { type Bad, programOf } from "../../support/bad-stacks";

const rows = Object.entries(RESOURCE_TYPES);

/** What the rules say of an empty resource of a type in production, and what a plan that ends it says. */
function guardsOf(type: string) {
  const { json, found } = inProduction((bad) => bad.raw(type));
  const change = { address: `${type}.raw`, type, change: { actions: ["delete"] } };
  const [action] = parsePlan(JSON.stringify({ resource_changes: [change] }));
  return { found, loses: action?.loses, protection: protectionsOf(json)[0] };
}

function inProduction(build: Bad) {
  const program = programOf({ in: "production", build });
  const found = checkRules(program).map(({ rule, message }) => `${rule}: ${message}`);
  return { json: program.stacks.get("production") ?? {}, found };
}

describe("what holds data, declared in production without protection, is told by every guard", () => {
  const examples: Record<string, { build: Bad; key?: string }> = {
    google_redis_instance: {
      build: ({ stack }) => void new RedisInstance(stack, "new", { name: "new", memorySizeGb: 1 }),
      key: "customer_managed_key",
    },
    google_memorystore_instance: {
      build: ({ stack, labels }) =>
        void new MemorystoreInstance(stack, "new", {
          instanceId: "new",
          location: "us-central1",
          shardCount: 1,
          labels,
        }),
      key: "kms_key",
    },
    google_filestore_instance: {
      build: ({ stack }) =>
        void new FilestoreInstance(stack, "new", {
          name: "new",
          tier: "ZONAL",
          fileShares: { name: "data", capacityGb: 1024 },
          networks: [{ network: "shop", modes: ["MODE_IPV4"] }],
        }),
      key: "kms_key_name",
    },
    google_compute_disk: {
      build: ({ stack }) => void new ComputeDisk(stack, "new", { name: "new" }),
      key: "disk_encryption_key.kms_key_self_link",
    },
    google_bigquery_dataset: {
      build: ({ stack }) =>
        void new BigqueryDataset(stack, "new", { datasetId: "new", deleteContentsOnDestroy: true }),
      key: "default_encryption_configuration.kms_key_name",
    },
    google_kms_key_ring: {
      build: ({ stack }) => void new KmsKeyRing(stack, "new", { name: "new", location: "us-central1" }),
    },
    google_storage_bucket: {
      build: ({ stack }) =>
        void new StorageBucket(stack, "new", { name: "new", location: "US", forceDestroy: true }),
      key: "encryption.default_kms_key_name",
    },
    kubernetes_persistent_volume_claim_v1: {
      build: ({ stack }) =>
        void new PersistentVolumeClaimV1(stack, "new", {
          metadata: { name: "new" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "5Gi" } } },
        }),
    },
  };

  test.each(Object.entries(examples))("%s", (type, { build, key }) => {
    const { json, found } = inProduction(build);
    expect(found).toContain(
      "production-refuses-deletion: can be destroyed by Terraform: set lifecycle.prevent_destroy = true",
    );
    expect(found.filter((message) => message.startsWith("production-is-encrypted"))).toEqual(
      key ? [expect.stringContaining(`lacks ${key}: name a KMS key`)] : [],
    );
    expect(guardsOf(type).loses).toEqual(expect.any(String));
    const [protection] = protectionsOf(json);
    expect(protection).toMatchObject({ what: `${type}.new`, inTerraform: false });
    expect(protection?.byProvider).not.toBe(true);
  });
});

test.each(rows)("%s: the guards know of each row that holds data, and of no other", (type, { holdsData }) => {
  const { found, loses, protection } = guardsOf(type);
  const refusals = found.filter((message) => message.startsWith("production-refuses-deletion"));
  const keys = found.filter((message) => message.startsWith("production-is-encrypted"));
  if (!holdsData) return expect([refusals, keys, loses, protection]).toEqual([[], [], undefined, undefined]);
  const { what, encryption, mayEnd, mayBeUnprotected } = holdsData;
  expect(refusals.length > 0).toBe(!mayEnd && !mayBeUnprotected);
  expect(keys.length).toBe(typeof encryption === "string" ? 0 : encryption.length);
  expect(loses).toBe(mayEnd ? undefined : what);
  expect(protection?.what).toBe(`${type}.raw`);
});

test.each(rows)("%s: has the arguments that its row names", (type, { holdsData, tls = [] }) => {
  const { guards = [], encryption = [] } = holdsData || {};
  const named: RequiredArgument[] = [
    ...guards,
    ...(typeof encryption === "string" ? [] : encryption),
    ...tls,
  ];
  for (const { path } of named)
    expect([path, hasArgument(type, path.split(".")[0] as string)]).toEqual([path, true]);
});

test.each(rows.filter(([, { holdsData }]) => holdsData))(
  "%s: a switch of its own against deletion is one of its guards",
  (type, { holdsData }) => {
    const switches = [
      "deletion_protection",
      "deletion_protection_enabled",
      "delete_protection_state",
      "force_destroy",
    ];
    const guards = (holdsData || { guards: [] }).guards.map(({ path }) => path);
    expect(guards).toEqual(expect.arrayContaining(switches.filter((name) => hasArgument(type, name))));
  },
);

test("to plan is to look, whatever the type, and to apply by permissions is to read no value", () => {
  const verbs = rows.flatMap(([, { plan = [] }]) => plan.map((permission) => permission.split(".").at(-1)));
  expect([...new Set(verbs)].sort()).toEqual([
    "connect",
    "get",
    "getDdl",
    "getIamPolicy",
    "getMetadata",
    "list",
    // The project as quota project.
    "use",
  ]);
  const held = rows.flatMap(([type]) => applyPermissions([type]));
  expect(held.filter((permission) => /access$|objects|\bget[A-Z]\w*String/.test(permission))).toEqual([]);
});

test("permissions are of the types that are asked about, each once", () => {
  expect(planPermissions(["google_redis_instance", "data.google_project", "google_redis_instance"])).toEqual([
    "redis.instances.get",
    "resourcemanager.projects.get",
  ]);
  expect(applyPermissions(["google_redis_instance", "google_storage_bucket"])).toContain(
    "storage.buckets.create",
  );
  expect(() => planPermissions(["data.google_nothing"])).toThrow(
    "data.google_nothing has no row in lib/core/resource-types/google.ts",
  );
});

test("a type's row is in the file of its provider", () => {
  expect(
    ["google_x", "helm_release", "kubernetes_x_v1", "cloudflare_x", "random_id", "constructor"].map(fileOf),
  ).toEqual(
    ["google", "kubernetes", "kubernetes", "cloudflare", "index", "index"].map(
      (file) => `lib/core/resource-types/${file}.ts`,
    ),
  );
});
