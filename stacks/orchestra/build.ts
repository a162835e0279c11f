import { mapValues } from "../../lib/core/props";
import type { BuildStep, BuildTriggerProps } from "../../lib/google/build-trigger";
import { type OrchestraConfig, PRODUCTION } from "./config";
import { EDGE, REGISTRY, RELEASED, RUN } from "./names";

/** What the images' names begin with. */
const REPOSITORY = `\${_REGION}-docker.pkg.dev/$PROJECT_ID/${REGISTRY}`;
const SERVER = `${REPOSITORY}/server:$SHORT_SHA`;
const ENGINE = `${REPOSITORY}/engine:$SHORT_SHA`;

/** Before any of these has failed nothing is built, let alone deployed. */
const CHECKS = ["test-server", "test-engine", "test-frontend", "lint"];

/** What the script that deploys is told. */
const told = (targets: readonly string[]) => ({
  PROJECT: "$PROJECT_ID",
  REGION: "$_REGION",
  REPOSITORY,
  BUILT: "$SHORT_SHA",
  DEPLOY: "$_DEPLOY",
  TARGETS: targets.join(" "),
});

/**
 * The build of the application's main branch: tests, images, migration, deployment.
 * @param release text of the script that deploys
 */
export function build(
  config: OrchestraConfig,
  release: string,
): Pick<
  BuildTriggerProps,
  "name" | "description" | "repository" | "on" | "substitutions" | "steps" | "images" | "tags"
> {
  const { connection, repository } = config.application;
  const image = mapValues(config.buildImages, ({ image, digest }) => `${image}@sha256:${digest}`);
  const docker = (id: string, dockerfile: string, tag: string): BuildStep => ({
    id,
    image: image.docker,
    // The release by which Sentry tells errors apart.
    args: [
      "build",
      ...["--build-arg", "APP_VERSION=$SHORT_SHA"],
      ...["-t", tag, "-f", `deploy/docker/${dockerfile}`, "."],
    ],
    waitFor: CHECKS,
  });
  const push = (id: string, tag: string, after: string): BuildStep => ({
    id,
    image: image.docker,
    args: ["push", tag],
    waitFor: [after],
  });
  return {
    name: "orchestra-main",
    description: "Tests, builds and deploys the application",
    repository: { connection, name: repository },
    on: { push: { branch: "^main$" } },
    tags: ["orchestra"],
    substitutions: {
      _REGION: config[PRODUCTION].region,
      _FRONTEND_BUCKET: config[PRODUCTION].frontendBucket,
      _DEPLOY: "server,engine,frontend",
    },
    steps: [
      {
        id: "test-server",
        image: image.go,
        entrypoint: "go",
        args: ["test", "./...", "-v", "-race", "-coverprofile=coverage.out"],
        waitFor: [],
      },
      {
        id: "test-engine",
        image: image.rust,
        dir: "engine",
        // The engine's build compiles its protocol.
        script: script("apt-get update -qq", "apt-get install -qq protobuf-compiler", "cargo test --release"),
        waitFor: [],
      },
      {
        id: "test-frontend",
        image: image.node,
        dir: "resources",
        script: script("corepack enable", "pnpm install --frozen-lockfile", "pnpm test"),
        waitFor: [],
      },
      {
        id: "lint",
        image: image.lint,
        entrypoint: "golangci-lint",
        args: ["run", "--timeout", "5m"],
        waitFor: [],
      },
      docker("image-server", "Dockerfile.server", SERVER),
      docker("image-engine", "Dockerfile.engine", ENGINE),
      {
        id: "frontend",
        image: image.node,
        dir: "resources",
        script: script("corepack enable", "pnpm build"),
        waitFor: CHECKS,
      },
      push("push-server", SERVER, "image-server"),
      push("push-engine", ENGINE, "image-engine"),
      {
        id: "migrate",
        image: image.gcloud,
        script: release,
        env: told([`jobs/${RUN.migrate}=server`]),
        waitFor: ["push-server", "push-engine", "frontend"],
      },
      {
        id: "deploy",
        image: image.gcloud,
        script: release,
        // The server calls the engine: first what is called.
        env: {
          ...told([
            `services/${RUN.engine}=engine`,
            `services/${RUN.server}=server`,
            `workerPools/${RUN.worker}=server`,
          ]),
          RELEASED,
        },
        waitFor: ["migrate"],
      },
      {
        id: "deploy-frontend",
        image: image.gcloud,
        script: script(
          'case ",$DEPLOY," in *,frontend,*) ;; *) exit 0 ;; esac',
          'gcloud storage rsync --recursive resources/dashboard/dist "gs://$BUCKET/dashboard"',
          `gcloud compute url-maps invalidate-cdn-cache ${EDGE} --project="$PROJECT" --path='/*'`,
        ),
        env: { DEPLOY: "$_DEPLOY", BUCKET: "$_FRONTEND_BUCKET", PROJECT: "$PROJECT_ID" },
        waitFor: ["deploy"],
      },
    ],
    images: [SERVER, ENGINE],
  };
}

/** A shell script that ends with the first command that fails. */
function script(...commands: readonly string[]): string {
  return `${["#!/usr/bin/env bash", "set -euo pipefail", ...commands].join("\n")}\n`;
}
