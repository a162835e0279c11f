import { application, base } from "./synthesized";

/** `<what> <role>` of each grant to a member, in both stacks. */
function grantsTo(member: string): string[] {
  const found = [base, application].flatMap(({ json }) =>
    Object.entries<Record<string, Record<string, string>>>(json["resource"])
      .filter(([type]) => type.endsWith("_iam_member"))
      .flatMap(([type, named]) =>
        Object.values(named)
          .filter((grant) => grant["member"] === member)
          .map(
            (grant) => `${type.replace(/^google_|_iam_member$/g, "")} ${targetOf(grant)} ${grant["role"]}`,
          ),
      ),
  );
  return found.sort();
}

/** What a grant is on. */
const targetOf = (grant: Readonly<Record<string, string>>) =>
  ["secret_id", "bucket", "service_account_id", "repository", "name"]
    .map((key) => grant[key])
    .find(Boolean) ?? "project";

const account = (part: string) => `\${google_service_account.${part}_identity.member}`;
const secret = (id: string) => `secret_manager_secret ${id} roles/secretmanager.secretAccessor`;
const EVERY_SECRET = [
  "anthropic-api-key",
  "database-url",
  "jwt-secret",
  "openai-api-key",
  "posthog-api-key",
  "redis-url",
  "sentry-dsn",
  "stripe-secret-key",
  "stripe-webhook-secret",
].map(secret);
const files =
  "storage_bucket ${data.terraform_remote_state.base.outputs.storage_bucket} roles/storage.objectUser";
const itself = (part: string) =>
  `service_account \${google_service_account.${part}_identity.name} roles/iam.serviceAccountTokenCreator`;
const database = "project project roles/cloudsql.client";

test("the server reads its secrets, the files, the database, signs as itself, and calls the engine", () => {
  expect(grantsTo(account("server"))).toEqual(
    [
      ...EVERY_SECRET,
      files,
      itself("server"),
      database,
      "cloud_run_v2_service ${google_cloud_run_v2_service.engine.name} roles/run.invoker",
    ].sort(),
  );
});

test("the worker has the same, and does not call the engine", () => {
  expect(grantsTo(account("worker"))).toEqual([...EVERY_SECRET, files, itself("worker"), database].sort());
});

test("the engine reads where errors go, and nothing else", () => {
  expect(grantsTo(account("engine"))).toEqual([secret("sentry-dsn")]);
});

test("the migration reads the database's address, and nothing else", () => {
  expect(grantsTo(account("migrate"))).toEqual([database, secret("database-url")].sort());
});

test("who connects to Cloud SQL does so to the one instance", () => {
  for (const grant of Object.values(application.resources("google_project_iam_member")))
    if (grant["role"] === "roles/cloudsql.client")
      expect(grant["condition"].expression).toContain('"projects/orchestra-prod/instances/orchestra-db"');
});

test("a build reads no secret: it pushes images, deploys the four, uploads the frontend and empties the cache", () => {
  const pushes = grantsTo("${google_service_account.builds.member}");
  const deploys = grantsTo("serviceAccount:orchestra-builds@orchestra-prod.iam.gserviceaccount.com");
  expect(pushes).toEqual([
    "artifact_registry_repository ${google_artifact_registry_repository.registry.repository_id} roles/artifactregistry.writer",
    "project project roles/cloudbuild.workerPoolUser",
    "project project roles/logging.logWriter",
    "project project roles/run.viewer",
  ]);
  expect(deploys).toEqual(
    [
      ...["engine", "server"].map(
        (part) => `cloud_run_v2_service \${google_cloud_run_v2_service.${part}.name} roles/run.developer`,
      ),
      "cloud_run_v2_worker_pool ${google_cloud_run_v2_worker_pool.worker.name} roles/run.developer",
      "cloud_run_v2_job ${google_cloud_run_v2_job.migrate.name} roles/run.developer",
      ...["engine", "server", "worker", "migrate"].map(
        (part) =>
          `service_account \${google_service_account.${part}_identity.name} roles/iam.serviceAccountUser`,
      ),
      "storage_bucket ${google_storage_bucket.frontend.name} roles/storage.objectUser",
      "project project projects/orchestra-prod/roles/cdnCacheInvalidator",
    ].sort(),
  );
});
