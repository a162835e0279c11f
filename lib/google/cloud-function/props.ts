import type { ArtifactRegistry } from "../artifact-registry";
import type { Bucket } from "../bucket";
import type { PinnedSecret } from "../cloud-run/props";
import type { PubSubTopic } from "../pubsub";
import type { RoleGrant } from "../role-grants";
import type { FunctionSource } from "./source";

/** Messages that the function handles. */
export interface FunctionEventsProps {
  /** Each message of it is one call. */
  readonly topic: Pick<PubSubTopic, "topicId">;
  /**
   * Calls again, for up to a day, when the function fails. It then has to tolerate a message that comes twice, and to give
   * up on one that can never succeed.
   */
  readonly retry: boolean;
}

export interface CloudFunctionProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Region, such as `us-central1`. Changing it recreates the function. */
  readonly region: string;
  /**
   * Name, 6 to 22 characters, as its service accounts are called after it: `<name>`, `<name>-build`, `<name>-trigger`.
   * Changing it recreates the function and its accounts.
   */
  readonly name: string;
  /** For people, shown in the console. @default none */
  readonly description?: string;
  /** Language and version: `python312`, `nodejs22`. */
  readonly runtime: string;
  /** Function in the source that is called: `rotate_secret`. */
  readonly entryPoint: string;
  /** The source. A change of any of its files is another archive, and deploys. */
  readonly source: FunctionSource;
  /** Bucket that keeps the archives. */
  readonly bucket: Pick<Bucket, "bucketName">;
  /** Repository for the image that Google builds of the source, in the same region. */
  readonly registry: Pick<ArtifactRegistry, "repositoryId" | "location">;
  /** Calls it for each message of a topic. @default it answers HTTP requests, at `url` */
  readonly events?: FunctionEventsProps;
  /** IAM members that may call it by HTTP, by a short name of one's own. @default none */
  readonly invokers?: Record<string, string>;
  /**
   * Where requests may come from: from the project's networks and Google's services in it (Pub/Sub, Scheduler), or by a load
   * balancer too.
   * @default "ALLOW_INTERNAL_ONLY"
   */
  readonly ingress?: "ALLOW_INTERNAL_ONLY" | "ALLOW_INTERNAL_AND_GCLB";
  /** Memory of an instance, `128Mi` to `32Gi`; its vCPUs follow from it. @default "256Mi" */
  readonly memory?: string;
  /** Seconds after which a call is ended, 1 to 3600; with events 1 to 540. @default 60 */
  readonly timeoutSeconds?: number;
  /** Instances at most, 1 to 1000: what comes beyond waits, or is refused. @default 1 */
  readonly maxInstances?: number;
  /**
   * Environment variables. What is called after a secret (`…_KEY`, `…_TOKEN`), and a URL with a user in it, is refused: it would
   * stand in the code and in the state.
   * @default none
   */
  readonly env?: Readonly<Record<string, string>>;
  /** Environment variables from Secret Manager, which the function may then read, and no other secret. @default none */
  readonly secrets?: Readonly<Record<string, PinnedSecret>>;
  /** Roles of the account that runs it, each on the resource that it names, by a short name. @default none */
  readonly roles?: Readonly<Record<string, RoleGrant>>;
  /** Labels of the function. @default none */
  readonly labels?: Record<string, string>;
}
