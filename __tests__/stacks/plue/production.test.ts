import { readFileSync } from "node:fs";
import { synthesizeStack } from "../../support/program";
import { reviewable } from "../../support/snapshot";

const stack = synthesizeStack("production");

test("production in whole", () => {
  expect(reviewable(stack)).toMatchSnapshot();
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
});

describe("monitoring", () => {
  test("every alert mails the platform team, and pages where it cannot wait until the morning", () => {
    for (const alert of Object.values(stack.resources("google_monitoring_alert_policy"))) {
      const pages = alert["severity"] === "CRITICAL";
      expect(alert["notification_channels"]).toEqual([
        "${google_monitoring_notification_channel.monitoring_channels_platform.name}",
        ...(pages
          ? ["${data.google_monitoring_notification_channel.monitoring_channels_pagerduty.name}"]
          : []),
      ]);
      expect(alert["documentation"].content).toMatch(/\/docs\/runbooks\/[a-z-]+\.md/);
    }
  });

  test("what wakes somebody is what cannot wait until the morning", () => {
    const alerts = Object.entries(stack.resources("google_monitoring_alert_policy"));
    const waking = alerts.filter(([, { severity }]) => severity === "CRITICAL").map(([id]) => id);
    expect(waking.map((id) => id.replace(/^monitoring_(alerts_|objectives_)?/, "")).sort()).toEqual([
      "availability_fast_burn_alert",
      "certificate_expiry",
      "database_connections",
      "database_disk",
      "database_grants",
      "high_error_rate",
      "latency_fast_burn_alert",
      "uptime_api_alert",
      "warm_pool_empty_runners",
    ]);
  });

  test("latency is of what is short by nature: streams and Git, which have a backend of their own, page nobody", () => {
    const { condition_threshold: condition } = stack.resource(
      "google_monitoring_alert_policy",
      "monitoring_alerts_high_latency",
    )["conditions"][0];
    expect(condition.filter).toContain(
      ' AND resource.labels.backend_target_name != monitoring.regex.full_match("gkegw[0-9]+-[a-z0-9]+-production-zig-api-streams-[0-9]+-[a-z0-9]+")',
    );
    const { request_based_sli: sli } = stack.resource(
      "google_monitoring_slo",
      "monitoring_objectives_latency",
    );
    expect(sli.distribution_cut.distribution_filter).toBe(condition.filter);
  });

  test("the API keeps a pool and backups by the names that the alerts look for", () => {
    const runners = readFileSync("helm/plue/templates/runner-deployment.yaml", "utf8");
    expect(runners).toMatch(/kind: Deployment\nmetadata:\n {2}name: runner-standby-pool$/m);
    expect(readFileSync("helm/plue/templates/repositories.yaml", "utf8")).toMatch(
      /containers:\n +- name: take$/m,
    );
  });

  test("connections are too many at 80 % of the 400 that 8 GB of memory allow", () => {
    const alert = stack.resource("google_monitoring_alert_policy", "monitoring_alerts_database_connections");
    expect(alert["conditions"][0].condition_threshold.threshold_value).toBe(320);
  });
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
