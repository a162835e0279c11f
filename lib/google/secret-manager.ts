import {
  SecretManagerSecret,
  type SecretManagerSecretReplication,
} from "@cdktf/provider-google/lib/secret-manager-secret";
import { SecretManagerSecretIamMember } from "@cdktf/provider-google/lib/secret-manager-secret-iam-member";
import { GoogleProjectServiceIdentity } from "@cdktf/provider-google-beta/lib/google-project-service-identity";
import { Fn, type ITerraformDependable, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type PropProblem, rejectProps, wholeNumber } from "../core/invalid-props";
import { days, lifecycle, mapValues, optionalOutput } from "../core/props";
import type { KmsKey } from "./kms";
import { PubSubTopic } from "./pubsub";

/** Days for which a destroyed version of a secret can be brought back, unless its construct says otherwise. */
export const VERSION_DESTROY_DELAY_DAYS = 7;

/** One secret: who reads it, and how often it is due for rotation. */
export interface SharedSecretProps {
  /**
   * IAM members that may read the value, by a short name of one's own (`{external_secrets: "serviceAccount:…"}`).
   * @default none
   */
  readonly readers?: Record<string, string>;
  /**
   * IAM members that may add a version, and disable or destroy older ones, but read none: what rotates it, by a short name
   * of one's own that no reader has.
   * @default none
   */
  readonly versionManagers?: Record<string, string>;
  /**
   * Days between reminders to rotate the value, the first one so long after creation. Needs `rotationReminders`.
   * @default none
   */
  readonly rotationDays?: number;
  /** Labels besides those of the construct. @default none */
  readonly labels?: Record<string, string>;
}

/** Pub/Sub topic of rotation reminders. */
export interface RotationRemindersProps {
  /**
   * Name of a topic to make, and of the subscription that keeps the reminders; or a topic that something listens to
   * already, such as a function that rotates, which gets a message for every change of a secret as well.
   */
  readonly topic: string | PubSubTopic;
  /** google-beta, which alone can create Secret Manager's service agent: the one that publishes. */
  readonly googleBeta: TerraformProvider;
}

/** @typeParam Id ids of the secrets */
export interface SecretsProps<Id extends string = string> {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** The secrets, by secret id (letters, digits, `-` and `_`). Renaming one makes another, empty secret. */
  readonly secrets: Readonly<Record<Id, SharedSecretProps>>;
  /**
   * Regions that keep the values (user-managed replication). Cannot be changed: the secrets would be recreated, without their values.
   * @default wherever Google chooses (automatic replication)
   */
  readonly regions?: readonly string[];
  /**
   * Keys that encrypt the values, by region; with automatic replication one key, of location `global`, as `global`.
   * @default Google's keys
   */
  readonly encryptionKeys?: Record<string, KmsKey>;
  /** Where rotation reminders go to. @default no reminders */
  readonly rotationReminders?: RotationRemindersProps;
  /**
   * Days for which a destroyed version stays disabled and can be brought back, at least 1.
   * @default 7
   */
  readonly versionDestroyDelayDays?: number;
  /** Terraform refuses to delete the secrets, also when one leaves the code. Switch off and apply before that. */
  readonly deletionProtection: boolean;
  /** Labels of secrets, topic and subscription. @default none */
  readonly labels?: Record<string, string>;
}

interface Reminders {
  readonly topicId: string;
  /** Of a topic that is made here. */
  readonly subscription?: string;
  /** Secret Manager refuses a secret whose topic it may not publish to. */
  readonly mayPublish: ITerraformDependable;
}

/**
 * Secret Manager secrets with IAM for who reads them and rotation reminders, but without their values, which would stand in
 * state. A person adds each value once, and a new version to rotate it:
 *
 * `printf %s "$VALUE" | gcloud secrets versions add <secret id> --project=<project> --data-file=-`
 *
 * Until then whatever reads the secret waits or fails. Each version that is not destroyed is billed.
 *
 * A rotation reminder is a `SECRET_ROTATE` message, which Secret Manager publishes and does nothing else. The topic gets
 * a message for every change of a secret as well; the subscription lets reminders through alone, and keeps each until
 * somebody acknowledges it, or for 31 days. Alert on what it holds (`secretRotationDue`): nobody is told otherwise.
 *
 * Source: infrastructure document, section "Secrets Management"; Copy-That document, section "Secret Rotation".
 * @see https://cloud.google.com/secret-manager/docs/secret-rotation
 * @throws on an invalid secret id, a period that is no whole number of days, reminders without a topic, or
 * encryption keys that do not match the regions
 * @example
 * ```ts
 * new Secrets(stack, "secrets", {
 *   projectId: "acme-prod",
 *   secrets: {
 *     "stripe-api-key": { rotationDays: 90 },
 *     "smtp-password": { readers: { mail: "serviceAccount:mail@acme-prod.iam.gserviceaccount.com" } },
 *   },
 *   rotationReminders: {
 *     topic: "secret-rotation",
 *     googleBeta: googleBetaProvider(stack, { projectId: "acme-prod", region: "us-central1" }),
 *   },
 *   deletionProtection: true,
 * });
 * ```
 */
export class Secrets<Id extends string = string> extends Construct {
  /** Short id of each secret (`anthropic-api-key`) by the same id; reading it waits for the secret to exist. */
  readonly secretIds: Readonly<Record<Id, string>>;
  private readonly reminders?: Reminders;

  constructor(scope: Construct, id: string, props: SecretsProps<Id>) {
    super(scope, id);
    rejectProps(this, problems(props));

    this.reminders = props.rotationReminders && this.declareReminders(props, props.rotationReminders);
    this.secretIds = mapValues(props.secrets, (secret, secretId) =>
      this.declareSecret(secretId, secret, props, this.reminders),
    );
  }

  /**
   * Id of the topic with the reminders, `projects/<project>/topics/<name>`.
   * @throws without `rotationReminders`
   */
  get reminderTopicId(): string {
    return optionalOutput(this, "reminders", this.reminders, "rotationReminders").topicId;
  }

  /**
   * Name of the subscription with the reminders that nobody has acknowledged.
   * @throws without `rotationReminders`, and with a topic that is made elsewhere
   */
  get reminderSubscription(): string {
    return optionalOutput(this, "subscription", this.reminders?.subscription, "rotationReminders");
  }

  private declareSecret(
    secretId: string,
    { rotationDays, readers = {}, versionManagers = {}, labels }: SharedSecretProps,
    props: SecretsProps,
    reminders?: Reminders,
  ): string {
    const scope = new Construct(this, secretId);
    const rotation = rotationDays !== undefined && reminders ? { rotationDays, ...reminders } : undefined;
    const waitsFor = [
      ...Object.values(props.encryptionKeys ?? {}).flatMap(({ grants }) => grants),
      ...(rotation ? [rotation.mayPublish] : []),
    ];
    const secret = new SecretManagerSecret(scope, "Resource", {
      project: props.projectId,
      secretId,
      replication: secretReplication(props.regions, props.encryptionKeys),
      versionDestroyTtl: days(props.versionDestroyDelayDays ?? VERSION_DESTROY_DELAY_DAYS),
      topics: rotation && [{ name: rotation.topicId }],
      rotation: rotation && {
        rotationPeriod: days(rotation.rotationDays),
        // Required with a period, and must lie in the future when the secret is made. From then on Secret Manager
        // moves it, so only the first plan's value counts.
        nextRotationTime: Fn.timeadd(Fn.plantimestamp(), `${rotation.rotationDays * 24}h`),
      },
      deletionProtection: props.deletionProtection,
      labels: labels ? { ...props.labels, ...labels } : props.labels,
      dependsOn: waitsFor.length > 0 ? waitsFor : undefined,
      lifecycle: lifecycle(props.deletionProtection, rotation && ["rotation[0].next_rotation_time"]),
    });
    const grant = (role: string, members: Record<string, string>) => {
      for (const [name, member] of Object.entries(members))
        new SecretManagerSecretIamMember(scope, name, {
          project: props.projectId,
          secretId: secret.secretId,
          role,
          member,
        });
    };
    grant("roles/secretmanager.secretAccessor", readers);
    grant("roles/secretmanager.secretVersionManager", versionManagers);
    return secret.secretId;
  }

  private declareReminders(
    { projectId, labels }: SecretsProps,
    { topic: given, googleBeta }: RotationRemindersProps,
  ): Reminders {
    const made = typeof given === "string";
    const topic = made
      ? new PubSubTopic(this, "rotation_reminders", {
          projectId,
          name: given,
          subscriptions: {
            subscription: {
              name: given,
              filter: 'attributes.eventType = "SECRET_ROTATE"',
              retentionDays: 31,
            },
          },
          labels,
        })
      : given;
    const scope = made ? topic : new Construct(this, "rotation_reminders");
    const agent = new GoogleProjectServiceIdentity(scope, "agent", {
      provider: googleBeta,
      project: projectId,
      service: "secretmanager.googleapis.com",
    });
    return {
      topicId: topic.topicId,
      subscription: made ? topic.subscriptions["subscription"] : undefined,
      mayPublish: topic.addPublisher(made ? "publisher" : "secret_manager", agent.member),
    };
  }
}

/**
 * Replication of a Secret Manager secret, with its encryption: in the regions, or automatic, wherever Google chooses.
 *
 * @param keys by region; with automatic replication one of location `global`, as `global`
 */
export function secretReplication(
  regions: readonly string[] | undefined,
  keys: Readonly<Record<string, KmsKey>> = {},
): SecretManagerSecretReplication {
  const encryption = (location: string) => {
    const key = keys[location];
    return key ? { customerManagedEncryption: { kmsKeyName: key.id } } : {};
  };
  if (!regions) return { auto: encryption("global") };
  return { userManaged: { replicas: regions.map((location) => ({ location, ...encryption(location) })) } };
}

function problems(props: SecretsProps): PropProblem[] {
  const { versionDestroyDelayDays, regions = ["global"], encryptionKeys } = props;
  const found: PropProblem[] = [];
  const secrets = Object.entries<SharedSecretProps>(props.secrets);
  for (const [secretId, { rotationDays, readers = {}, versionManagers = {} }] of secrets) {
    const prop = ["secrets", secretId, "rotationDays"];
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(secretId))
      found.push({
        prop: ["secrets", secretId],
        problem: `"${secretId}" is not a secret id`,
        instead: "use up to 255 letters, digits, - and _",
      });
    found.push(...wholeNumber(prop, rotationDays, { from: 1, unit: "days", optional: true }));
    if (rotationDays !== undefined && !props.rotationReminders)
      found.push({ prop, problem: "has no topic for its reminders", instead: "give rotationReminders" });
    for (const name of Object.keys(versionManagers).filter((name) => name in readers))
      found.push({
        prop: ["secrets", secretId, "versionManagers", name],
        problem: "has the name of a reader",
        instead: "give it another",
      });
  }
  found.push(
    ...wholeNumber(["versionDestroyDelayDays"], versionDestroyDelayDays, {
      from: 1,
      to: 1000,
      unit: "days",
      optional: true,
    }),
  );
  const keys = Object.keys(encryptionKeys ?? {});
  if (encryptionKeys && (keys.length !== regions.length || !regions.every((region) => keys.includes(region))))
    found.push({
      prop: ["encryptionKeys"],
      problem: `has keys for ${keys.join(", ") || "no region"}`,
      instead: `give one for each of ${regions.join(", ")}`,
    });
  return found;
}
