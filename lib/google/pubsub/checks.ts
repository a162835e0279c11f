import { Token } from "cdktf";
import { type PropProblem, problemsIn, wholeNumber } from "../../core/invalid-props";
import type { PubSubSubscriptionProps, PubSubTopicProps } from "./props";

/** What a topic or subscription may be called. */
const NAME = /^(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254}$/;

/** What Pub/Sub would refuse, or worse, accept and lose. */
export function topicProblems(props: PubSubTopicProps): PropProblem[] {
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
  if (push && !Token.isUnresolved(push.url) && !/^https:\/\/[^/\s]+/.test(push.url))
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
