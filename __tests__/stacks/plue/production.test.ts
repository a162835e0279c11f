import { countResources, inventory } from "../../support/inventory";
import { synthesizeStack } from "../../support/program";
import { reviewable } from "../../support/snapshot";

const stack = synthesizeStack("production");

test("production in whole", () => {
  expect(reviewable(stack)).toMatchSnapshot();
});

test("what is in it", () => {
  expect(countResources(stack)).toBe(113);
  expect(inventory(stack)).toEqual({
    cloudflare_dns_record: ["certificate_plue_dev_record", "plue.dev", "api.plue.dev", "www.plue.dev"],
    cloudflare_ruleset: ["default", "default", "default"],
    cloudflare_zone_setting: [
      "always_use_https",
      "automatic_https_rewrites",
      "http3",
      "min_tls_version",
      "security_header",
      "ssl",
      "tls_1_3",
      "websockets",
    ],
    google_artifact_registry_repository: ["plue"],
    google_artifact_registry_repository_iam_member: [
      "roles/artifactregistry.reader to serviceAccount:google_service_account.cluster_node_account.email",
    ],
    google_billing_budget: ["production"],
    google_binary_authorization_policy: ["images"],
    google_certificate_manager_certificate: ["plue-prod-plue-dev", "plue-prod-wildcard-plue-dev"],
    google_certificate_manager_certificate_map: ["plue-prod"],
    google_certificate_manager_certificate_map_entry: ["plue-prod-plue-dev", "plue-prod-wildcard-plue-dev"],
    google_certificate_manager_dns_authorization: ["plue-prod-plue-dev"],
    google_compute_firewall: ["plue-prod-vpc-default-deny-ingress"],
    google_compute_global_address: ["plue-prod-ingress", "plue-prod-vpc-private-services"],
    google_compute_network: ["plue-prod-vpc"],
    google_compute_router: ["plue-prod-vpc-router"],
    google_compute_router_nat: ["plue-prod-vpc-nat"],
    google_compute_security_policy: ["plue-prod"],
    google_compute_ssl_policy: ["plue-prod"],
    google_compute_subnetwork: ["plue-prod-subnet"],
    google_container_cluster: ["plue-prod"],
    google_container_node_pool: ["default-pool", "sandbox-pool"],
    google_kms_crypto_key: ["cluster", "registry", "secrets", "sql"],
    google_kms_crypto_key_iam_member: ["container", "artifactregistry", "secretmanager", "sqladmin"].map(
      (agent) =>
        `roles/cloudkms.cryptoKeyEncrypterDecrypter to google_project_service_identity.keys_agents_${agent}.member`,
    ),
    google_kms_key_ring: ["plue-prod"],
    google_logging_project_sink: ["audit-archive"],
    google_monitoring_alert_policy: [
      "Database connections run out",
      "plue-prod: the databases' rights are not as they should be",
      "High Error Rate",
      "High Latency",
      "plue-prod: a secret is due for rotation",
      "API Health",
    ],
    google_monitoring_notification_channel: ["platform@plue.dev"],
    google_monitoring_uptime_check_config: ["API Health"],
    google_project_iam_audit_config: [
      "artifactregistry.googleapis.com",
      "cloudkms.googleapis.com",
      "cloudsql.googleapis.com",
      "container.googleapis.com",
      "iam.googleapis.com",
      "secretmanager.googleapis.com",
      "storage.googleapis.com",
      "sts.googleapis.com",
    ],
    google_project_iam_member: [
      "roles/cloudsql.client to google_service_account.application.member",
      "roles/cloudsql.instanceUser to google_service_account.application.member",
      "roles/container.defaultNodeServiceAccount to google_service_account.cluster_node_account.member",
      "roles/cloudsql.client to google_service_account.database_grants.member",
    ],
    google_project_service: [
      "artifactregistry.googleapis.com",
      "billingbudgets.googleapis.com",
      "binaryauthorization.googleapis.com",
      "certificatemanager.googleapis.com",
      "cloudkms.googleapis.com",
      "cloudresourcemanager.googleapis.com",
      "compute.googleapis.com",
      "container.googleapis.com",
      "file.googleapis.com",
      "iam.googleapis.com",
      "iamcredentials.googleapis.com",
      "logging.googleapis.com",
      "monitoring.googleapis.com",
      "pubsub.googleapis.com",
      "secretmanager.googleapis.com",
      "servicenetworking.googleapis.com",
      "sqladmin.googleapis.com",
      "storage.googleapis.com",
    ],
    google_project_service_identity: [
      "artifactregistry.googleapis.com",
      "container.googleapis.com",
      "secretmanager.googleapis.com",
      "sqladmin.googleapis.com",
      "secretmanager.googleapis.com",
    ],
    google_pubsub_subscription: ["plue-prod-secret-rotation"],
    google_pubsub_topic: ["plue-prod-secret-rotation"],
    google_pubsub_topic_iam_member: [
      "roles/pubsub.publisher to google_project_service_identity.secrets_rotation_reminders_agent.member",
    ],
    google_secret_manager_secret: [
      "anthropic-api-key",
      "cloudflare-api-token",
      "github-app-private-key",
      "plue-prod-db-password",
    ],
    google_secret_manager_secret_iam_member: [
      "roles/secretmanager.secretAccessor to google_service_account.application.member",
      "roles/secretmanager.secretAccessor to google_service_account.application.member",
      "roles/secretmanager.secretAccessor to google_service_account.database_grants.member",
    ],
    google_secret_manager_secret_version: ["sql_admin_secret_version"],
    google_service_account: ["plue-production", "plue-prod-nodes", "database-grants"],
    google_service_account_iam_member: [
      "roles/iam.workloadIdentityUser to serviceAccount:google_container_cluster.cluster.workload_identity_config[0].workload_pool[production/zig-api]",
      "roles/iam.workloadIdentityUser to serviceAccount:google_container_cluster.cluster.workload_identity_config[0].workload_pool[database-grants/database-grants]",
    ],
    google_service_networking_connection: ["servicenetworking.googleapis.com"],
    google_sql_database: ["plue"],
    google_sql_database_instance: ["plue-prod"],
    google_sql_user: ["plue-production@plue-prod.iam", "plue"],
    google_storage_bucket: ["plue-prod-audit-logs"],
    google_storage_bucket_iam_member: [
      "roles/storage.objectCreator to google_logging_project_sink.audit_archive.writer_identity",
    ],
    "data.cloudflare_ip_ranges": ["cdn_address_ranges"],
    "data.google_monitoring_notification_channel": ["Plue on-call (PagerDuty)"],
    "data.google_project": ["budget_project"],
    "ephemeral.random_password": ["sql_admin_password"],
  });
});

describe("the edge", () => {
  const cache: { ref: string; expression: string; action_parameters: { cache: boolean } }[] = stack.resource(
    "cloudflare_ruleset",
    "cdn_cache",
  )["rules"];

  test("api, www and apex lead to the Gateway through Cloudflare", () => {
    const records = Object.values(stack.resources("cloudflare_dns_record"))
      .filter(({ proxied }) => proxied)
      .map(({ name, type, content }) => [name, type, content]);
    const gateway = "${google_compute_global_address.network_ingress.address}";
    expect(records).toEqual([
      ["plue.dev", "A", gateway],
      ["api.plue.dev", "A", gateway],
      ["www.plue.dev", "CNAME", "plue.dev"],
    ]);
  });

  test("the Gateway takes requests from Cloudflare's ranges alone, so that nobody gets around its rules", () => {
    const policy = stack.resource("google_compute_security_policy", "ingress");
    // Rules that limit let requests in as well: of no other ranges either.
    for (const { for_each } of policy["dynamic"].rule)
      expect(for_each).toMatch(
        /^\$\{chunklist\(data\.cloudflare_ip_ranges\.cdn_address_ranges\.ipv4_cidrs, \d+\)\}$/,
      );
    expect(policy["rule"]).toMatchObject([{ action: "deny(403)", priority: 2 ** 31 - 1 }]);
    expect(stack.outputs["security_policy_name"]).toMatchObject({
      value: "${google_compute_security_policy.ingress.name}",
    });
  });

  test("the Gateway's certificates cover all three", () => {
    const certificates = Object.values(stack.resources("google_certificate_manager_certificate"));
    expect(certificates.flatMap(({ managed }) => managed.domains)).toEqual(["plue.dev", "*.plue.dev"]);
  });

  test("HTTPS always, TLS 1.2 and up, strict towards the Gateway", () => {
    const settings = Object.values(stack.resources("cloudflare_zone_setting"));
    expect(Object.fromEntries(settings.map(({ setting_id, value }) => [setting_id, value]))).toMatchObject({
      ssl: "strict",
      min_tls_version: "1.2",
      tls_1_3: "on",
      always_use_https: "on",
    });
  });

  test("the last cache rule that fits wins: nothing is cached, but assets, Git objects and refs, but no request with credentials", () => {
    expect(cache.map(({ ref, action_parameters: { cache } }) => [ref, cache])).toEqual([
      ["bypass-everything", false],
      ["static-assets", true],
      ["git-objects", true],
      ["git-refs", true],
      ["bypass-credentials", false],
    ]);
    const expressions = Object.fromEntries(cache.map(({ ref, expression }) => [ref, expression]));
    expect(expressions["bypass-everything"]).toBe("true");
    expect(expressions["static-assets"]).toContain('"/_astro/"');
    expect(expressions["git-objects"]).toMatch(/\/tree\/.*\/blob\//);
    expect(expressions["git-refs"]).toContain("/refs/");
    expect(expressions["bypass-credentials"]).toMatch(/http\.cookie contains "session=".*"authorization"/);
  });

  test("what is cached is cached for as long as the origin says, 5 seconds for refs", () => {
    for (const { ref, action_parameters } of cache.slice(1, -1))
      expect([ref, action_parameters]).toEqual([
        ref,
        {
          cache: true,
          edge_ttl: { mode: "bypass_by_default" },
          browser_ttl: { mode: "respect_origin" },
        },
      ]);
  });

  test("floods and guessing are limited, and managed rules are on", () => {
    const limits: { ref: string; ratelimit: object }[] = stack.resource(
      "cloudflare_ruleset",
      "cdn_rate_limits",
    )["rules"];
    expect(limits.map(({ ref, ratelimit }) => [ref, ratelimit])).toMatchObject([
      ["sign-in", { requests_per_period: 20, period: 60, mitigation_timeout: 600 }],
      ["api", { requests_per_period: 1000, period: 60, mitigation_timeout: 600 }],
    ]);
    const managed: { ref: string; enabled: boolean }[] = stack.resource(
      "cloudflare_ruleset",
      "cdn_managed_rules",
    )["rules"];
    expect(managed.map(({ ref, enabled }) => [ref, enabled])).toEqual([
      ["except", true],
      ["cloudflare", true],
    ]);
  });
});

describe("monitoring", () => {
  test("the API's health is checked from outside every minute", () => {
    expect(stack.resource("google_monitoring_uptime_check_config", "monitoring_uptime_api")).toMatchObject({
      display_name: "API Health",
      timeout: "10s",
      period: "60s",
      http_check: { path: "/health", port: 443, use_ssl: true, validate_ssl: true },
      monitored_resource: { type: "uptime_url", labels: { host: "api.plue.dev" } },
    });
  });

  test("every alert mails the platform team, and pages where it cannot wait until the morning", () => {
    for (const alert of Object.values(stack.resources("google_monitoring_alert_policy"))) {
      const pages = alert["display_name"] !== "plue-prod: a secret is due for rotation";
      expect(alert["notification_channels"]).toEqual([
        "${google_monitoring_notification_channel.monitoring_channels_platform.name}",
        ...(pages
          ? ["${data.google_monitoring_notification_channel.monitoring_channels_pagerduty.name}"]
          : []),
      ]);
      expect(alert["documentation"].content).toMatch(/\/docs\/runbooks\/[a-z-]+\.md/);
    }
  });

  test("latency is of what is short by nature: streams and Git, which have a backend of their own, page nobody", () => {
    const { condition_threshold: condition } = stack.resource(
      "google_monitoring_alert_policy",
      "monitoring_alerts_high_latency",
    )["conditions"][0];
    expect(condition.filter).toContain(
      ' AND resource.labels.backend_target_name != monitoring.regex.full_match("gkegw[0-9]+-[a-z0-9]+-production-zig-api-streams-[0-9]+-[a-z0-9]+")',
    );
  });

  test("the error rate is a ratio, of which 5 % is too much", () => {
    const { condition_threshold: condition } = stack.resource(
      "google_monitoring_alert_policy",
      "monitoring_alerts_high_error_rate",
    )["conditions"][0];
    expect(condition).toMatchObject({
      comparison: "COMPARISON_GT",
      threshold_value: 0.05,
      duration: "300s",
      denominator_filter: expect.stringContaining("request_count"),
    });
  });

  test("connections are too many at 80 % of the 400 that 8 GB of memory allow", () => {
    const alert = stack.resource("google_monitoring_alert_policy", "monitoring_alerts_database_connections");
    expect(alert["conditions"][0].condition_threshold.threshold_value).toBe(320);
  });
});

test("cluster state, database, images and shared secrets are encrypted with keys of our own", () => {
  expect(stack.resource("google_container_cluster", "cluster")["database_encryption"]).toEqual({
    state: "ENCRYPTED",
    key_name: "${google_kms_crypto_key.keys_cluster.id}",
  });
  expect(stack.resource("google_sql_database_instance", "sql")["encryption_key_name"]).toBe(
    "${google_kms_crypto_key.keys_sql.id}",
  );
  expect(stack.resource("google_artifact_registry_repository", "registry")["kms_key_name"]).toBe(
    "${google_kms_crypto_key.keys_registry.id}",
  );
});

test("the pods log in to their database by IAM, and read their own secrets alone", () => {
  expect(stack.resource("google_sql_user", "application_database_user")).toMatchObject({
    name: "plue-production@plue-prod.iam",
    type: "CLOUD_IAM_SERVICE_ACCOUNT",
  });
  const readable = Object.values(stack.resources("google_secret_manager_secret_iam_member")).filter(
    ({ member }) => member === "${google_service_account.application.member}",
  );
  expect(readable.map(({ secret_id }) => secret_id)).toEqual([
    "${google_secret_manager_secret.secrets_anthropic_api_key.secret_id}",
    "${google_secret_manager_secret.secrets_github_app_private_key.secret_id}",
  ]);
});

test("outputs what all GCP stacks do, and the application's identity and database", () => {
  expect(stack.outputs).toMatchObject({
    application_database: { value: "${google_sql_database.sql_databases_plue.name}" },
    application_database_user: { value: "${google_sql_user.application_database_user.name}" },
    application_service_account: { value: "${google_service_account.application.email}" },
  });
  expect(Object.keys(stack.outputs)).toHaveLength(26);
});
