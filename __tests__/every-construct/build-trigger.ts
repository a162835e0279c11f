import { environmentLabels } from "../../lib/core/labels";
import type { Stack } from "../../lib/core/stack";
import { BuildPool } from "../../lib/google/build-pool";
import { BuildTrigger } from "../../lib/google/build-trigger";
import { Networking } from "../../lib/google/networking";
import { RuntimeIdentity } from "../../lib/google/runtime-identity";

const PROJECT = { projectId: "acme-prod", region: "us-central1" };
const REPOSITORY = { connection: "github", name: "acme-shop" };
const digest = (digit: string) => `@sha256:${digit.repeat(64)}`;
const GO = `golang${digest("a")}`;
const DOCKER = `gcr.io/cloud-builders/docker${digest("b")}`;
const GCLOUD = `gcr.io/google.com/cloudsdktool/cloud-sdk${digest("c")}`;
const SERVER = "us-central1-docker.pkg.dev/acme-prod/shop/server:$COMMIT_SHA";

export function declare(stack: Stack): void {
  const network = new Networking(stack, "network", {
    ...PROJECT,
    name: "acme-vpc",
    subnets: { services: { cidr: "10.0.0.0/24" } },
    privateServices: { cidr: "10.3.0.0/16" },
    labels: environmentLabels("production"),
  });
  const pool = new BuildPool(stack, "pool", {
    ...PROJECT,
    name: "builds",
    machineType: "e2-highcpu-8",
    diskSizeGb: 200,
    network,
    externalAddresses: true,
  });
  const identity = new RuntimeIdentity(stack, "builds", {
    projectId: "acme-prod",
    accountId: "shop-builds",
    displayName: "Builds of the shop",
    sqlInstance: "acme-prod",
    databaseLogin: false,
    secretIds: { database: "database-url" },
    roles: {
      logs: { role: "roles/logging.logWriter" },
      images: {
        role: "roles/artifactregistry.writer",
        on: { repository: "shop", location: "us-central1" },
      },
      server: { role: "roles/run.developer", on: { service: "server", location: "us-central1" } },
      frontend: { role: "roles/storage.objectUser", on: { bucket: "acme-frontend" } },
    },
  });
  new BuildTrigger(stack, "main", {
    ...PROJECT,
    name: "shop-main",
    description: "Tests, builds and deploys the shop",
    repository: REPOSITORY,
    on: { push: { branch: "^main$" } },
    includedFiles: ["server/**", "cloudbuild/**"],
    ignoredFiles: ["**/*.md"],
    approval: true,
    disabled: false,
    identity,
    pool,
    timeoutSeconds: 3600,
    tags: ["shop", "main"],
    substitutions: { _REGION: "us-central1", _FRONTEND_BUCKET: "acme-frontend" },
    secrets: { MIGRATION_URL: { secretId: "database-url", version: 3, projectId: "acme-prod" } },
    steps: [
      {
        id: "test",
        image: GO,
        dir: "server",
        args: ["go", "test", "-race", "./..."],
        env: { GOFLAGS: "-mod=readonly" },
        volumes: { "/go/pkg": "modules" },
        waitFor: [],
        timeoutSeconds: 900,
      },
      {
        id: "lint",
        image: GO,
        entrypoint: "bash",
        args: ["-c", "go vet ./..."],
        volumes: { "/go/pkg": "modules" },
        waitFor: [],
        allowFailure: true,
      },
      {
        id: "image",
        image: DOCKER,
        args: ["build", "--tag", SERVER, "server"],
        waitFor: ["test", "lint"],
      },
      { id: "migrate", image: SERVER, args: ["migrate"], secrets: ["MIGRATION_URL"] },
      {
        id: "frontend",
        image: GCLOUD,
        script: 'gcloud storage rsync --recursive frontend/dist "gs://$BUCKET"',
        env: { BUCKET: "${_FRONTEND_BUCKET}", REGION: "$_REGION" },
      },
    ],
    images: [SERVER],
    artifacts: { location: "gs://acme-reports/$BUILD_ID/", paths: ["server/report.xml"] },
  });
  for (const [id, on] of Object.entries({
    pull: { pullRequest: { branch: "^main$", comments: "COMMENTS_ENABLED" } },
    release: { push: { tag: "^v\\d+$" } },
  } as const))
    new BuildTrigger(stack, id, {
      ...PROJECT,
      name: `shop-${id}`,
      repository: REPOSITORY,
      on,
      identity,
      machineType: "E2_HIGHCPU_8",
      diskSizeGb: 200,
      steps: [{ id: "test", image: GO, args: ["go", "test", "./..."] }],
    });
}
