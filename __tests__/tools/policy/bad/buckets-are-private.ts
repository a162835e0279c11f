import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { StorageBucketAcl } from "@cdktf/provider-google/lib/storage-bucket-acl";
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
  "a grant by an ACL": ({ stack }) =>
    void new StorageBucketAcl(stack, "acl", { bucket: "shop", roleEntity: ["READER:user-alice@plue.dev"] }),
} satisfies BadStacks;
