import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { TerraformVariable } from "cdktf";
import type { Stack } from "../../../lib/core/stack";
import { KmsKeys } from "../../../lib/google/kms";
import { PubSubTopic, type PubSubTopicProps } from "../../../lib/google/pubsub";
import { synthesize } from "../../support/synth";

type Over = (scope: { stack: Stack; googleBeta: GoogleBetaProvider }) => Partial<PubSubTopicProps>;

function build(over: Over = () => ({}), then?: (topic: PubSubTopic, stack: Stack) => void) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    const googleBeta = new GoogleBetaProvider(stack, "google-beta", {});
    const topic = new PubSubTopic(stack, "orders", {
      projectId: "project",
      name: "orders",
      labels: { environment: "test" },
      ...over({ stack, googleBeta }),
    });
    then?.(topic, stack);
  });
}

const TOPIC = "google_pubsub_topic";
const SUBSCRIPTION = "google_pubsub_subscription";

describe("PubSubTopic", () => {
  test("is a topic, and nothing else without more props", () => {
    const stack = build();
    expect(stack.addresses).toEqual(["google_pubsub_topic.orders"]);
    expect(stack.resource(TOPIC, "orders")).toEqual({
      project: "project",
      name: "orders",
      labels: { environment: "test" },
    });
  });

  test("keeps messages as long and where it is told, encrypted once Pub/Sub may use the key", () => {
    const topic = build(({ stack, googleBeta }) => ({
      retentionDays: 7,
      regions: ["us-central1"],
      encryptionKey: new KmsKeys(stack, "keys", {
        projectId: "project",
        location: "us-central1",
        name: "ring",
        keys: { topics: { serviceAgents: ["pubsub.googleapis.com"] } },
        googleBeta,
      }).key("topics"),
    })).resource(TOPIC, "orders");
    expect(topic).toMatchObject({
      message_retention_duration: "604800s",
      message_storage_policy: { allowed_persistence_regions: ["us-central1"] },
      kms_key_name: "${google_kms_crypto_key.keys_topics.id}",
      depends_on: ["google_kms_crypto_key_iam_member.keys_topics_pubsub"],
    });
  });

  test("refuses messages of another form than its schema's", () => {
    const stack = build(() => ({
      schema: { type: "AVRO", definition: '{"type":"string"}', encoding: "JSON" },
    }));
    expect(stack.resource("google_pubsub_schema", "orders_schema")).toEqual({
      project: "project",
      name: "orders",
      type: "AVRO",
      definition: '{"type":"string"}',
    });
    expect(stack.resource(TOPIC, "orders").schema_settings).toEqual({
      schema: "${google_pubsub_schema.orders_schema.id}",
      encoding: "JSON",
    });
  });

  test("has subscriptions to pull from, which never expire and are filtered and retried as told", () => {
    const stack = build(() => ({
      subscriptions: {
        billing: {
          name: "orders-billing",
          filter: 'attributes.type = "paid"',
          ackDeadlineSeconds: 60,
          retentionDays: 31,
          retryBackoffSeconds: { minimum: 10, maximum: 600 },
          ordered: true,
          exactlyOnce: true,
          subscribers: { worker: "serviceAccount:billing@project.iam.gserviceaccount.com" },
        },
        audit: {},
      },
    }));
    expect(stack.resource(SUBSCRIPTION, "orders_billing")).toEqual({
      project: "project",
      name: "orders-billing",
      topic: "${google_pubsub_topic.orders.id}",
      filter: 'attributes.type = "paid"',
      ack_deadline_seconds: 60,
      message_retention_duration: "2678400s",
      retry_policy: { minimum_backoff: "10s", maximum_backoff: "600s" },
      enable_message_ordering: true,
      enable_exactly_once_delivery: true,
      expiration_policy: { ttl: "" },
      labels: { environment: "test" },
    });
    expect(stack.resource(SUBSCRIPTION, "orders_audit")).toMatchObject({
      name: "audit",
      message_retention_duration: "604800s",
      expiration_policy: { ttl: "" },
    });
    expect(stack.resources("google_pubsub_subscription_iam_member")).toEqual({
      orders_billing_access_worker: expect.objectContaining({
        subscription: "${google_pubsub_subscription.orders_billing.name}",
        role: "roles/pubsub.subscriber",
        member: "serviceAccount:billing@project.iam.gserviceaccount.com",
      }),
    });
  });

  test("pushes with a token of a service account, for the address unless told otherwise", () => {
    const push = (audience?: string) =>
      build(() => ({
        subscriptions: {
          events: {
            push: { url: "https://shop.example.com/events", serviceAccount: "push@p.iam", audience },
          },
        },
      })).resource(SUBSCRIPTION, "orders_events").push_config;
    expect(push()).toEqual({
      push_endpoint: "https://shop.example.com/events",
      oidc_token: { service_account_email: "push@p.iam", audience: "https://shop.example.com/events" },
    });
    expect(push("shop").oidc_token.audience).toBe("shop");
  });

  test("pushes to an address that Terraform alone knows", () => {
    const stack = build(({ stack: scope }) => ({
      subscriptions: {
        events: {
          push: {
            url: new TerraformVariable(scope, "url", { type: "string" }).stringValue,
            serviceAccount: "push@p.iam",
          },
        },
      },
    }));
    expect(stack.resource(SUBSCRIPTION, "orders_events").push_config).toMatchObject({
      push_endpoint: "${var.url}",
      oidc_token: { audience: "${var.url}" },
    });
  });

  test("forwards dead letters, which Pub/Sub's service agent may take from here and publish there", () => {
    const stack = build(({ stack: scope, googleBeta }) => {
      const failed = new PubSubTopic(scope, "failed", {
        projectId: "project",
        name: "failed",
        subscriptions: { inspection: {} },
      });
      return {
        googleBeta,
        subscriptions: {
          billing: { deadLetters: { topic: failed, maxDeliveryAttempts: 10 } },
          audit: { deadLetters: { topic: failed } },
        },
      };
    });
    expect(stack.resource(SUBSCRIPTION, "orders_billing").dead_letter_policy).toEqual({
      dead_letter_topic: "${google_pubsub_topic.failed.id}",
      max_delivery_attempts: 10,
    });
    expect(stack.resource(SUBSCRIPTION, "orders_audit").dead_letter_policy.max_delivery_attempts).toBe(5);
    const member = "${google_project_service_identity.orders_service_agent.member}";
    expect(stack.resource("google_project_service_identity", "orders_service_agent")).toEqual({
      provider: "google-beta",
      project: "project",
      service: "pubsub.googleapis.com",
    });
    expect(
      stack.resource("google_pubsub_subscription_iam_member", "orders_billing_access_dead_letters_from"),
    ).toEqual({
      project: "project",
      subscription: "${google_pubsub_subscription.orders_billing.name}",
      role: "roles/pubsub.subscriber",
      member,
    });
    expect(stack.resource("google_pubsub_topic_iam_member", "orders_billing_access_dead_letters_to")).toEqual(
      {
        project: "project",
        topic: "${google_pubsub_topic.failed.name}",
        role: "roles/pubsub.publisher",
        member,
      },
    );
  });

  test("lets its publishers publish, and who is added, each by one grant", () => {
    const stack = build(
      () => ({ publishers: { shop: "serviceAccount:shop@p.iam" } }),
      (topic, scope) => {
        const first = topic.addPublisher("feed", "serviceAccount:feed@p.iam");
        expect(topic.addPublisher("again", "serviceAccount:feed@p.iam")).toBe(first);
        scope.output("topic", { value: topic.topicId });
        scope.output("name", { value: topic.topicName });
      },
    );
    expect(stack.resources("google_pubsub_topic_iam_member")).toEqual({
      orders_feed: expect.objectContaining({ member: "serviceAccount:feed@p.iam" }),
      orders_shop: expect.objectContaining({
        topic: "${google_pubsub_topic.orders.name}",
        role: "roles/pubsub.publisher",
        member: "serviceAccount:shop@p.iam",
      }),
    });
    expect(stack.outputs).toEqual({
      topic: { value: "${google_pubsub_topic.orders.id}" },
      name: { value: "${google_pubsub_topic.orders.name}" },
    });
  });
});
