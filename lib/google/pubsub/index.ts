import { PubsubSchema } from "@cdktf/provider-google/lib/pubsub-schema";
import { PubsubSubscription } from "@cdktf/provider-google/lib/pubsub-subscription";
import { PubsubSubscriptionIamMember } from "@cdktf/provider-google/lib/pubsub-subscription-iam-member";
import { PubsubTopic } from "@cdktf/provider-google/lib/pubsub-topic";
import { PubsubTopicIamMember } from "@cdktf/provider-google/lib/pubsub-topic-iam-member";
import { GoogleProjectServiceIdentity } from "@cdktf/provider-google-beta/lib/google-project-service-identity";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { rejectProps } from "../../core/invalid-props";
import { days, mapValues } from "../../core/props";
import { topicProblems } from "./checks";
import type { PubSubSubscriptionProps, PubSubTopicProps } from "./props";

export type * from "./props";

/**
 * Pub/Sub topic with its subscriptions, and IAM for who publishes and pulls.
 *
 * A subscription never expires: Google would drop one that nobody has read for a month, with what it holds. Dead letters
 * are forwarded by Pub/Sub's service agent, which gets the right to publish there and to acknowledge here.
 *
 * 40 USD per TiB that is published or delivered, after the first 10 GiB of a month; what is kept longer than a day, 0.27 per
 * GiB and month. Who applies it needs, for `push`, iam.serviceAccounts.actAs on the service account.
 *
 * Source: Copy-That document, sections "Secret Rotation" and "Budget Alerts".
 * @see https://cloud.google.com/pubsub/docs/subscription-overview
 * @throws when a value is one that Pub/Sub refuses, dead letters would be lost, or `googleBeta` is missing
 * @example
 * ```ts
 * const googleBeta = googleBetaProvider(stack, { projectId: "acme-prod", region: "us-central1" });
 * const failed = new PubSubTopic(stack, "failed-orders", {
 *   projectId: "acme-prod",
 *   name: "failed-orders",
 *   subscriptions: { inspection: { name: "failed-orders", retentionDays: 31 } },
 * });
 * const orders = new PubSubTopic(stack, "orders", {
 *   projectId: "acme-prod",
 *   name: "orders",
 *   subscriptions: {
 *     billing: {
 *       name: "orders-billing",
 *       ackDeadlineSeconds: 60,
 *       retryBackoffSeconds: { minimum: 10, maximum: 600 },
 *       deadLetters: { topic: failed },
 *       subscribers: { worker: "serviceAccount:billing@acme-prod.iam.gserviceaccount.com" },
 *     },
 *   },
 *   publishers: { shop: "serviceAccount:shop@acme-prod.iam.gserviceaccount.com" },
 *   googleBeta,
 * });
 * stack.output("orders_topic", { value: orders.topicId });
 * ```
 */
export class PubSubTopic<Key extends string = string> extends Construct {
  /** `projects/<project>/topics/<name>`. */
  readonly topicId: string;
  /** Name of the topic. */
  readonly topicName: string;
  /** Names of the subscriptions, by their keys. */
  readonly subscriptions: Readonly<Record<Key, string>>;
  private readonly publishers = new Map<string, ITerraformDependable>();
  private agent?: GoogleProjectServiceIdentity;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PubSubTopicProps<Key>,
  ) {
    super(scope, id);
    rejectProps(this, topicProblems(props));
    const { projectId: project, encryptionKey, schema, labels, retentionDays, regions } = props;

    const declaredSchema =
      schema &&
      new PubsubSchema(this, "schema", {
        project,
        name: schema.name ?? props.name,
        type: schema.type,
        definition: schema.definition,
      });
    const topic = new PubsubTopic(this, "Resource", {
      project,
      name: props.name,
      kmsKeyName: encryptionKey?.id,
      messageRetentionDuration: retentionDays === undefined ? undefined : days(retentionDays),
      messageStoragePolicy: regions && { allowedPersistenceRegions: [...regions] },
      schemaSettings: declaredSchema && { schema: declaredSchema.id, encoding: schema?.encoding },
      labels,
      dependsOn: encryptionKey && [...encryptionKey.grants],
    });
    this.topicId = topic.id;
    this.topicName = topic.name;
    for (const [name, member] of Object.entries(props.publishers ?? {})) this.addPublisher(name, member);
    this.subscriptions = mapValues(
      props.subscriptions ?? ({} as Record<Key, PubSubSubscriptionProps>),
      (subscription, key) => this.subscribe(key, subscription),
    );
  }

  /**
   * Lets an IAM member publish; one that may already has the grant that is there.
   * @param name short name of one's own, which no subscription has
   * @returns the grant, for what has to wait until it may
   */
  addPublisher(name: string, member: string): ITerraformDependable {
    const known = this.publishers.get(member);
    if (known) return known;
    const granted = new PubsubTopicIamMember(this, name, {
      project: this.props.projectId,
      topic: this.topicName,
      role: "roles/pubsub.publisher",
      member,
    });
    this.publishers.set(member, granted);
    return granted;
  }

  private subscribe(key: string, subscription: PubSubSubscriptionProps): string {
    const { projectId: project, labels } = this.props;
    const { push, deadLetters, retryBackoffSeconds: backoff } = subscription;
    const declared = new PubsubSubscription(this, key, {
      project,
      name: subscription.name ?? key,
      topic: this.topicId,
      filter: subscription.filter,
      ackDeadlineSeconds: subscription.ackDeadlineSeconds,
      messageRetentionDuration: days(subscription.retentionDays ?? 7),
      retryPolicy: backoff && {
        minimumBackoff: `${backoff.minimum}s`,
        maximumBackoff: `${backoff.maximum}s`,
      },
      enableMessageOrdering: subscription.ordered,
      enableExactlyOnceDelivery: subscription.exactlyOnce,
      pushConfig: push && {
        pushEndpoint: push.url,
        oidcToken: { serviceAccountEmail: push.serviceAccount, audience: push.audience ?? push.url },
      },
      deadLetterPolicy: deadLetters && {
        deadLetterTopic: deadLetters.topic.topicId,
        maxDeliveryAttempts: deadLetters.maxDeliveryAttempts ?? 5,
      },
      // Otherwise it goes after a month without anybody who reads, with what it holds.
      expirationPolicy: { ttl: "" },
      labels,
    });
    const scope = new Construct(this, `${key}_access`);
    const subscriber = (name: string, member: string) =>
      new PubsubSubscriptionIamMember(scope, name, {
        project,
        subscription: declared.name,
        role: "roles/pubsub.subscriber",
        member,
      });
    for (const [name, member] of Object.entries(subscription.subscribers ?? {})) subscriber(name, member);
    if (deadLetters) {
      const { member } = this.serviceAgent;
      subscriber("dead_letters_from", member);
      new PubsubTopicIamMember(scope, "dead_letters_to", {
        project,
        topic: deadLetters.topic.topicName,
        role: "roles/pubsub.publisher",
        member,
      });
    }
    return declared.name;
  }

  private get serviceAgent(): GoogleProjectServiceIdentity {
    this.agent ??= new GoogleProjectServiceIdentity(this, "service_agent", {
      provider: this.props.googleBeta,
      project: this.props.projectId,
      service: "pubsub.googleapis.com",
    });
    return this.agent;
  }
}
