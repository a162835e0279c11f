import { BigqueryDataset } from "@cdktf/provider-google/lib/bigquery-dataset";
import { PubsubTopicIamMember } from "@cdktf/provider-google/lib/pubsub-topic-iam-member";
import { StorageBucketIamBinding } from "@cdktf/provider-google/lib/storage-bucket-iam-binding";
import { Bucket } from "../../../../lib/google/bucket";
import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "a bucket that the internet reads": ({ stack }) =>
    void new StorageBucketIamBinding(stack, "read", {
      bucket: "web",
      role: "roles/storage.objectViewer",
      members: ["allUsers"],
    }),
  "a public bucket that the internet lists": (bad) => {
    new Bucket(bad.stack, "web", {
      projectId: bad.projectId,
      name: "shop-web",
      location: "us-central1",
      publicRead: true,
      deletionProtection: false,
      labels: bad.labels,
    });
    bad.override("web/public", "role", "roles/storage.objectViewer");
  },
  "a private bucket that the internet reads, beside a public one": (bad) => {
    for (const [name, publicRead] of Object.entries({ web: true, data: false }))
      new Bucket(bad.stack, name, {
        projectId: bad.projectId,
        name: `shop-${name}`,
        location: "us-central1",
        publicRead,
        deletionProtection: false,
        labels: bad.labels,
      });
    bad.override("web/public", "bucket", "${google_storage_bucket.data.name}");
  },
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
