import type { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import type { Stack } from "../../lib/core/stack";
import { Budget } from "../../lib/google/budget";
import { KmsKeys } from "../../lib/google/kms";
import { billingProvider } from "../../lib/google/providers";
import { PubSubTopic } from "../../lib/google/pubsub";

export function declare(stack: Stack): void {
  const googleBeta = stack.node.findChild("google-beta") as GoogleBetaProvider;
  const common = {
    projectId: "acme-prod",
    labels: { environment: "production", managed_by: "terraform" },
  };
  const keys = new KmsKeys(stack, "keys", {
    ...common,
    location: "us-central1",
    name: "acme",
    keys: { topics: { serviceAgents: ["pubsub.googleapis.com"] } },
    googleBeta,
  });
  const failed = new PubSubTopic(stack, "failed", {
    ...common,
    name: "failed-orders",
    subscriptions: { inspection: { name: "failed-orders", retentionDays: 31 } },
  });
  const topic = new PubSubTopic(stack, "orders", {
    ...common,
    name: "orders",
    schema: {
      name: "order",
      type: "AVRO",
      definition: JSON.stringify({ type: "record", name: "Order", fields: [{ name: "id", type: "string" }] }),
      encoding: "JSON",
    },
    retentionDays: 7,
    regions: ["us-central1"],
    encryptionKey: keys.key("topics"),
    publishers: { owner: "projectOwner:acme-prod" },
    subscriptions: {
      billing: {
        name: "orders-billing",
        filter: 'attributes.type = "paid"',
        ackDeadlineSeconds: 60,
        retentionDays: 14,
        retryBackoffSeconds: { minimum: 10, maximum: 600 },
        ordered: true,
        exactlyOnce: true,
        deadLetters: { topic: failed, maxDeliveryAttempts: 10 },
        subscribers: { owner: "projectOwner:acme-prod" },
      },
      events: {
        push: {
          url: "https://shop.acme.example/events",
          serviceAccount: "push@acme-prod.iam.gserviceaccount.com",
          audience: "shop",
        },
      },
    },
    googleBeta,
  });
  new Budget(stack, "budget", {
    provider: billingProvider(stack, { projectId: "acme-prod", region: "us-central1" }),
    projectId: "acme-prod",
    billingAccount: "012345-567890-ABCDEF",
    displayName: "acme-prod",
    amount: 500,
    currency: "EUR",
    thresholds: [{ share: 0.8 }, { share: 1, basis: "FORECASTED_SPEND" }],
    topic,
    channels: ["projects/acme-prod/notificationChannels/1"],
    disableDefaultRecipients: true,
  });
}
