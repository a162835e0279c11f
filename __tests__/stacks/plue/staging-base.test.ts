import { readConfig } from "../../../stacks/plue/config";
import { projectOf, synthesizeProgram, synthesizeStack } from "../../support/program";
import { reviewable } from "../../support/snapshot";
import type { Synthesized } from "../../support/synth";

const stack = synthesizeStack("staging-base");

test("staging-base in whole", () => {
  expect(reviewable(stack)).toMatchSnapshot();
});

test("one record leads every engineer's host to the Gateway, and not through Cloudflare, which has no certificate for it", () => {
  expect(stack.resource("cloudflare_dns_record", "dns_engineers")).toMatchObject({
    name: "*.staging.plue.dev",
    type: "A",
    content: "${google_compute_global_address.network_ingress.address}",
    proxied: false,
    ttl: 1,
  });
  expect(
    stack.resource("google_certificate_manager_certificate", "certificate_wildcard_staging_plue_dev")[
      "managed"
    ].domains,
  ).toEqual(["*.staging.plue.dev"]);
});

test("engineers make their own databases", () => {
  expect(stack.resources("google_sql_database")).toEqual({});
});

test("people are told at 80 % of the 25 connections that db-f1-micro allows", () => {
  const alert = stack.resource("google_monitoring_alert_policy", "monitoring_alerts_database_connections");
  expect(alert["conditions"][0].condition_threshold.threshold_value).toBe(20);
});

test("the Gateway is watched where it answers by itself, and nobody is woken", () => {
  const check = stack.resource("google_monitoring_uptime_check_config", "monitoring_uptime_gateway");
  expect(check["monitored_resource"].labels.host).toBe("nobody.staging.plue.dev");
  expect(check["http_check"].accepted_response_status_codes).toEqual([{ status_value: 404 }]);
  for (const alert of Object.values(stack.resources("google_monitoring_alert_policy")))
    expect(alert["severity"]).toBe("WARNING");
});

describe("with a zone of its own, so that production's cookies do not travel", () => {
  const dnsZone = { domain: "plue-staging.dev", cloudflareZoneId: "1".repeat(32) };
  const config = readConfig("cdktf.json");
  const withDomain = (domain: string) => ({ ...config, staging: { ...config.staging, domain, dnsZone } });

  test.each([
    ["plue-staging.dev", "*.plue-staging.dev"],
    ["env.plue-staging.dev", "*.env.plue-staging.dev"],
  ])("below %s, record and certificate are in it, and the hosts", (domain, name) => {
    const stacks = synthesizeProgram({ config: withDomain(domain) });
    const base = stacks.get("staging-base") as Synthesized;
    const records = Object.values(base.resources("cloudflare_dns_record"));
    expect(records.map(({ zone_id }) => zone_id)).toEqual(records.map(() => dnsZone.cloudflareZoneId));
    expect(records).toContainEqual(expect.objectContaining({ name, proxied: false }));
    const [certificate] = Object.values(base.resources("google_certificate_manager_certificate"));
    expect(certificate?.["managed"].domains).toEqual([name]);
    const alice = stacks.get("staging-alice") as Synthesized;
    expect(alice.json["locals"].staging_release_values.route.host).toBe(`alice.${domain}`);
    const platform = stacks.get("staging-platform") as Synthesized;
    expect(platform.json["locals"].platform_release_values.deployers.domain).toBe(domain);
    const production = stacks.get("production") as Synthesized;
    expect(JSON.stringify(production.json)).not.toMatch(/plue-staging\.dev|1{32}/);
  });

  test("its id is a value of the installation, as the product's is", () => {
    const { installation } = projectOf({ config: withDomain("plue-staging.dev") });
    const ids = installation.filter(({ variable }) => variable === "cloudflare_zone_id");
    expect(ids.map(({ environment, value }) => [environment, value]).sort()).toEqual([
      ["production", config.cloudflareZoneId],
      ["staging", dnsZone.cloudflareZoneId],
    ]);
  });
});
