import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { TerraformVariable } from "cdktf";
import {
  type ArmorRateLimit,
  type ArmorRule,
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

  describe("rules", () => {
    const byRules = (rules: Record<string, ArmorRule>, props: Partial<CloudArmorPolicyProps> = {}) =>
      ingress({ rules, ...props });
    const policyOf = (...args: Parameters<typeof byRules>) =>
      byRules(...args).resource("google_compute_security_policy", "ingress");
    const ruleOf = (rule: ArmorRule, props?: Partial<CloudArmorPolicyProps>) =>
      policyOf({ it: rule }, props)["rule"][0];
    const flood = { priority: 2000, limit: { requests: 1000, key: "IP" } } as const;

    test("are in the order of their priorities, with what happens to the rest at the end", () => {
      const policy = policyOf({
        floods: flood,
        injection: { priority: 1000, inspect: "sqli", sensitivity: 1 },
        office: { priority: 1500, ranges: ["192.0.2.0/24"], action: "allow" },
      });
      expect(policy).toMatchObject({
        project: "shop",
        name: "web",
        type: "CLOUD_ARMOR",
        adaptive_protection_config: {
          layer_7_ddos_defense_config: { enable: true, rule_visibility: "STANDARD" },
        },
        advanced_options_config: { json_parsing: "STANDARD", log_level: "NORMAL" },
      });
      expect(policy["rule"].map(({ description }: Manifest) => description)).toEqual([
        "injection",
        "office",
        "floods",
        "Everything else",
      ]);
      expect(policy["rule"].at(-1)).toEqual({
        action: "allow",
        description: "Everything else",
        priority: 2 ** 31 - 1,
        match: { versioned_expr: "SRC_IPS_V1", config: { src_ip_ranges: ["*"] } },
      });
    });

    test("have no SSL policy beside them, unless a Gateway wants it", () => {
      expect(byRules({ floods: flood }).resources("google_compute_ssl_policy")).toEqual({});
      expect(
        Object.keys(byRules({ floods: flood }, { sslPolicy: true }).resources("google_compute_ssl_policy")),
      ).toEqual(["ingress_tls"]);
      ingress({ sslPolicy: false }, (policy) =>
        expect(() => policy.sslPolicyName).toThrow("there is no SSL policy"),
      );
    });

    test("that inspect take the current version, and only watch until told to refuse", () => {
      expect(ruleOf({ priority: 1000, inspect: "sqli", sensitivity: 1 })).toEqual({
        action: "deny(403)",
        priority: 1000,
        description: "it",
        preview: true,
        match: { expr: { expression: "evaluatePreconfiguredWaf('sqli-v422-stable', {'sensitivity': 1})" } },
      });
      const exclude = ["owasp-crs-v030301-id942110-sqli", "owasp-crs-v030301-id942120-sqli"];
      expect(
        ruleOf({
          priority: 7,
          description: "SQL",
          inspect: "sqli",
          version: "3.3",
          sensitivity: 3,
          exclude,
          action: "deny(502)",
          preview: false,
        }),
      ).toEqual({
        action: "deny(502)",
        priority: 7,
        description: "SQL",
        preview: false,
        match: {
          expr: {
            expression:
              "evaluatePreconfiguredWaf('sqli-v33-stable', {'sensitivity': 3, 'opt_out_rule_ids': ['owasp-crs-v030301-id942110-sqli', 'owasp-crs-v030301-id942120-sqli']})",
          },
        },
      });
    });

    test("that limit count by client, and let through what is not too much", () => {
      expect(ruleOf(flood)).toEqual({
        action: "throttle",
        priority: expect.any(Number),
        description: "it",
        preview: false,
        match: { versioned_expr: "SRC_IPS_V1", config: { src_ip_ranges: ["*"] } },
        rate_limit_options: {
          conform_action: "allow",
          exceed_action: "deny(429)",
          enforce_on_key: "IP",
          rate_limit_threshold: { count: 1000, interval_sec: 60 },
        },
      });
    });

    test("that ban refuse everything of a client for a time", () => {
      const rule = ruleOf({
        priority: 2000,
        expression: "request.path == '/login'",
        limit: {
          requests: 10,
          seconds: 30,
          key: "HTTP_HEADER",
          keyName: "X-Client",
          exceed: "deny(403)",
          ban: { seconds: 600, above: { requests: 100, seconds: 300 } },
        },
        preview: true,
      });
      expect(rule).toMatchObject({
        action: "rate_based_ban",
        preview: true,
        match: { expr: { expression: "request.path == '/login'" } },
        rate_limit_options: {
          exceed_action: "deny(403)",
          enforce_on_key: "HTTP_HEADER",
          enforce_on_key_name: "X-Client",
          rate_limit_threshold: { count: 10, interval_sec: 30 },
          ban_duration_sec: 600,
          ban_threshold: { count: 100, interval_sec: 300 },
        },
      });
    });

    test.each<Partial<ArmorRateLimit>>([
      { requests: 1001 },
      { seconds: 120 },
      { key: "XFF_IP" },
      { exceed: "deny(403)" },
      { ban: { seconds: 600 } },
    ])(
      "whose limit changes have another priority of their thousand, as the provider loses the change: %j",
      (change) => {
        const priority = (limit: ArmorRateLimit) => ruleOf({ ...flood, limit })["priority"];
        const before = priority(flood.limit);
        expect(before).toBeGreaterThanOrEqual(2000);
        expect(before).toBeLessThan(3000);
        expect(priority({ ...flood.limit, ...change })).not.toBe(before);
        expect(priority({ ...flood.limit })).toBe(before);
      },
    );

    test("of one's own allow or deny by address or expression", () => {
      expect(ruleOf({ priority: 1, ranges: ["192.0.2.0/24"], action: "allow" })).toMatchObject({
        action: "allow",
        preview: false,
        match: { versioned_expr: "SRC_IPS_V1", config: { src_ip_ranges: ["192.0.2.0/24"] } },
      });
      const expression = "origin.region_code == 'XX'";
      expect(ruleOf({ priority: 1, expression, action: "deny(404)", preview: true })).toMatchObject({
        action: "deny(404)",
        preview: true,
        match: { expr: { expression } },
      });
    });

    test("come with settings of the policy", () => {
      expect(
        policyOf(
          { floods: { ...flood, limit: { ...flood.limit, key: "USER_IP" } } },
          {
            defaultAction: "deny(403)",
            adaptiveProtection: false,
            jsonParsing: "STANDARD_WITH_GRAPHQL",
            logLevel: "VERBOSE",
            userIpHeaders: ["True-Client-IP"],
          },
        ),
      ).toEqual(
        expect.objectContaining({
          advanced_options_config: {
            json_parsing: "STANDARD_WITH_GRAPHQL",
            log_level: "VERBOSE",
            user_ip_request_headers: ["True-Client-IP"],
          },
          rule: [expect.anything(), expect.objectContaining({ action: "deny(403)" })],
        }),
      );
      expect(policyOf({ floods: flood }, { adaptiveProtection: false })).not.toHaveProperty(
        "adaptive_protection_config",
      );
    });

    test("at the edge make a policy that looks into no request", () => {
      let isEdge = false;
      const stack = ingress(
        { edge: true, rules: { embargo: { priority: 1, expression: "true", action: "deny(403)" } } },
        (policy) => {
          isEdge = policy.isEdge;
        },
      );
      const policy = stack.resource("google_compute_security_policy", "ingress");
      expect([isEdge, policy["type"]]).toEqual([true, "CLOUD_ARMOR_EDGE"]);
      expect(Object.keys(policy)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^adaptive_protection|^advanced_options/)]),
      );
    });

    test("behind one that only watches are reached, whatever that one matches", () => {
      const policy = policyOf({
        watch: { priority: 1, action: "deny(403)", preview: true },
        injection: { priority: 2, inspect: "sqli", sensitivity: 1 },
        stricter: { priority: 3, inspect: "sqli", sensitivity: 2, preview: false },
      });
      expect(policy["rule"]).toHaveLength(4);
    });
  });
});
