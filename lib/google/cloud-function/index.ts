import { ArtifactRegistryRepositoryIamMember } from "@cdktf/provider-google/lib/artifact-registry-repository-iam-member";
import { CloudRunV2ServiceIamMember } from "@cdktf/provider-google/lib/cloud-run-v2-service-iam-member";
import { Cloudfunctions2Function } from "@cdktf/provider-google/lib/cloudfunctions2-function";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { SecretManagerSecretIamMember } from "@cdktf/provider-google/lib/secret-manager-secret-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { StorageBucketObject } from "@cdktf/provider-google/lib/storage-bucket-object";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { rejectProps } from "../../core/invalid-props";
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
 *   bucket: { bucketName: "acme-prod-functions" },
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

    const runtime = this.account("runtime", name, `Runs the function ${name}`);
    const builder = this.builder();
    const readable = this.grantSecrets(runtime);
    const object = new StorageBucketObject(this, "source", {
      bucket: bucket.bucketName,
      name: `${name}/${source.hash}.zip`,
      source: source.reference,
      contentType: "application/zip",
      // The function goes on having one while the next takes its place.
      lifecycle: { createBeforeDestroy: true },
    });
    const trigger = events && this.account("trigger", `${name}-trigger`, `Calls the function ${name}`);
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
        availableMemory: props.memory ?? "256M",
        timeoutSeconds: props.timeoutSeconds ?? 60,
        maxInstanceCount: props.maxInstances ?? 1,
        ingressSettings: props.ingress ?? "ALLOW_INTERNAL_ONLY",
        allTrafficOnLatestRevision: true,
        environmentVariables: props.environment,
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
      dependsOn: [...builder.grants, ...readable],
    });
    const invokers = { ...(trigger && { trigger_invoker: trigger.member }), ...props.invokers };
    for (const [invoker, member] of Object.entries(invokers))
      new CloudRunV2ServiceIamMember(this, invoker, {
        project: projectId,
        location: region,
        // Of the function, so that it is there.
        name: declared.name,
        role: "roles/run.invoker",
        member,
      });

    this.functionName = declared.name;
    this.url = declared.url;
    this.email = runtime.email;
    this.member = runtime.member;
  }

  private account(id: string, accountId: string, displayName: string): ServiceAccount {
    return new ServiceAccount(this, id, { project: this.props.projectId, accountId, displayName });
  }

  /** Reads sources, writes logs, pushes images to one repository. */
  private builder(): { readonly name: string; readonly grants: readonly ITerraformDependable[] } {
    const { projectId: project, name, registry } = this.props;
    const account = this.account("build", `${name}-build`, `Builds the function ${name}`);
    const { member } = account;
    const scope = new Construct(this, "build_may");
    return {
      name: account.name,
      grants: [
        new ProjectIamMember(scope, "write_logs", { project, role: "roles/logging.logWriter", member }),
        new ProjectIamMember(scope, "read_sources", {
          project,
          role: "roles/storage.objectViewer",
          member,
          condition: {
            title: "sources-of-functions",
            expression: `resource.name.startsWith("${SOURCES}")`,
          },
        }),
        new ArtifactRegistryRepositoryIamMember(scope, "push", {
          project,
          location: registry.location,
          repository: registry.repositoryId,
          role: "roles/artifactregistry.writer",
          member,
        }),
      ],
    };
  }

  private grantSecrets({ member }: ServiceAccount): ITerraformDependable[] {
    const scope = new Construct(this, "secrets");
    const ids = new Set(Object.values(this.props.secrets ?? {}).map(({ secretId }) => secretId));
    return Object.entries(this.props.secrets ?? {}).flatMap(([variable, { secretId }]) =>
      // One grant for a secret that two variables have.
      ids.delete(secretId)
        ? [
            new SecretManagerSecretIamMember(scope, variable, {
              project: this.props.projectId,
              secretId,
              role: "roles/secretmanager.secretAccessor",
              member,
            }),
          ]
        : [],
    );
  }
}

function eventTrigger({ topic, retry }: FunctionEventsProps, region: string, { email }: ServiceAccount) {
  return {
    triggerRegion: region,
    eventType: "google.cloud.pubsub.topic.v1.messagePublished",
    pubsubTopic: topic.topicId,
    retryPolicy: retry ? "RETRY_POLICY_RETRY" : "RETRY_POLICY_DO_NOT_RETRY",
    serviceAccountEmail: email,
  };
}
