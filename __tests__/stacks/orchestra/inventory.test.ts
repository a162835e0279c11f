import { application, base, bootstrap, project } from "./synthesized";

/** A line for each cell of the table: what it says, what is declared, and what that has to be. */
type Line = readonly [cell: string, declared: unknown, value: unknown];

const server = application.resource("google_cloud_run_v2_service", "server");
const engine = application.resource("google_cloud_run_v2_service", "engine");
const worker = application.resource("google_cloud_run_v2_worker_pool", "worker");
const migrate = application.resource("google_cloud_run_v2_job", "migrate");
const sql = base.resource("google_sql_database_instance", "sql");
const redis = base.resource("google_redis_instance", "redis");
const storage = base.resource("google_storage_bucket", "storage");
const registry = base.resource("google_artifact_registry_repository", "registry");
const trigger = base.resource("google_cloudbuild_trigger", "build");
const pool = base.resource("google_cloudbuild_worker_pool", "pool");
const frontend = application.resource("google_storage_bucket", "frontend");
const urls = application.resource("google_compute_url_map", "edge");

const container = ({ template }: typeof server) => (template.template ?? template).containers[0];
const imageOf = (resource: typeof server) => {
  const [, id = ""] =
    /^\$\{data\.google_artifact_registry_docker_image\.(\w+)\.self_link\}$/.exec(container(resource).image) ??
    [];
  const { repository_id, image_name } = application.data("google_artifact_registry_docker_image", id);
  return `${repository_id}/${image_name}`;
};
const variables = (resource: typeof server) =>
  container(resource).env.flatMap(({ name, value }: { name: string; value?: string }) =>
    value === undefined ? [] : [[name, value]],
  );
const secrets = (resource: typeof server): string[] =>
  container(resource).env.flatMap((each: typeof server) => {
    const ref = each["value_source"]?.secret_key_ref;
    return ref ? [`${each["name"]} ${ref.secret} ${ref.version}`] : [];
  });
const invokers = (id: string) => application.resource("google_cloud_run_v2_service_iam_member", id);
const paths = (host: string) => {
  const { path_matcher: matcher } = urls["host_rule"].find((rule: typeof urls) => rule["hosts"][0] === host);
  const { path_rule: rules } = urls["path_matcher"].find((each: typeof urls) => each["name"] === matcher);
  return Object.fromEntries(
    rules.flatMap((rule: typeof urls) => rule["paths"].map((path: string) => [path, rule["service"]])),
  );
};
const toServer = "${google_compute_backend_service.edge_backend_server.id}";
const toFrontend = "${google_compute_backend_bucket.edge_backend_frontend.id}";
const step = (id: string) => trigger["build"].step.find((each: typeof trigger) => each["id"] === id);

const all = [
  "ANTHROPIC_API_KEY anthropic-api-key 1",
  "DATABASE_URL database-url 1",
  "JWT_SECRET jwt-secret 1",
  "OPENAI_API_KEY openai-api-key 1",
  "POSTHOG_API_KEY posthog-api-key 1",
  "REDIS_URL redis-url 1",
  "SENTRY_DSN sentry-dsn 1",
  "STRIPE_SECRET_KEY stripe-secret-key 1",
  "STRIPE_WEBHOOK_SECRET stripe-webhook-secret 1",
];

const TABLE: Readonly<Record<string, readonly Line[]>> = {
  "one environment": [
    ["project orchestra-prod", project.config.production.projectId, "orchestra-prod"],
    ["us-central1", project.config.production.region, "us-central1"],
    [
      "state in a bucket of its own",
      bootstrap.resource("google_storage_bucket", "state")["name"],
      "orchestra-prod-terraform-state",
    ],
  ],
  "Cloud Run orchestra-server": [
    ["name", server["name"], "orchestra-server"],
    ["image orchestra/server by digest", imageOf(server), "orchestra/server:production"],
    ["port 3000", container(server).ports.container_port, 3000],
    ["from 1 instance", server["scaling"].min_instance_count, 1],
    ["to 10 instances", server["template"].scaling.max_instance_count, 10],
    ["512Mi, 1 CPU", container(server).resources.limits, { cpu: "1", memory: "512Mi" }],
    ["concurrency 250", server["template"].max_instance_request_concurrency, 250],
    ["timeout 300 s", server["template"].timeout, "300s"],
    ["startup probe /health:3000", container(server).startup_probe.http_get, { path: "/health", port: 3000 }],
    ["delay 5", container(server).startup_probe.initial_delay_seconds, 5],
    ["period 5", container(server).startup_probe.period_seconds, 5],
    [
      "Cloud SQL orchestra-db",
      server["template"].volumes[0].cloud_sql_instance.instances,
      ["${data.terraform_remote_state.base.outputs.sql_connection_name}"],
    ],
    ["secrets by pinned version", secrets(server), all],
    ["public behind the load balancer only", server["ingress"], "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"],
    ["calls the engine from the network", server["template"].vpc_access.egress, "ALL_TRAFFIC"],
  ],
  "Cloud Run orchestra-engine": [
    ["name", engine["name"], "orchestra-engine"],
    ["image orchestra/engine", imageOf(engine), "orchestra/engine:production"],
    ["gRPC 50051, port name h2c", container(engine).ports, { container_port: 50_051, name: "h2c" }],
    ["internal", engine["ingress"], "INGRESS_TRAFFIC_INTERNAL_ONLY"],
    [
      "invoker is the server's account",
      invokers("engine_invoker_server")["member"],
      "${google_service_account.server_identity.member}",
    ],
    ["a probe", container(engine).startup_probe.tcp_socket, { port: 50_051 }],
    ["secrets", secrets(engine), ["SENTRY_DSN sentry-dsn 1"]],
    [
      "1 to 5 instances",
      [engine["scaling"].min_instance_count, engine["template"].scaling.max_instance_count],
      [1, 5],
    ],
  ],
  "worker (asynq)": [
    ["a worker pool", worker["name"], "orchestra-worker"],
    ["of one instance", worker["scaling"].manual_instance_count, 1],
    ["server image", imageOf(worker), "orchestra/server:production"],
    ["started as worker", [container(worker).command, container(worker).args], [["./server"], ["worker"]]],
    ["secrets", secrets(worker), all],
  ],
  "migration job": [
    ["name", migrate["name"], "orchestra-migrate"],
    ["server image", imageOf(migrate), "orchestra/server:production"],
    ["./server migrate", [container(migrate).command, container(migrate).args], [["./server"], ["migrate"]]],
    ["database address as a secret", secrets(migrate), ["DATABASE_URL database-url 1"]],
    ["once", migrate["template"].template.max_retries, 0],
  ],
  edge: [
    [
      "certificate for api.orchestra.dev",
      application.resource("google_certificate_manager_certificate", "certificate_api_orchestra_dev")[
        "managed"
      ].domains,
      ["api.orchestra.dev"],
    ],
    [
      "80 to 443",
      application.resource("google_compute_url_map", "edge_redirect")["default_url_redirect"].https_redirect,
      true,
    ],
    [
      "/api/, /ws, /health to the server",
      paths("api.orchestra.dev"),
      { "/api/*": toServer, "/ws": toServer, "/health": toServer },
    ],
    [
      "/dashboard from the bucket",
      [paths("app.orchestra.dev")["/dashboard"], paths("app.orchestra.dev")["/dashboard/*"]],
      [toFrontend, toFrontend],
    ],
    ["bucket orchestra-frontend", frontend["name"], "orchestra-frontend"],
    [
      "with Cloud CDN",
      application.resource("google_compute_backend_bucket", "edge_backend_frontend")["enable_cdn"],
      true,
    ],
    [
      "invalidate /* after a deploy",
      step("deploy-frontend").script,
      expect.stringMatching(/invalidate-cdn-cache orchestra-edge .*--path='\/\*'/),
    ],
  ],
  data: [
    ["Cloud SQL orchestra-db", sql["name"], "orchestra-db"],
    ["PostgreSQL 16", sql["database_version"], "POSTGRES_16"],
    ["no public address", sql["settings"].ip_configuration.ipv4_enabled, false],
    [
      "database orchestra",
      base.resource("google_sql_database", "sql_databases_orchestra")["name"],
      "orchestra",
    ],
    ["Redis 7", redis["redis_version"], "REDIS_7_2"],
    ["1 GB", redis["memory_size_gb"], 1],
    [
      "private bucket orchestra-storage",
      [storage["name"], storage["public_access_prevention"]],
      ["orchestra-storage", "enforced"],
    ],
    [
      "signed URLs: token creator on itself",
      application.resource(
        "google_service_account_iam_member",
        "server_identity_itself_iam_service_account_token_creator",
      )["member"],
      "${google_service_account.server_identity.member}",
    ],
    ["CORS", storage["cors"][0].origin, ["https://app.orchestra.dev"]],
  ],
  secrets: [
    [
      "nine, and the database's password",
      Object.values(base.resources("google_secret_manager_secret"))
        .map(({ secret_id }) => secret_id)
        .sort(),
      [...all.map((line) => line.split(" ")[1]), "orchestra-db-password"].sort(),
    ],
  ],
  "Artifact Registry": [
    ["orchestra", registry["repository_id"], "orchestra"],
    [
      "server, engine with git-SHA tags",
      trigger["build"].images,
      [
        "$${_REGION}-docker.pkg.dev/$PROJECT_ID/orchestra/server:$SHORT_SHA",
        "$${_REGION}-docker.pkg.dev/$PROJECT_ID/orchestra/engine:$SHORT_SHA",
      ],
    ],
  ],
  "Cloud Build": [
    ["trigger", trigger["name"], "orchestra-main"],
    ["E2_HIGHCPU_8, in a private pool", pool["worker_config"].machine_type, "e2-highcpu-8"],
    ["CLOUD_LOGGING_ONLY", trigger["build"].options.logging, "CLOUD_LOGGING_ONLY"],
    [
      "_REGION, _FRONTEND_BUCKET",
      trigger["substitutions"],
      expect.objectContaining({ _REGION: "us-central1", _FRONTEND_BUCKET: "orchestra-frontend" }),
    ],
    [
      "steps",
      trigger["build"].step.map(({ id }: { id: string }) => id),
      [
        "test-server",
        "test-engine",
        "test-frontend",
        "lint",
        "image-server",
        "image-engine",
        "frontend",
        "push-server",
        "push-engine",
        "migrate",
        "deploy",
        "deploy-frontend",
      ],
    ],
    [
      "Sentry's release is the commit",
      ["image-server", "image-engine"].map((id) => step(id).args.slice(1, 3)),
      Array(2).fill(["--build-arg", "APP_VERSION=$SHORT_SHA"]),
    ],
    [
      "go test -race",
      step("test-server").args,
      ["test", "./...", "-v", "-race", "-coverprofile=coverage.out"],
    ],
    ["cargo test --release", step("test-engine").script, expect.stringContaining("cargo test --release")],
    ["pnpm test", step("test-frontend").script, expect.stringContaining("pnpm test")],
    [
      "golangci-lint",
      [step("lint").entrypoint, ...step("lint").args],
      ["golangci-lint", "run", "--timeout", "5m"],
    ],
    [
      "migrates by the job",
      step("migrate").env,
      expect.arrayContaining(["TARGETS=jobs/orchestra-migrate=server"]),
    ],
    [
      "deploys server and engine",
      step("deploy").env,
      expect.arrayContaining([
        "TARGETS=services/orchestra-engine=engine services/orchestra-server=server workerPools/orchestra-worker=server",
      ]),
    ],
  ],
};

describe.each(Object.entries(TABLE))("%s", (_, lines) => {
  test.each(lines)("%s", (_cell, declared, value) => expect(declared).toEqual(value));
});

test("the server's environment is the document's", () => {
  expect(Object.fromEntries(variables(server))).toEqual({
    APP_ENV: "production",
    APP_PORT: "3000",
    APP_URL: "https://app.orchestra.dev",
    ENGINE_URL: "${google_cloud_run_v2_service.engine.uri}",
    GCP_PROJECT: "orchestra-prod",
    GCP_REGION: "us-central1",
    GCS_BUCKET:
      "gs://${data.terraform_remote_state.base.outputs.storage_bucket}?access_id=${google_service_account.server_identity.email}",
    JWT_EXPIRY: "24h",
    REDIS_CA: "${data.terraform_remote_state.base.outputs.redis_ca}",
  });
});
