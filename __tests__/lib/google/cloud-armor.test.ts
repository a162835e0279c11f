import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { TerraformVariable } from "cdktf";
import {
  CloudArmorPolicy,
  type CloudArmorPolicyProps,
  type PathRateLimit,
} from "../../../lib/google/cloud-armor";
import type { Manifest } from "../../support/helm";
import { synthesize } from "../../support/synth";

function ingress(props: Partial<CloudArmorPolicyProps>, look?: (policy: CloudArmorPolicy) => void) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google");
    const policy = new CloudArmorPolicy(stack, "ingress", { projectId: "shop", name: "web", ...props });
    look?.(policy);
  });
}

describe("CloudArmorPolicy", () => {
  test("speaks TLS 1.2 and up, with modern ciphers", () => {
    expect(ingress({}).resource("google_compute_ssl_policy", "ingress_tls")).toEqual({
      project: "shop",
      name: "web",
      profile: "MODERN",
      min_tls_version: "TLS_1_2",
    });
  });

  test("takes requests from everybody unless ranges are given", () => {
    const stack = ingress({}, (policy) =>
      expect(() => policy.securityPolicyName).toThrow("there is no security policy"),
    );
    expect(stack.resources("google_compute_security_policy")).toEqual({});
  });

  test("refuses everybody but the given ranges, ten to a rule, however many Terraform finds there are", () => {
    const policy = synthesize((stack) => {
      new GoogleProvider(stack, "google");
      const { listValue } = new TerraformVariable(stack, "ranges", { type: "list(string)" });
      const props = { projectId: "shop", name: "web", allowedRanges: listValue };
      new CloudArmorPolicy(stack, "ingress", props);
    }).resource("google_compute_security_policy", "ingress");
    expect(policy).toMatchObject({ project: "shop", name: "web", type: "CLOUD_ARMOR" });
    const { rule, dynamic } = policy;
    expect(rule).toEqual([
      {
        action: "deny(403)",
        description: "Everybody else",
        priority: 2 ** 31 - 1,
        match: { versioned_expr: "SRC_IPS_V1", config: { src_ip_ranges: ["*"] } },
      },
    ]);
    expect(dynamic).toEqual({
      rule: {
        for_each: "${chunklist(var.ranges, 10)}",
        content: {
          action: "allow",
          description: "Ranges of the CDN",
          priority: "${1000000000 + rule.key}",
          match: { versioned_expr: "SRC_IPS_V1", config: { src_ip_ranges: "${rule.value}" } },
        },
      },
    });
  });

  describe("rate limits", () => {
    const limit = { description: "Clones", path: "/git/", requests: 600 };
    const limited = (paths: PathRateLimit[], clientAddressHeader = "CF-Connecting-IP") =>
      ingress({ allowedRanges: ["192.0.2.0/24"], rateLimits: { clientAddressHeader, paths } });
    const rulesOf = (stack: ReturnType<typeof limited>) =>
      stack.resource("google_compute_security_policy", "ingress").dynamic.rule;

    test("count by the CDN's word for the client, of its ranges alone, and act before these are let in", () => {
      const [clones, allowed] = rulesOf(limited([limit]));
      expect(clones.content).toMatchObject({
        action: "throttle",
        description: "Clones",
        rate_limit_options: {
          conform_action: "allow",
          exceed_action: "deny(429)",
          enforce_on_key: "HTTP_HEADER",
          enforce_on_key_name: "CF-Connecting-IP",
          rate_limit_threshold: { count: 600, interval_sec: 60 },
        },
      });
      const priority = ({ content }: Manifest) =>
        Number(/^\$\{(\d+) \+ rule\.key\}$/.exec(content.priority)?.[1]);
      expect(priority(clones) + 100).toBeLessThan(priority(allowed));
      expect(allowed.content.action).toBe("allow");
    });

    // Cloud Armor: "limit of 5 subexpressions" (https://github.com/firezone/firezone/pull/7293).
    test("have five conditions in an expression: the path, however it is written, and four ranges", () => {
      const [clones] = rulesOf(limited([limit]));
      expect(clones.for_each).toMatch(/^\$\{chunklist\(.*, 4\)\}$/);
      expect(clones.content.match.expr.expression).toBe(
        `request.path.lower().urlDecode().startsWith('/git/') && (\${join(" || ", formatlist("inIpRange(origin.ip, '%s')", rule.value))})`,
      );
    });

    test.each([[{ requests: 601 }], [{ seconds: 120 }], [{ path: "/hub/" }]])(
      "that change are other rules, as the provider loses a change of one: %j",
      (change) => {
        const [before] = rulesOf(limited([limit]));
        const [after] = rulesOf(limited([{ ...limit, ...change }]));
        expect(after.content.priority).not.toBe(before.content.priority);
        expect(rulesOf(limited([limit]))[0].content.priority).toBe(before.content.priority);
      },
    );
  });

  test("names what the charts attach to the load balancer", () => {
    const names: (string | undefined)[] = [];
    ingress({ allowedRanges: ["192.0.2.0/24"] }, ({ sslPolicyName, securityPolicyName }) =>
      names.push(sslPolicyName, securityPolicyName),
    );
    expect(names).toEqual([expect.stringContaining("TOKEN"), expect.stringContaining("TOKEN")]);
  });
});
