import { Cloudfunctions2Function } from "@cdktf/provider-google/lib/cloudfunctions2-function";
import { StorageBucketObject } from "@cdktf/provider-google/lib/storage-bucket-object";
import { Construct } from "constructs";
import { rejectProps } from "../../core/invalid-props";
import { grantRole, type RoleGrant } from "../role-grants";
import { RuntimeIdentity } from "../runtime-identity";
import { functionProblems } from "./checks";
import type { CloudFunctionProps, FunctionEventsProps } from "./props";

export type * from "./props";
export { FunctionSource } from "./source";

/** Where Cloud Functions puts the source before it is built, a bucket for each region that it makes by itself. */
const SOURCES = "projects/_/buckets/gcf-v2-sources-";

/**
 * Cloud Function (2nd gen) of a folder of this repository, for HTTP requests or the messages of a topic, with service accounts of
 * its own: one that runs it and reads the secrets that it is given, one that builds its image and can do nothing else, and with
 * events one that may call it and nothing else.
 *
 * The archive of the source is an object whose name has its hash: another source is another object, by which Terraform sees
 * that there is something to deploy. The system's `stage` has to write the archive (`FunctionSource.stage`).
 *
 * What it runs is a Cloud Run service of the same name. Billed by request, and by vCPU and memory while one is answered; each
 * build by the minute. It is gone with its stack, and holds nothing.
 *
 * Besides its own the APIs run, cloudbuild, artifactregistry and, with events, eventarc and pubsub have to be enabled. Who
 * applies it needs roles/cloudfunctions.developer, roles/run.admin, to write objects of the bucket (roles/storage.objectUser
 * on it), and iam.serviceAccounts.actAs on the accounts. Google knows a new account everywhere after a minute or so: when the first
 * apply fails with "does not exist" or "permission denied" of one, apply again.
 *
 * Source: Copy-That document, section "Secret Rotation".
 * @see https://cloud.google.com/functions/docs/securing/build-custom-sa
 * @throws when a value is one that Cloud Functions refuses, or the source lacks what the runtime builds from
 * @example
 * ```ts
 * const topic = new PubSubTopic(stack, "rotation", { projectId: "acme-prod", name: "secret-rotation" });
 * const images = new ArtifactRegistry(stack, "images", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "functions",
 *   deletionProtection: true,
 * });
 * const rotate = new CloudFunction(stack, "rotate", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "rotate-secrets",
 *   runtime: "python312",
 *   entryPoint: "rotate_secret",
 *   source: new FunctionSource("__tests__/lib/google/cloud-function/rotate-secrets"),
 *   bucket: new Bucket(stack, "sources", {
 *     projectId: "acme-prod",
 *     name: "acme-prod-functions",
 *     location: "us-central1",
 *     deletionProtection: false,
 *   }),
 *   registry: images,
 *   events: { topic, retry: true },
 * });
 * new Secrets(stack, "secrets", {
 *   projectId: "acme-prod",
 *   secrets: { "app-secret-key": { rotationDays: 30, versionManagers: { function: rotate.member } } },
 *   rotationReminders: {
 *     topic,
 *     googleBeta: googleBetaProvider(stack, { projectId: "acme-prod", region: "us-central1" }),
 *   },
 *   deletionProtection: true,
 * });
 * ```
 */
export class CloudFunction extends Construct {
  /** Name of the function, and of its Cloud Run service. */
  readonly functionName: string;
  /** Address at which it answers requests. */
  readonly url: string;
  /** E-mail of the service account that runs it. */
  readonly email: string;
  /** The same as an IAM member. */
  readonly member: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: CloudFunctionProps,
  ) {
    super(scope, id);
    rejectProps(this, functionProblems(props));
    const { projectId, region, name, source, bucket, registry, events } = props;

    const runtime = this.identity(
      "runtime",
      name,
      `Runs the function ${name}`,
      props.roles,
      this.secretIds(),
    );
    const builder = this.identity("build", `${name}-build`, `Builds the function ${name}`, {
      write_logs: { role: "roles/logging.logWriter" },
      read_sources: {
        role: "roles/storage.objectViewer",
        condition: {
          title: "sources-of-functions",
          expression: `resource.name.startsWith("${SOURCES}")`,
        },
      },
      push: {
        role: "roles/artifactregistry.writer",
        on: { repository: registry.repositoryId, location: registry.location },
      },
    });
    const object = new StorageBucketObject(this, "source", {
      bucket: bucket.bucketName,
      name: `${name}/${source.hash}.zip`,
      source: source.reference,
      contentType: "application/zip",
      // The function goes on having one while the next takes its place.
      lifecycle: { createBeforeDestroy: true },
    });
    const trigger = events && this.identity("trigger", `${name}-trigger`, `Calls the function ${name}`);
    const declared = new Cloudfunctions2Function(this, "Resource", {
      project: projectId,
      location: region,
      name,
      description: props.description,
      buildConfig: {
        runtime: props.runtime,
        entryPoint: props.entryPoint,
        serviceAccount: builder.name,
        dockerRepository: `projects/${projectId}/locations/${registry.location}/repositories/${registry.repositoryId}`,
        source: { storageSource: { bucket: object.bucket, object: object.name } },
      },
      serviceConfig: {
        serviceAccountEmail: runtime.email,
        availableMemory: props.memory ?? "256Mi",
        timeoutSeconds: props.timeoutSeconds ?? 60,
        maxInstanceCount: props.maxInstances ?? 1,
        ingressSettings: props.ingress ?? "ALLOW_INTERNAL_ONLY",
        allTrafficOnLatestRevision: true,
        environmentVariables: props.env && { ...props.env },
        secretEnvironmentVariables:
          props.secrets &&
          Object.entries(props.secrets).map(([key, { secretId, version }]) => ({
            key,
            projectId,
            secret: secretId,
            version: String(version),
          })),
      },
      eventTrigger: events && trigger && eventTrigger(events, region, trigger),
      labels: props.labels,
      dependsOn: [...builder.grants, ...runtime.grants],
    });
    const invokers = { ...(trigger && { trigger_invoker: trigger.member }), ...props.invokers };
    for (const [invoker, member] of Object.entries(invokers))
      grantRole(this, invoker, projectId, member, {
        role: "roles/run.invoker",
        // The service has the name of the function: of that, so that it is there.
        on: { service: declared.name, location: region },
      });

    this.functionName = declared.name;
    this.url = declared.url;
    this.email = runtime.email;
    this.member = runtime.member;
  }

  private identity(
    id: string,
    accountId: string,
    displayName: string,
    roles?: Readonly<Record<string, RoleGrant>>,
    secretIds?: Readonly<Record<string, string>>,
  ): RuntimeIdentity {
    const { projectId } = this.props;
    return new RuntimeIdentity(this, id, { projectId, accountId, displayName, roles, secretIds });
  }

  /** Ids of the secrets, each by the first variable that has it. */
  private secretIds(): Record<string, string> {
    const variables = Object.entries(this.props.secrets ?? {});
    const first = variables.filter(
      ([, { secretId }], index) => variables.findIndex(([, other]) => other.secretId === secretId) === index,
    );
    return Object.fromEntries(first.map(([variable, { secretId }]) => [variable, secretId]));
  }
}

function eventTrigger({ topic, retry }: FunctionEventsProps, region: string, { email }: RuntimeIdentity) {
  return {
    triggerRegion: region,
    eventType: "google.cloud.pubsub.topic.v1.messagePublished",
    pubsubTopic: topic.topicId,
    retryPolicy: retry ? "RETRY_POLICY_RETRY" : "RETRY_POLICY_DO_NOT_RETRY",
    serviceAccountEmail: email,
  };
}
