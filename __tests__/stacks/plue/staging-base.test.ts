import { synthesizeStack } from "../../support/program";
import { reviewable } from "../../support/snapshot";

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
