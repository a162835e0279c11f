import {
  CloudbuildTrigger,
  type CloudbuildTriggerBuild,
  type CloudbuildTriggerBuildStep,
} from "@cdktf/provider-google/lib/cloudbuild-trigger";
import { Construct } from "constructs";
import { rejectProps } from "../../core/invalid-props";
import { problems } from "./checks";
import type { BuildEvent, BuildStep, BuildTriggerProps } from "./props";

export type * from "./props";

/** What Google takes for a timeout where none is said. */
const TIMEOUT_SECONDS = 600;

/**
 * Cloud Build trigger: an event of a repository starts a build, whose steps stand here, not in the repository, where whoever
 * may push could change what runs as its identity. Builds run as an identity of their own, log to Cloud Logging alone (a
 * bucket for logs would be another place that keeps them), and run images by digest.
 *
 * What a build runs of the repository, such as its tests, still does what the identity may do: a trigger for pull requests
 * has an identity that may do nothing but write logs, and secrets only with `approval`.
 *
 * Costs by the minute of builds, by the machine; e2-highcpu-8 0.016 USD. Who applies it needs
 * `roles/cloudbuild.builds.editor`, and `roles/iam.serviceAccountUser` on the identity. A first apply fails while there is
 * no connection of the name. A destroy leaves past builds and their logs.
 *
 * @see https://cloud.google.com/build/docs/build-config-file-schema
 * @see https://cloud.google.com/build/docs/automating-builds/github/connect-repo-github
 * @see https://cloud.google.com/build/docs/securing-builds/configure-user-specified-service-accounts
 * @throws when a step, its image or what it waits for is wrong, a substitution or secret is not known or used by nobody, a
 *   text looks like a secret, a pattern is not a whole name's, or a bound of Google's is passed
 * @example
 * ```ts
 * const identity = new RuntimeIdentity(stack, "builds", {
 *   projectId: "acme-prod",
 *   accountId: "shop-builds",
 *   displayName: "Builds of the shop",
 *   roles: {
 *     logs: { role: "roles/logging.logWriter" },
 *     images: {
 *       role: "roles/artifactregistry.writer",
 *       on: { repository: "shop", location: "us-central1" },
 *     },
 *   },
 * });
 * const docker =
 *   "us-central1-docker.pkg.dev/acme-prod/tools/docker@sha256:0c8f1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";
 * const image = "us-central1-docker.pkg.dev/acme-prod/shop/api:$COMMIT_SHA";
 * new BuildTrigger(stack, "main", {
 *   projectId: "acme-prod",
 *   region: "us-central1",
 *   name: "shop-main",
 *   repository: { connection: "github", name: "acme-shop" },
 *   on: { push: { branch: "^main$" } },
 *   ignoredFiles: ["docs/**"],
 *   identity,
 *   machineType: "E2_HIGHCPU_8",
 *   steps: [{ id: "image", image: docker, args: ["build", "--tag", image, "."] }],
 *   images: [image],
 * });
 * ```
 */
export class BuildTrigger extends Construct {
  /** `projects/<project>/locations/<region>/triggers/<id>`. */
  readonly name: string;
  /** The id that Google gave it, by which builds name their trigger (`buildTriggerId`). */
  readonly triggerId: string;

  constructor(scope: Construct, id: string, props: BuildTriggerProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const {
      projectId: project,
      region: location,
      repository,
      identity,
      approval,
      substitutions = {},
    } = props;
    const trigger = new CloudbuildTrigger(this, "Resource", {
      project,
      location,
      name: props.name,
      description: props.description,
      disabled: props.disabled,
      repositoryEventConfig: {
        repository: `projects/${project}/locations/${location}/connections/${repository.connection}/repositories/${repository.name}`,
        ...event(props.on),
      },
      includedFiles: list(props.includedFiles),
      ignoredFiles: list(props.ignoredFiles),
      // Written out: left out, an approval that was asked for stays.
      approvalConfig: { approvalRequired: approval ?? false },
      substitutions: Object.keys(substitutions).length > 0 ? substitutions : undefined,
      serviceAccount: identity.name,
      buildAttribute: build(props),
      dependsOn: list(identity.grants),
    });
    this.name = trigger.id;
    this.triggerId = trigger.triggerId;
  }
}

/** Of nothing nothing is written: Google does not answer with empty lists. */
function list<T>(items: readonly T[] = []): T[] | undefined {
  return items.length > 0 ? [...items] : undefined;
}

function event(on: BuildEvent) {
  if ("push" in on) return { push: on.push };
  const { branch, comments = "COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY" } = on.pullRequest;
  return { pullRequest: { branch, commentControl: comments } };
}

function build(props: BuildTriggerProps): CloudbuildTriggerBuild {
  const { images, artifacts, secrets = {}, pool } = props;
  const versions = Object.entries(secrets).map(
    ([env, { secretId, version, projectId = props.projectId }]) => ({
      env,
      versionName: `projects/${projectId}/secrets/${secretId}/versions/${version}`,
    }),
  );
  return {
    step: props.steps.map(step),
    timeout: `${props.timeoutSeconds ?? TIMEOUT_SECONDS}s`,
    tags: list(props.tags),
    images: list(images),
    artifacts: artifacts && {
      objects: { location: artifacts.location, paths: [...artifacts.paths] },
    },
    availableSecrets: versions.length > 0 ? { secretManager: versions } : undefined,
    options: {
      // Required with an identity of one's own and no bucket for logs.
      logging: "CLOUD_LOGGING_ONLY",
      machineType: props.machineType,
      diskSizeGb: props.diskSizeGb,
      workerPool: pool?.id,
      // Provenance of what is pushed: which build made it, of which commit.
      requestedVerifyOption: images?.length ? "VERIFIED" : undefined,
    },
  };
}

function step(props: BuildStep): CloudbuildTriggerBuildStep {
  const { id, image: name, entrypoint, script, dir, waitFor, timeoutSeconds, allowFailure } = props;
  return {
    id,
    name,
    entrypoint,
    script,
    dir,
    allowFailure,
    args: list(props.args),
    env: list(Object.entries(props.env ?? {}).map(([variable, value]) => `${variable}=${value}`)),
    secretEnv: list(props.secrets),
    // Cloud Build writes a dash for "nothing".
    waitFor: waitFor?.length === 0 ? ["-"] : list(waitFor),
    timeout: timeoutSeconds === undefined ? undefined : `${timeoutSeconds}s`,
    volumes: list(Object.entries(props.volumes ?? {}).map(([path, name]) => ({ path, name }))),
  };
}
