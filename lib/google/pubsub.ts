import { PubsubSchema } from "@cdktf/provider-google/lib/pubsub-schema";
import { PubsubSubscription } from "@cdktf/provider-google/lib/pubsub-subscription";
import { PubsubSubscriptionIamMember } from "@cdktf/provider-google/lib/pubsub-subscription-iam-member";
import { PubsubTopic } from "@cdktf/provider-google/lib/pubsub-topic";
import { PubsubTopicIamMember } from "@cdktf/provider-google/lib/pubsub-topic-iam-member";
import { GoogleProjectServiceIdentity } from "@cdktf/provider-google-beta/lib/google-project-service-identity";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type PropProblem, problemsIn, rejectProps, wholeNumber } from "../core/invalid-props";
import { days, mapValues } from "../core/props";
import type { KmsKey } from "./kms";

/** Where messages are pushed to. */
export interface PushEndpointProps {
  /** HTTPS address. */
  readonly url: string;
  /** E-mail of the service account whose OIDC token each request carries. It needs the right to call the address. */
  readonly serviceAccount: string;
  /** Audience of the token. @default the address */
  readonly audience?: string;
}

/** Where messages go that nobody could process. */
export interface DeadLettersProps {
  /** The topic for them, with a subscription of its own: without one they are lost there. */
  readonly topic: Pick<PubSubTopic, "topicId" | "topicName" | "subscriptions">;
  /** Deliveries after which a message goes there, 5 to 100. @default 5 */
  readonly maxDeliveryAttempts?: number;
}

export interface PubSubSubscriptionProps {
  /** Name in the project. Changing it makes another, empty subscription. @default the key */
  readonly name?: string;
  /** Pushes messages by HTTPS, instead of waiting for somebody who pulls. @default pull */
  readonly push?: PushEndpointProps;
  /**
   * Only messages that it matches: `attributes.eventType = "SECRET_ROTATE"`. Cannot be changed: another one makes another,
   * empty subscription.
   * @default all
   */
  readonly filter?: string;
  /** Seconds in which a message has to be acknowledged, 10 to 600. @default 10 */
  readonly ackDeadlineSeconds?: number;
  /** Days for which a message waits to be acknowledged, 1 to 31. @default 7 */
  readonly retentionDays?: number;
  /** Seconds before a message that was not acknowledged comes again, from and to, 0 to 600. @default at once */
  readonly retryBackoffSeconds?: { readonly minimum: number; readonly maximum: number };
  /** Messages with one ordering key come in their order. Cannot be changed: another, empty subscription. @default false */
  readonly ordered?: boolean;
  /** An acknowledged message does not come again; pull alone. @default false, at least once */
  readonly exactlyOnce?: boolean;
  /** Where a message goes that is not acknowledged again and again. @default it comes again until its retention ends */
  readonly deadLetters?: DeadLettersProps;
  /** IAM members that may pull, by a short name of one's own. @default none */
  readonly subscribers?: Record<string, string>;
}

/** What every message of a topic has to look like. */
export interface PubSubSchemaProps {
  /** Name in the project. @default the topic's */
  readonly name?: string;
  readonly type: "AVRO" | "PROTOCOL_BUFFER";
  /** Avro as JSON, or the text of a `.proto` with one message type. A change is a revision. */
  readonly definition: string;
  /** How messages are written. */
  readonly encoding: "JSON" | "BINARY";
}

/** @typeParam Key short names of the subscriptions */
export interface PubSubTopicProps<Key extends string = string> {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Name of the topic. Changing it recreates the topic; its subscriptions then hang on none. */
  readonly name: string;
  /** The subscriptions, by a short name. A topic without one keeps nothing, unless it has `retentionDays`. @default none */
  readonly subscriptions?: Readonly<Record<Key, PubSubSubscriptionProps>>;
  /** IAM members that may publish, by a short name of one's own, besides those of {@link PubSubTopic.addPublisher}. @default none */
  readonly publishers?: Record<string, string>;
  /** Refuses messages of another form. @default any */
  readonly schema?: PubSubSchemaProps;
  /** Days for which the topic itself keeps messages, 1 to 31, so that a subscription can go back to them. @default none */
  readonly retentionDays?: number;
  /** Regions that may keep messages. @default wherever they are published */
  readonly regions?: readonly string[];
  /** Key that Pub/Sub may use. @default Google's keys */
  readonly encryptionKey?: KmsKey;
  /** google-beta, which alone can create Pub/Sub's service agent. Needed with `deadLetters`. @default none */
  readonly googleBeta?: TerraformProvider;
  /** Labels of topic and subscriptions. @default none */
  readonly labels?: Record<string, string>;
}

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
    rejectProps(this, problems(props));
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

/** What a topic or subscription may be called. */
const NAME = /^(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254}$/;

function problems(props: PubSubTopicProps): PropProblem[] {
  const { name, retentionDays, regions, publishers = {} } = props;
  const subscriptions: Record<string, PubSubSubscriptionProps> = props.subscriptions ?? {};
  const found = [
    ...nameProblems(["name"], name),
    ...wholeNumber(["retentionDays"], retentionDays, { from: 1, to: 31, unit: "days", optional: true }),
    ...(regions?.length === 0
      ? [{ prop: ["regions"], problem: "is empty", instead: "name one at least, or leave it out" }]
      : []),
  ];
  for (const [key, subscription] of Object.entries(subscriptions)) {
    const prop = ["subscriptions", key];
    found.push(
      ...problemsIn(prop, subscriptionProblems(subscription, props)),
      ...nameProblems(subscription.name === undefined ? prop : [...prop, "name"], subscription.name ?? key),
    );
    if (key in publishers)
      found.push({
        prop: ["publishers", key],
        problem: "has the name of a subscription",
        instead: "give it another",
      });
  }
  return found;
}

function nameProblems(prop: readonly string[], name: string): PropProblem[] {
  if (NAME.test(name)) return [];
  return [
    {
      prop,
      problem: `"${name}" is not a valid name`,
      instead: 'use 3 to 255 letters, digits and -._~+%, first a letter, not "goog"',
    },
  ];
}

function subscriptionProblems(
  subscription: PubSubSubscriptionProps,
  { googleBeta }: PubSubTopicProps,
): PropProblem[] {
  const { push, deadLetters, retryBackoffSeconds: backoff, ackDeadlineSeconds, retentionDays } = subscription;
  const found = [
    ...wholeNumber(["ackDeadlineSeconds"], ackDeadlineSeconds, { from: 10, to: 600, optional: true }),
    ...wholeNumber(["retentionDays"], retentionDays, { from: 1, to: 31, unit: "days", optional: true }),
  ];
  if (backoff)
    found.push(
      ...wholeNumber(["retryBackoffSeconds", "minimum"], backoff.minimum, { from: 0, to: 600 }),
      ...wholeNumber(["retryBackoffSeconds", "maximum"], backoff.maximum, {
        from: Math.max(0, backoff.minimum || 0),
        to: 600,
      }),
    );
  if (push && !/^https:\/\/[^/\s]+/.test(push.url))
    found.push({
      prop: ["push", "url"],
      problem: `is "${push.url}"`,
      instead: 'give an address such as "https://shop.example.com/events"',
    });
  if (push && subscription.exactlyOnce)
    found.push({
      prop: ["exactlyOnce"],
      problem: "is for those who pull",
      instead: "drop push, or let the endpoint tolerate a message that comes again",
    });
  if (deadLetters) {
    found.push(
      ...wholeNumber(["deadLetters", "maxDeliveryAttempts"], deadLetters.maxDeliveryAttempts, {
        from: 5,
        to: 100,
        optional: true,
      }),
    );
    if (Object.keys(deadLetters.topic.subscriptions).length === 0)
      found.push({
        prop: ["deadLetters", "topic"],
        problem: "has no subscription, so messages would be lost there",
        instead: "give it one",
      });
    if (!googleBeta)
      found.push({
        prop: ["deadLetters"],
        problem: "needs Pub/Sub's service agent, which a provider has to create",
        instead: "give googleBeta",
      });
  }
  return found;
}
