import type { TerraformProvider } from "cdktf";
import type { KmsKey } from "../kms";

/** Where messages are pushed to. */
export interface PushEndpointProps {
  /** HTTPS address. */
  readonly url: string;
  /** E-mail of the service account whose OIDC token each request carries. It needs the right to call the address. */
  readonly serviceAccount: string;
  /** Audience of the token. @default the address */
  readonly audience?: string;
}

/** A topic, such as a `PubSubTopic`. */
export interface DeadLetterTopic {
  readonly topicId: string;
  readonly topicName: string;
  readonly subscriptions: Readonly<Record<string, string>>;
}

/** Where messages go that nobody could process. */
export interface DeadLettersProps {
  /** The topic for them, with a subscription of its own: without one they are lost there. */
  readonly topic: DeadLetterTopic;
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
  /** IAM members that may publish, by a short name of one's own, besides those of `PubSubTopic.addPublisher`. @default none */
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
