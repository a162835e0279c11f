import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GoogleBetaProvider } from "@cdktf/provider-google-beta/lib/provider";
import { TerraformOutput } from "cdktf";
import type { Stack } from "../../../lib/core/stack";
import { KmsKeys } from "../../../lib/google/kms";
import { PubSubTopic } from "../../../lib/google/pubsub";
import { Secrets, type SecretsProps } from "../../../lib/google/secret-manager";
import { synthesize } from "../../support/synth";

const SECRET = "google_secret_manager_secret";

type Over = (providers: { stack: Stack; googleBeta: GoogleBetaProvider }) => Partial<SecretsProps>;

function build(over: Over, then?: (secrets: Secrets, stack: Stack) => void) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    const googleBeta = new GoogleBetaProvider(stack, "google-beta", {});
    const secrets = new Secrets(stack, "secrets", {
      projectId: "project",
      secrets: { "api-key": {} },
      deletionProtection: false,
      ...over({ stack, googleBeta }),
    });
    then?.(secrets, stack);
  });
}

const apiKey = (over: Over = () => ({})) => build(over).resource(SECRET, "secrets_api_key");

const withReminders: Over = ({ googleBeta }) => ({
  secrets: { "api-key": { rotationDays: 30 }, other: {} },
  rotationReminders: { topic: "secret-rotation", googleBeta },
  labels: { environment: "staging" },
});

describe("Secrets", () => {
  test("is a secret for each id, replicated by Google, whose destroyed versions wait a week", () => {
    const stack = build(() => ({
      secrets: { "api-key": {}, token: {} },
      labels: { environment: "staging" },
    }));
    expect(Object.keys(stack.resources(SECRET))).toEqual(["secrets_api_key", "secrets_token"]);
    expect(stack.resource(SECRET, "secrets_api_key")).toMatchObject({
      project: "project",
      secret_id: "api-key",
      replication: { auto: {} },
      version_destroy_ttl: "604800s",
      deletion_protection: false,
      labels: { environment: "staging" },
    });
  });

  test("holds no value: there is no version in Terraform", () => {
    expect(build(() => ({})).resources("google_secret_manager_secret_version")).toEqual({});
  });

  test("adds a secret's own labels", () => {
    const secret = apiKey(() => ({
      secrets: { "api-key": { labels: { owner: "agents" } } },
      labels: { environment: "staging" },
    }));
    expect(secret.labels).toEqual({ environment: "staging", owner: "agents" });
  });

  test("keeps destroyed versions as long as told", () => {
    expect(apiKey(() => ({ versionDestroyDelayDays: 30 })).version_destroy_ttl).toBe("2592000s");
  });

  test("one prop protects secrets in Terraform's state and in the plan", () => {
    expect(apiKey(() => ({ deletionProtection: true }))).toMatchObject({
      deletion_protection: true,
      lifecycle: { prevent_destroy: true },
    });
    expect(apiKey().lifecycle).toBeUndefined();
  });

  test("lets its readers, by name, read that secret alone", () => {
    const stack = build(() => ({
      secrets: { "api-key": { readers: { operator: "serviceAccount:eso@project.iam" } }, token: {} },
    }));
    expect(Object.keys(stack.resources("google_secret_manager_secret_iam_member"))).toEqual([
      "secrets_api_key_operator",
    ]);
    expect(stack.resource("google_secret_manager_secret_iam_member", "secrets_api_key_operator")).toEqual({
      project: "project",
      secret_id: "${google_secret_manager_secret.secrets_api_key.secret_id}",
      role: "roles/secretmanager.secretAccessor",
      member: "serviceAccount:eso@project.iam",
    });
  });

  test("may stay in given regions", () => {
    expect(apiKey(() => ({ regions: ["us-central1", "us-east1"] })).replication).toEqual({
      user_managed: { replicas: [{ location: "us-central1" }, { location: "us-east1" }] },
    });
  });

  test("is encrypted with the key of each region, once Secret Manager may use it", () => {
    const key = (stack: Stack, googleBeta: GoogleBetaProvider, location: string) =>
      new KmsKeys(stack, `keys-${location}`, {
        projectId: "project",
        location,
        name: "ring",
        keys: { secrets: { serviceAgents: ["secretmanager.googleapis.com"] } },
        googleBeta,
      }).key("secrets");

    const everywhere = apiKey(({ stack, googleBeta }) => ({
      encryptionKeys: { global: key(stack, googleBeta, "global") },
    }));
    expect(everywhere.replication).toEqual({
      auto: {
        customer_managed_encryption: { kms_key_name: "${google_kms_crypto_key.keys_global_secrets.id}" },
      },
    });
    expect(everywhere.depends_on).toEqual([
      "google_kms_crypto_key_iam_member.keys_global_secrets_secretmanager",
    ]);

    const regional = apiKey(({ stack, googleBeta }) => ({
      regions: ["us-east1"],
      encryptionKeys: { "us-east1": key(stack, googleBeta, "us-east1") },
    }));
    expect(regional.replication.user_managed.replicas).toEqual([
      {
        location: "us-east1",
        customer_managed_encryption: { kms_key_name: "${google_kms_crypto_key.keys_us_east1_secrets.id}" },
      },
    ]);
  });

  test("reminds of a rotation on a topic that Secret Manager may publish to", () => {
    const stack = build(withReminders);
    expect(stack.resource("google_pubsub_topic", "secrets_rotation_reminders")).toEqual({
      project: "project",
      name: "secret-rotation",
      labels: { environment: "staging" },
    });
    expect(stack.resource("google_project_service_identity", "secrets_rotation_reminders_agent")).toEqual({
      provider: "google-beta",
      project: "project",
      service: "secretmanager.googleapis.com",
    });
    expect(stack.resource("google_pubsub_topic_iam_member", "secrets_rotation_reminders_publisher")).toEqual({
      project: "project",
      topic: "${google_pubsub_topic.secrets_rotation_reminders.name}",
      role: "roles/pubsub.publisher",
      member: "${google_project_service_identity.secrets_rotation_reminders_agent.member}",
    });
    const secret = stack.resource(SECRET, "secrets_api_key");
    expect(secret.topics).toEqual([{ name: "${google_pubsub_topic.secrets_rotation_reminders.id}" }]);
    expect(secret.rotation.rotation_period).toBe("2592000s");
    expect(secret.depends_on).toEqual([
      "google_pubsub_topic_iam_member.secrets_rotation_reminders_publisher",
    ]);
  });

  test("keeps reminders alone, until somebody acknowledges them, and is never forgotten itself", () => {
    expect(
      build(withReminders).resource("google_pubsub_subscription", "secrets_rotation_reminders_subscription"),
    ).toEqual({
      project: "project",
      name: "secret-rotation",
      topic: "${google_pubsub_topic.secrets_rotation_reminders.id}",
      filter: 'attributes.eventType = "SECRET_ROTATE"',
      message_retention_duration: "2678400s",
      expiration_policy: { ttl: "" },
      labels: { environment: "staging" },
    });
  });

  test("the first reminder lies a period after creation, and later plans leave the date alone", () => {
    const secret = build(withReminders).resource(SECRET, "secrets_api_key");
    expect(secret.rotation.next_rotation_time).toBe('${timeadd(plantimestamp(), "720h")}');
    expect(secret.lifecycle.ignore_changes).toEqual(["rotation[0].next_rotation_time"]);
  });

  test("reminds of no secret without a period", () => {
    const secret = build(withReminders).resource(SECRET, "secrets_other");
    expect(secret).not.toHaveProperty("rotation");
    expect(secret).not.toHaveProperty("depends_on");
    expect(secret.topics ?? []).toEqual([]);
  });

  test("outputs the secrets' ids, the topic and the subscription", () => {
    const { outputs } = build(withReminders, (secrets, stack) => {
      new TerraformOutput(stack, "id", { value: secrets.secretIds["api-key"] });
      new TerraformOutput(stack, "topic", { value: secrets.reminderTopicId });
      new TerraformOutput(stack, "subscription", { value: secrets.reminderSubscription });
    });
    expect(outputs["id"]?.["value"]).toBe("${google_secret_manager_secret.secrets_api_key.secret_id}");
    expect(outputs["subscription"]?.["value"]).toBe(
      "${google_pubsub_subscription.secrets_rotation_reminders_subscription.name}",
    );
    expect(outputs["topic"]?.["value"]).toBe("${google_pubsub_topic.secrets_rotation_reminders.id}");
  });

  test("lets what rotates a secret add versions, and read none", () => {
    const stack = build(() => ({
      secrets: {
        "api-key": {
          readers: { api: "serviceAccount:api@project.iam" },
          versionManagers: { rotation: "serviceAccount:rotation@project.iam" },
        },
      },
    }));
    expect(stack.resources("google_secret_manager_secret_iam_member")).toEqual({
      secrets_api_key_api: expect.objectContaining({
        role: "roles/secretmanager.secretAccessor",
        member: "serviceAccount:api@project.iam",
      }),
      secrets_api_key_rotation: expect.objectContaining({
        secret_id: "${google_secret_manager_secret.secrets_api_key.secret_id}",
        role: "roles/secretmanager.secretVersionManager",
        member: "serviceAccount:rotation@project.iam",
      }),
    });
  });

  test("reminds on a topic of one's own, without a subscription that nobody would read", () => {
    const stack = build(
      ({ stack: scope, googleBeta }) => ({
        secrets: { "api-key": { rotationDays: 30 } },
        rotationReminders: {
          topic: new PubSubTopic(scope, "rotation", { projectId: "project", name: "secret_rotation" }),
          googleBeta,
        },
      }),
      (secrets) =>
        expect(() => secrets.reminderSubscription).toThrow(
          "test/secrets: rotationReminders: is missing, so there is no subscription: give it",
        ),
    );
    expect(stack.resources("google_pubsub_subscription")).toEqual({});
    expect(Object.keys(stack.resources("google_pubsub_topic"))).toEqual(["rotation"]);
    expect(stack.resource("google_pubsub_topic_iam_member", "rotation_secret_manager")).toMatchObject({
      topic: "${google_pubsub_topic.rotation.name}",
      role: "roles/pubsub.publisher",
      member: "${google_project_service_identity.secrets_rotation_reminders_agent.member}",
    });
    expect(stack.resource(SECRET, "secrets_api_key")).toMatchObject({
      topics: [{ name: "${google_pubsub_topic.rotation.id}" }],
      lifecycle: { ignore_changes: ["rotation[0].next_rotation_time"] },
      depends_on: ["google_pubsub_topic_iam_member.rotation_secret_manager"],
    });
  });
});
