import { MonitoringNotificationChannel } from "@cdktf/provider-google/lib/monitoring-notification-channel";
import { PubsubTopic } from "@cdktf/provider-google/lib/pubsub-topic";
import type { BadStacks } from "../../../support/bad-stacks";

export default {
  "a topic without labels": ({ stack }) => void new PubsubTopic(stack, "topic", { name: "events" }),
  "a topic that does not say who manages it": ({ stack }) =>
    void new PubsubTopic(stack, "topic", { name: "events", labels: { environment: "staging" } }),
  "a channel, whose labels are its address": ({ stack }) =>
    void new MonitoringNotificationChannel(stack, "mail", {
      type: "email",
      labels: { email_address: "platform@plue.dev" },
    }),
  "a cluster, which calls them otherwise": (bad) => void bad.cluster({ labels: undefined }),
  "a database, which has them inside": (bad) => {
    bad.database();
    bad.override("sql/Resource", "settings.user_labels", undefined);
  },
} satisfies BadStacks;
