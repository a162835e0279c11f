import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "a bucket with ACLs": ({ stack, labels }) =>
    void new StorageBucket(stack, "bucket", {
      name: "shop",
      location: "US",
      publicAccessPrevention: "enforced",
      labels,
    }),
  "a bucket that may become public": ({ stack, labels }) =>
    void new StorageBucket(stack, "bucket", {
      name: "shop",
      location: "US",
      uniformBucketLevelAccess: true,
      labels,
    }),
  "a public bucket with ACLs": ({ stack, labels }) =>
    void new StorageBucket(stack, "bucket", {
      name: "shop",
      location: "US",
      publicAccessPrevention: "inherited",
      labels: { ...labels, access: "public" },
    }),
  "a grant by an ACL": (bad) =>
    bad.raw("google_storage_bucket_acl", { bucket: "shop", role_entity: ["READER:user-alice@plue.dev"] }),
} satisfies BadStacks;
