import { RedisInstance } from "@cdktf/provider-google/lib/redis-instance";
import { CloudflareCdn } from "../../../../lib/cloudflare/cdn";
import { CloudArmorPolicy } from "../../../../lib/google/cloud-armor";
import type { BadStacks } from "../../../support/bad-stacks";

const cdn =
  (settings: Record<string, string>): BadStacks[string] =>
  ({ stack }) =>
    void new CloudflareCdn(stack, "cdn", {
      zoneId: "zone",
      plan: "free",
      cacheRules: [],
      sessionCookies: [],
      settings,
    });
const policy =
  (argument: string, value: string): BadStacks[string] =>
  (bad) => {
    new CloudArmorPolicy(bad.stack, "ingress", { projectId: bad.projectId, name: "shop" });
    bad.override("ingress/tls", argument, value);
  };

export default {
  "a database that takes passwords in plain text": (bad) => {
    bad.database();
    bad.override("sql/Resource", "settings.ip_configuration.ssl_mode", "ALLOW_UNENCRYPTED_AND_ENCRYPTED");
  },
  "a Redis that speaks in plain text": ({ stack, labels }) =>
    void new RedisInstance(stack, "cache", { name: "shop", memorySizeGb: 1, labels }),
  "a load balancer with TLS 1.0": policy("min_tls_version", "TLS_1_0"),
  "a load balancer with old ciphers": policy("profile", "COMPATIBLE"),
  "a load balancer without a TLS policy": (bad) =>
    bad.raw("google_compute_target_https_proxy", { name: "shop", url_map: "shop" }),
  "a CDN that takes any certificate of the origin": cdn({ ssl: "full" }),
  "a CDN with TLS 1.1": cdn({ min_tls_version: "1.1" }),
  "a CDN that answers without TLS": cdn({ always_use_https: "off" }),
} satisfies BadStacks;
