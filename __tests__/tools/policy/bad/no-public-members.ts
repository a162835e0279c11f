import { BigqueryDataset } from "@cdktf/provider-google/lib/bigquery-dataset";
import { PubsubTopicIamMember } from "@cdktf/provider-google/lib/pubsub-topic-iam-member";
import { StorageBucketIamBinding } from "@cdktf/provider-google/lib/storage-bucket-iam-binding";
import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "a bucket that the internet reads": ({ stack }) =>
    void new StorageBucketIamBinding(stack, "read", {
      bucket: "web",
      role: "roles/storage.objectViewer",
      members: ["allUsers"],
    }),
  "a topic that whoever has a Google account writes to": ({ stack }) =>
    void new PubsubTopicIamMember(stack, "write", {
      topic: "events",
      role: "roles/pubsub.publisher",
      member: "allAuthenticatedUsers",
    }),
  "a dataset that the internet reads": ({ stack, labels }) =>
    void new BigqueryDataset(stack, "data", {
      datasetId: "data",
      access: [{ role: "READER", iamMember: "principalSet:allUsers" }],
      labels,
    }),
} satisfies BadStacks;
