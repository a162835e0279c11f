import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import type { Stack } from "../../../lib/core/stack";
import { CloudFunction, type CloudFunctionProps, FunctionSource } from "../../../lib/google/cloud-function";
import { PubSubTopic } from "../../../lib/google/pubsub";
import { synthesize } from "../../support/synth";

const source = new FunctionSource("__tests__/lib/google/cloud-function/rotate-secrets");

function build(
  over: Partial<CloudFunctionProps> | ((stack: Stack) => Partial<CloudFunctionProps>) = {},
  then?: (made: CloudFunction, stack: Stack) => void,
) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google", {});
    const made = new CloudFunction(stack, "rotate", {
      projectId: "project",
      region: "us-central1",
      name: "rotate-secrets",
      runtime: "python312",
      entryPoint: "rotate_secret",
      source,
      bucket: { bucketName: "functions" },
      registry: { repositoryId: "images", location: "us-central1" },
      ...(typeof over === "function" ? over(stack) : over),
    });
    then?.(made, stack);
  });
}

const FUNCTION = "google_cloudfunctions2_function";
const events = (retry: boolean) => (stack: Stack) => ({
  events: {
    topic: new PubSubTopic(stack, "topic", { projectId: "project", name: "secret_rotation" }),
    retry,
  },
});

describe("CloudFunction", () => {
  test("runs the source as an account of its own, for requests from inside, unless told otherwise", () => {
    expect(build().resource(FUNCTION, "rotate")).toEqual({
      project: "project",
      location: "us-central1",
      name: "rotate-secrets",
      build_config: {
        runtime: "python312",
        entry_point: "rotate_secret",
        service_account: "${google_service_account.rotate_build.name}",
        docker_repository: "projects/project/locations/us-central1/repositories/images",
        source: {
          storage_source: {
            bucket: "${google_storage_bucket_object.rotate_source.bucket}",
            object: "${google_storage_bucket_object.rotate_source.name}",
          },
        },
      },
      service_config: {
        service_account_email: "${google_service_account.rotate_runtime.email}",
        available_memory: "256Mi",
        timeout_seconds: 60,
        max_instance_count: 1,
        ingress_settings: "ALLOW_INTERNAL_ONLY",
        all_traffic_on_latest_revision: true,
      },
      depends_on: [
        "google_project_iam_member.rotate_build_roles_write_logs",
        "google_project_iam_member.rotate_build_roles_read_sources",
        "google_artifact_registry_repository_iam_member.rotate_build_roles_push",
      ],
    });
  });

  test("is deployed again when its source changes: the object's name has its hash", () => {
    expect(build().resource("google_storage_bucket_object", "rotate_source")).toEqual({
      bucket: "functions",
      name: `rotate-secrets/${source.hash}.zip`,
      source: "../../functions/rotate-secrets.zip",
      content_type: "application/zip",
      lifecycle: { create_before_destroy: true },
    });
  });

  test("is built by an account that writes logs, reads sources of functions and pushes to one repository", () => {
    const stack = build();
    expect(stack.resource("google_service_account", "rotate_build")).toMatchObject({
      account_id: "rotate-secrets-build",
    });
    const member = "${google_service_account.rotate_build.member}";
    expect(stack.resources("google_project_iam_member")).toEqual({
      rotate_build_roles_write_logs: expect.objectContaining({ role: "roles/logging.logWriter", member }),
      rotate_build_roles_read_sources: expect.objectContaining({
        role: "roles/storage.objectViewer",
        member,
        condition: {
          title: "sources-of-functions",
          expression: 'resource.name.startsWith("projects/_/buckets/gcf-v2-sources-")',
        },
      }),
    });
    expect(stack.resources("google_artifact_registry_repository_iam_member")).toEqual({
      rotate_build_roles_push: expect.objectContaining({
        repository: "images",
        location: "us-central1",
        role: "roles/artifactregistry.writer",
        member,
      }),
    });
  });

  test("takes size, reach, environment and labels from its props", () => {
    const made = build({
      description: "Rotates secrets",
      memory: "512Mi",
      timeoutSeconds: 300,
      maxInstances: 3,
      ingress: "ALLOW_INTERNAL_AND_GCLB",
      env: { BYTES: "48" },
      labels: { environment: "test" },
    }).resource(FUNCTION, "rotate");
    expect(made).toMatchObject({
      description: "Rotates secrets",
      labels: { environment: "test" },
      service_config: {
        available_memory: "512Mi",
        timeout_seconds: 300,
        max_instance_count: 3,
        ingress_settings: "ALLOW_INTERNAL_AND_GCLB",
        environment_variables: { BYTES: "48" },
      },
    });
  });

  test("reads the pinned versions of the secrets that it is given, and no other secret", () => {
    const stack = build({
      secrets: {
        API_KEY: { secretId: "api-key", version: 3 },
        OLD_KEY: { secretId: "api-key", version: 2 },
        TOKEN: { secretId: "token", version: 1 },
      },
    });
    const made = stack.resource(FUNCTION, "rotate");
    expect(made.service_config.secret_environment_variables).toEqual([
      { key: "API_KEY", project_id: "project", secret: "api-key", version: "3" },
      { key: "OLD_KEY", project_id: "project", secret: "api-key", version: "2" },
      { key: "TOKEN", project_id: "project", secret: "token", version: "1" },
    ]);
    expect(stack.resources("google_secret_manager_secret_iam_member")).toEqual(
      Object.fromEntries(
        [
          ["API_KEY", "api-key"],
          ["TOKEN", "token"],
        ].map(([variable, secret_id]) => [
          `rotate_runtime_${variable}`,
          expect.objectContaining({
            secret_id,
            role: "roles/secretmanager.secretAccessor",
            member: "${google_service_account.rotate_runtime.member}",
          }),
        ]),
      ),
    );
    expect(made.depends_on).toEqual(
      expect.arrayContaining([
        "google_secret_manager_secret_iam_member.rotate_runtime_API_KEY",
        "google_secret_manager_secret_iam_member.rotate_runtime_TOKEN",
      ]),
    );
  });

  test("has further roles where they are given, on what they name", () => {
    const stack = build({
      roles: { pictures: { role: "roles/storage.objectUser", on: { bucket: "pictures" } } },
    });
    expect(stack.resource("google_storage_bucket_iam_member", "rotate_runtime_roles_pictures")).toEqual({
      bucket: "pictures",
      role: "roles/storage.objectUser",
      member: "${google_service_account.rotate_runtime.member}",
    });
  });

  test("handles a topic's messages, called by an account that may do nothing else", () => {
    const stack = build(events(true));
    expect(stack.resource(FUNCTION, "rotate").event_trigger).toEqual({
      trigger_region: "us-central1",
      event_type: "google.cloud.pubsub.topic.v1.messagePublished",
      pubsub_topic: "${google_pubsub_topic.topic.id}",
      retry_policy: "RETRY_POLICY_RETRY",
      service_account_email: "${google_service_account.rotate_trigger.email}",
    });
    expect(stack.resources("google_cloud_run_v2_service_iam_member")).toEqual({
      rotate_trigger_invoker: expect.objectContaining({
        name: "${google_cloudfunctions2_function.rotate.name}",
        location: "us-central1",
        role: "roles/run.invoker",
        member: "${google_service_account.rotate_trigger.member}",
      }),
    });
    expect(build(events(false)).resource(FUNCTION, "rotate").event_trigger.retry_policy).toBe(
      "RETRY_POLICY_DO_NOT_RETRY",
    );
  });

  test("answers those who may call it, and nobody without", () => {
    expect(build().resources("google_cloud_run_v2_service_iam_member")).toEqual({});
    const stack = build({ invokers: { scheduler: "serviceAccount:scheduler@project.iam" } });
    expect(stack.resources("google_cloud_run_v2_service_iam_member")).toEqual({
      rotate_scheduler: expect.objectContaining({
        role: "roles/run.invoker",
        member: "serviceAccount:scheduler@project.iam",
      }),
    });
    expect(Object.keys(stack.resources("google_service_account"))).toEqual([
      "rotate_build",
      "rotate_runtime",
    ]);
  });

  test("tells its name, its address and who runs it", () => {
    const { outputs } = build({}, (made, stack) =>
      stack.outputs({
        name: { value: made.functionName },
        url: { value: made.url },
        email: { value: made.email },
        member: { value: made.member },
      }),
    );
    expect(outputs).toEqual({
      name: { value: "${google_cloudfunctions2_function.rotate.name}" },
      url: { value: "${google_cloudfunctions2_function.rotate.url}" },
      email: { value: "${google_service_account.rotate_runtime.email}" },
      member: { value: "${google_service_account.rotate_runtime.member}" },
    });
  });
});
