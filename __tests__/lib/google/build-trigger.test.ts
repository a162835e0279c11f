import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { BuildPool } from "../../../lib/google/build-pool";
import { BuildTrigger, type BuildTriggerProps } from "../../../lib/google/build-trigger";
import { RuntimeIdentity } from "../../../lib/google/runtime-identity";
import { synthesize } from "../../support/synth";

const GO = `golang@sha256:${"a".repeat(64)}`;
const step = { id: "test", image: GO, args: ["go", "test", "./..."] };

const stackOf = (changes: Partial<BuildTriggerProps> = {}, withPool = false) =>
  synthesize((stack) => {
    new GoogleProvider(stack, "google");
    const identity = new RuntimeIdentity(stack, "builds", {
      projectId: "p",
      accountId: "shop-builds",
      displayName: "Builds",
      roles: { logs: { role: "roles/logging.logWriter" } },
    });
    const pool = withPool
      ? new BuildPool(stack, "pool", {
          projectId: "p",
          region: "us-central1",
          name: "pool",
          machineType: "e2-standard-4",
        })
      : undefined;
    const trigger = new BuildTrigger(stack, "main", {
      projectId: "p",
      region: "us-central1",
      name: "shop-main",
      repository: { connection: "github", name: "acme-shop" },
      on: { push: { branch: "^main$" } },
      identity,
      pool,
      steps: [step],
      ...changes,
    });
    stack.outputs({ name: { value: trigger.name }, id: { value: trigger.triggerId } });
  });
const trigger = (changes: Partial<BuildTriggerProps> = {}, withPool = false) =>
  stackOf(changes, withPool).resource("google_cloudbuild_trigger", "main");
const build = (changes: Partial<BuildTriggerProps> = {}) => trigger(changes)["build"];

describe("BuildTrigger", () => {
  test("runs its steps as its identity, once that may do what it does, and logs to Cloud Logging alone", () => {
    expect(trigger()).toEqual({
      project: "p",
      location: "us-central1",
      name: "shop-main",
      repository_event_config: {
        repository: "projects/p/locations/us-central1/connections/github/repositories/acme-shop",
        push: { branch: "^main$" },
      },
      approval_config: { approval_required: false },
      service_account: "${google_service_account.builds.name}",
      build: {
        step: [{ id: "test", name: GO, args: ["go", "test", "./..."] }],
        timeout: "600s",
        options: { logging: "CLOUD_LOGGING_ONLY" },
      },
      depends_on: ["google_project_iam_member.builds_roles_logs"],
    });
  });

  test.each<[string, BuildTriggerProps["on"], object]>([
    ["a tag", { push: { tag: "^v.*$" } }, { push: { tag: "^v.*$" } }],
    [
      "one of several branches",
      { push: { branch: "^(main|release/\\d+)$" } },
      { push: { branch: "^(main|release/\\d+)$" } },
    ],
    [
      "a pull request, those of strangers after a comment",
      { pullRequest: { branch: "^main$" } },
      {
        pull_request: {
          branch: "^main$",
          comment_control: "COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY",
        },
      },
    ],
    [
      "a pull request, all after a comment",
      { pullRequest: { branch: "^main$", comments: "COMMENTS_ENABLED" } },
      { pull_request: { branch: "^main$", comment_control: "COMMENTS_ENABLED" } },
    ],
  ])("starts on %s", (_, on, config) => {
    const { repository, ...event } = trigger({ on })["repository_event_config"];
    expect(event).toEqual(config);
    expect(repository).toMatch(/acme-shop$/);
  });

  test("looks at files, waits for approval, and can be switched off", () => {
    expect(
      trigger({
        description: "Tests",
        includedFiles: ["api/**"],
        ignoredFiles: ["docs/**"],
        approval: true,
        disabled: true,
      }),
    ).toMatchObject({
      description: "Tests",
      included_files: ["api/**"],
      ignored_files: ["docs/**"],
      approval_config: { approval_required: true },
      disabled: true,
    });
  });

  test("hands a secret to the step that asks for it, by version, and writes no value", () => {
    const { available_secrets, step: steps } = build({
      secrets: {
        NPM_TOKEN: { secretId: "npm-token", version: 3 },
        SENTRY: { secretId: "sentry", version: 1, projectId: "other" },
      },
      steps: [step, { ...step, id: "publish", secrets: ["NPM_TOKEN", "SENTRY"], args: ["x", "$$NPM_TOKEN"] }],
    });
    expect(available_secrets).toEqual({
      secret_manager: [
        { env: "NPM_TOKEN", version_name: "projects/p/secrets/npm-token/versions/3" },
        { env: "SENTRY", version_name: "projects/other/secrets/sentry/versions/1" },
      ],
    });
    expect(steps.map((one: { secret_env?: unknown }) => one.secret_env)).toEqual([
      undefined,
      ["NPM_TOKEN", "SENTRY"],
    ]);
  });

  test("gives a step all that it says", () => {
    const { step: steps } = build({
      steps: [
        step,
        {
          id: "all",
          image: GO,
          entrypoint: "bash",
          args: ["-c", "make"],
          env: { REGION: "$LOCATION", EMPTY: "" },
          dir: "api",
          waitFor: ["test"],
          volumes: { "/cache": "cache" },
          timeoutSeconds: 60,
          allowFailure: true,
        },
        { id: "script", image: GO, script: "echo $REGION $$", env: { REGION: "$LOCATION" }, waitFor: [] },
      ],
    });
    expect(steps.slice(1)).toEqual([
      {
        id: "all",
        name: GO,
        entrypoint: "bash",
        args: ["-c", "make"],
        env: ["REGION=$LOCATION", "EMPTY="],
        dir: "api",
        wait_for: ["test"],
        volumes: [{ path: "/cache", name: "cache" }],
        timeout: "60s",
        allow_failure: true,
      },
      { id: "script", name: GO, script: "echo $REGION $$", env: ["REGION=$LOCATION"], wait_for: ["-"] },
    ]);
  });

  test("puts substitutions into steps, as text to Terraform", () => {
    const { substitutions, build: built } = trigger({
      substitutions: { _REGION: "us-central1", _BUCKET: "acme-frontend" },
      steps: [{ ...step, args: ["deploy", "--region=$_REGION", "gs://${_BUCKET}/"] }],
    });
    expect(substitutions).toEqual({ _REGION: "us-central1", _BUCKET: "acme-frontend" });
    expect(built.step[0].args).toEqual(["deploy", "--region=$_REGION", "gs://$${_BUCKET}/"]);
  });

  test("pushes images with their provenance, uploads files, and says which machine", () => {
    const image = "us-central1-docker.pkg.dev/p/shop/api:$COMMIT_SHA";
    expect(
      build({
        images: [image],
        artifacts: { location: "gs://acme-reports/$BUILD_ID/", paths: ["report/*.xml"] },
        machineType: "E2_HIGHCPU_8",
        diskSizeGb: 200,
        timeoutSeconds: 1800,
        tags: ["shop"],
        // What the build itself made may run by its tag.
        steps: [step, { id: "migrate", image, args: ["migrate"] }],
      }),
    ).toMatchObject({
      images: [image],
      artifacts: { objects: { location: "gs://acme-reports/$BUILD_ID/", paths: ["report/*.xml"] } },
      timeout: "1800s",
      tags: ["shop"],
      options: {
        logging: "CLOUD_LOGGING_ONLY",
        machine_type: "E2_HIGHCPU_8",
        disk_size_gb: 200,
        requested_verify_option: "VERIFIED",
      },
    });
  });

  test("runs in a private pool", () => {
    expect(trigger({}, true)["build"].options).toEqual({
      logging: "CLOUD_LOGGING_ONLY",
      worker_pool: "${google_cloudbuild_worker_pool.pool.id}",
    });
  });

  test("tells its name and id", () => {
    const { outputs } = stackOf();
    expect(outputs["name"]?.["value"]).toBe("${google_cloudbuild_trigger.main.id}");
    expect(outputs["id"]?.["value"]).toBe("${google_cloudbuild_trigger.main.trigger_id}");
  });
});
