import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import { CloudflareCdn, type CloudflareCdnProps } from "../../../lib/cloudflare/cdn";
import type { CloudflarePlan } from "../../../lib/cloudflare/cdn/plan";
import type { CacheRule, RateLimit } from "../../../lib/cloudflare/cdn/rules";
import type { Stack } from "../../../lib/core/stack";
import { synthesize } from "../../support/synth";

const MINIMAL: CloudflareCdnProps = {
  zoneId: "zone-id",
  plan: "pro",
  cacheRules: [],
  sessionCookies: ["session"],
};

/** A code host's edge on plan pro: what is addressed by commit is cached as the origin says, refs as well. */
const CODE_HOST: CloudflareCdnProps = {
  zoneId: "zone-id",
  plan: "pro",
  sessionCookies: ["session"],
  cacheRules: [
    {
      ref: "static-assets",
      description: "Built assets, whose names hold a hash",
      expression: 'starts_with(http.request.uri.path, "/_astro/")',
      cache: "respect-origin",
    },
    {
      ref: "git-objects",
      description: "Trees and blobs by commit never change",
      expression:
        '(http.request.uri.path wildcard "/api/*/*/tree/*") or (http.request.uri.path wildcard "/api/*/*/blob/*")',
      cache: "respect-origin",
    },
    {
      ref: "git-refs",
      description: "Refs move: the origin allows 5 seconds",
      expression: 'http.request.uri.path wildcard "/api/*/*/refs/*"',
      cache: "respect-origin",
    },
  ],
  rateLimits: [
    {
      ref: "sign-in",
      description: "Guessing of credentials",
      expression: '(http.host eq "api.example.com" and starts_with(http.request.uri.path, "/api/auth/"))',
      requests: 20,
      period: 60,
      blockFor: 600,
    },
    {
      ref: "api",
      description: "Floods from one address",
      expression: 'http.host eq "api.example.com"',
      requests: 1000,
      period: 60,
      blockFor: 600,
    },
  ],
};

function cdn(props: Partial<CloudflareCdnProps> = {}, look?: (cdn: CloudflareCdn, stack: Stack) => void) {
  return synthesize((stack) => {
    new CloudflareProvider(stack, "cloudflare");
    const made = new CloudflareCdn(stack, "cdn", { ...MINIMAL, ...props });
    look?.(made, stack);
  });
}

const cacheRule = (rule: Partial<CacheRule> = {}): CacheRule => ({
  ref: "assets",
  description: "Assets",
  expression: 'starts_with(http.request.uri.path, "/assets/")',
  cache: "respect-origin",
  ...rule,
});
const rateLimit = (rule: Partial<RateLimit> = {}): RateLimit => ({
  ref: "api",
  description: "API",
  expression: "true",
  requests: 100,
  period: 10,
  blockFor: 10,
  ...rule,
});

const rejected = (props: Partial<CloudflareCdnProps>) => expect(() => cdn(props));

describe("CloudflareCdn settings", () => {
  test("are strict TLS and HTTPS unless the props say otherwise", () => {
    const settings = cdn().resources("cloudflare_zone_setting");
    const values = Object.values(settings).map(({ setting_id, value }) => [setting_id, value]);
    expect(Object.fromEntries(values)).toEqual({
      ssl: "strict",
      min_tls_version: "1.2",
      tls_1_3: "on",
      always_use_https: "on",
      automatic_https_rewrites: "on",
      http3: "on",
      websockets: "on",
      security_header: {
        strict_transport_security: {
          enabled: true,
          max_age: 2592000,
          include_subdomains: false,
          preload: false,
          nosniff: true,
        },
      },
    });
    expect(settings["cdn_ssl"]).toMatchObject({ zone_id: "zone-id" });
  });

  test("take texts, numbers and objects, and leave alone what is undefined", () => {
    const stack = cdn({ settings: { min_tls_version: "1.3", browser_cache_ttl: 0, websockets: undefined } });
    const settings = stack.resources("cloudflare_zone_setting");
    expect(settings["cdn_min_tls_version"]).toMatchObject({ value: "1.3" });
    expect(settings["cdn_browser_cache_ttl"]).toMatchObject({ value: 0 });
    expect(settings).not.toHaveProperty("cdn_websockets");
  });
});

describe("CloudflareCdn cache", () => {
  const rules = (props?: Partial<CloudflareCdnProps>) =>
    cdn(props).resource("cloudflare_ruleset", "cdn_cache")["rules"];

  test("is one ruleset of the zone's cache phase", () => {
    expect(cdn().resource("cloudflare_ruleset", "cdn_cache")).toMatchObject({
      zone_id: "zone-id",
      kind: "zone",
      phase: "http_request_cache_settings",
      name: "default",
    });
  });

  test("starts with a bypass of everything and ends with one of credentials: the last match wins", () => {
    const all = rules(CODE_HOST);
    expect(all.map(({ ref }: { ref: string }) => ref)).toEqual([
      "bypass-everything",
      "static-assets",
      "git-objects",
      "git-refs",
      "bypass-credentials",
    ]);
    expect(all[0]).toEqual({
      ref: "bypass-everything",
      description: "Nothing is cached unless a rule below says so",
      expression: "true",
      enabled: true,
      action: "set_cache_settings",
      action_parameters: { cache: false },
    });
    expect(all[4]).toMatchObject({ enabled: true, action_parameters: { cache: false } });
  });

  test("credentials are session cookies and the Authorization header in any spelling", () => {
    const [, last] = rules({ sessionCookies: ["session", "__Host-sid"] });
    expect(last.expression).toBe(
      '(http.cookie contains "session=") or (http.cookie contains "__Host-sid=") or (any(len(http.request.headers["authorization"][*])[*] gt 0)) or (http.request.headers.truncated)',
    );
  });

  test("respect-origin caches what has Cache-Control and nothing else, and browsers are told the same", () => {
    const [, refs] = rules({ cacheRules: [cacheRule({ cache: "respect-origin" })] });
    expect(refs).toMatchObject({
      ref: "assets",
      description: "Assets",
      expression: 'starts_with(http.request.uri.path, "/assets/")',
      action: "set_cache_settings",
      action_parameters: {
        cache: true,
        edge_ttl: { mode: "bypass_by_default" },
        browser_ttl: { mode: "respect_origin" },
      },
    });
  });

  test("a rule may set a time of its own, or bypass", () => {
    const [, timed, bypassed] = rules({
      cacheRules: [cacheRule({ cache: { edgeTtl: 7200 } }), cacheRule({ ref: "not", cache: "bypass" })],
    });
    expect(timed.action_parameters).toEqual({
      cache: true,
      edge_ttl: { mode: "override_origin", default: 7200 },
      browser_ttl: { mode: "respect_origin" },
    });
    expect(bypassed.action_parameters).toEqual({ cache: false });
  });

  test("a time that the plan allows is taken, and as many rules as it has room for", () => {
    const short = [cacheRule({ cache: { edgeTtl: 5 } })];
    expect(() => cdn({ plan: "business", cacheRules: short })).not.toThrow();
    const many = Array.from({ length: 23 }, (_, i) => cacheRule({ ref: `rule-${i}` }));
    expect(() => cdn({ cacheRules: many })).not.toThrow();
  });
});

describe("CloudflareCdn rate limits", () => {
  test("count per location and address, and block", () => {
    const ruleset = cdn(CODE_HOST).resource("cloudflare_ruleset", "cdn_rate_limits");
    expect(ruleset).toMatchObject({ kind: "zone", phase: "http_ratelimit", zone_id: "zone-id" });
    expect(ruleset["rules"]).toHaveLength(2);
    expect(ruleset["rules"][0]).toEqual({
      ref: "sign-in",
      description: "Guessing of credentials",
      expression: '(http.host eq "api.example.com" and starts_with(http.request.uri.path, "/api/auth/"))',
      enabled: true,
      action: "block",
      ratelimit: {
        characteristics: ["cf.colo.id", "ip.src"],
        period: 60,
        requests_per_period: 20,
        mitigation_timeout: 600,
      },
    });
  });

  test("a challenge has no time of its own, and enterprise zones count by what they like", () => {
    const challenge = rateLimit({
      action: "managed_challenge",
      blockFor: undefined,
      countBy: ["http.host", "ip.src"],
    });
    const [rule] = cdn({ plan: "enterprise", rateLimits: [challenge] }).resource(
      "cloudflare_ruleset",
      "cdn_rate_limits",
    )["rules"];
    expect(rule.action).toBe("managed_challenge");
    expect(rule.ratelimit).toMatchObject({
      characteristics: ["cf.colo.id", "http.host", "ip.src"],
      mitigation_timeout: 0,
    });
  });

  test("there is no ruleset without one", () => {
    expect(cdn().resources("cloudflare_ruleset")).not.toHaveProperty("cdn_rate_limits");
  });
});

describe("CloudflareCdn firewall", () => {
  const managed = (props: Partial<CloudflareCdnProps> = {}) =>
    cdn(props).resource("cloudflare_ruleset", "cdn_managed_rules");

  test("Cloudflare's rules act, and OWASP's log where the plan has that, unless the props say otherwise", () => {
    const ruleset = managed({ plan: "enterprise" });
    expect(ruleset).toMatchObject({ kind: "zone", phase: "http_request_firewall_managed" });
    expect(ruleset["rules"]).toEqual([
      {
        ref: "cloudflare",
        description: "Cloudflare Managed Ruleset",
        expression: "true",
        enabled: true,
        action: "execute",
        action_parameters: { id: "efb7b8c949ac4650a09736fc376e9aee" },
      },
      {
        ref: "owasp",
        description: "OWASP Core Ruleset, paranoia level 1",
        expression: "true",
        enabled: true,
        action: "execute",
        action_parameters: {
          id: "4814384a9e5d4991b9815dcfc25d2f1f",
          overrides: {
            categories: [
              { category: "paranoia-level-2", enabled: false },
              { category: "paranoia-level-3", enabled: false },
              { category: "paranoia-level-4", enabled: false },
            ],
            rules: [{ id: "6179ae15870a4bb7b2d480d4843b323c", score_threshold: 40, action: "log" }],
          },
        },
      },
    ]);
  });

  // "Log: only available on Enterprise plans."
  // https://developers.cloudflare.com/ruleset-engine/rules-language/actions/
  test.each(["pro", "business"] as const)(
    "OWASP's are left out on plan %s, which cannot only log",
    (plan) => {
      expect(managed({ plan })["rules"].map(({ ref }: { ref: string }) => ref)).toEqual(["cloudflare"]);
      rejected({ plan, managedRules: { cloudflare: "log", owasp: "log" } }).toThrow(
        `test/cdn: managedRules.cloudflare: is "log", which needs plan enterprise: give "default", "block", "managed_challenge" or "off"
test/cdn: managedRules.owasp: is "log"`,
      );
      const { rules } = managed({ plan, managedRules: { owasp: "managed_challenge" } });
      expect(rules[1].action_parameters.overrides.rules[0].action).toBe("managed_challenge");
    },
  );

  test("exceptions come first, and either ruleset can be left out or given an action", () => {
    const { rules } = managed({
      managedRules: {
        cloudflare: "managed_challenge",
        owasp: "off",
        except: 'http.request.uri.path eq "/hook"',
      },
    });
    expect(rules).toHaveLength(2);
    expect(rules[0]).toMatchObject({
      action: "skip",
      expression: 'http.request.uri.path eq "/hook"',
      action_parameters: { ruleset: "current" },
      logging: { enabled: true },
    });
    expect(rules[1].action_parameters.overrides).toEqual({ action: "managed_challenge" });
    const [owasp] = managed({ managedRules: { cloudflare: "off", owasp: "default" } })["rules"];
    expect(owasp.action_parameters.overrides.rules[0]).not.toHaveProperty("action");
  });

  test("a free zone has none", () => {
    expect(cdn({ plan: "free" }).resources("cloudflare_ruleset")).not.toHaveProperty("cdn_managed_rules");
  });

  test("rules of one's own are a ruleset of their own", () => {
    const rule = { ref: "admin", description: "No admin", expression: "true", action: "block" } as const;
    expect(cdn({ firewallRules: [rule] }).resource("cloudflare_ruleset", "cdn_firewall_rules")).toMatchObject(
      {
        phase: "http_request_firewall_custom",
        rules: [{ ref: "admin", action: "block", enabled: true, expression: "true" }],
      },
    );
  });
});

describe("CloudflareCdn on a plan that lacks", () => {
  const rule = (expression: string) => ({
    firewallRules: [{ ref: "rule", description: "Rule", expression, action: "block" }] as const,
  });

  // Plans of fields: src/content/fields/index.yaml of github.com/cloudflare/cloudflare-docs.
  test.each<[expression: string, field: string, needed: CloudflarePlan, below: CloudflarePlan]>([
    ['any(http.request.cookies["a"][*] eq "b")', "http.request.cookies", "pro", "free"],
    ["ip.src.is_in_european_union", "ip.src.is_in_european_union", "business", "pro"],
    ['cf.waf.score.class eq "attack"', "cf.waf.score.class", "business", "pro"],
    ["cf.waf.score lt 20", "cf.waf.score", "enterprise", "business"],
    ["cf.waf.score.sqli lt 20", "cf.waf.score.sqli", "enterprise", "business"],
    ["cf.bot_management.score lt 30", "cf.bot_management.score", "enterprise", "business"],
    ["http.request.body.size gt 1000", "http.request.body.size", "enterprise", "business"],
    ["ip.src in $cf.anonymizer", "$cf.anonymizer", "enterprise", "business"],
  ])("a field, it is refused: %s", (expression, field, needed, below) => {
    rejected({ plan: below, ...rule(expression) }).toThrow(
      `firewallRules[0].expression: asks for ${field}, which needs plan ${needed}: `,
    );
    expect(() => cdn({ plan: needed, ...rule(expression) })).not.toThrow();
    rejected({
      plan: below === "free" ? "pro" : below,
      managedRules: { except: "cf.waf.score lt 1" },
    }).toThrow("managedRules.except: asks for cf.waf.score, which needs plan enterprise: ");
  });

  test.each([
    'http.request.uri.path eq "/cf.bot_management.score"',
    'http.user_agent contains "a\\" cf.waf.score "',
    'http.user_agent contains r#"" cf.waf.score ~ "#',
    'http.request.body.mime eq "image/png"',
    "ip.src in $blocked",
    "cf.client.bot",
  ])("none of it, nothing is: %s", (expression) => {
    expect(() => cdn(rule(expression))).not.toThrow();
  });

  test.each<[Record<string, string | number>, CloudflarePlan, string | undefined]>([
    [
      { polish: "lossless" },
      "free",
      "settings.polish: is given, which needs plan pro: leave it out on plan free",
    ],
    [{ http2: "off" }, "free", 'settings.http2: is "off", which needs plan pro: leave it out on plan free'],
    [{ http2: "on" }, "free", undefined],
    [
      { proxy_read_timeout: 600 },
      "business",
      "settings.proxy_read_timeout: is given, which needs plan enterprise",
    ],
    [{ ssl: "origin_pull" }, "pro", 'settings.ssl: is "origin_pull", which needs plan enterprise'],
    [{ max_upload: 200 }, "pro", "settings.max_upload: is 200: give 100 MB or less, as plan pro allows"],
    [{ max_upload: 200 }, "business", undefined],
  ])("a setting, it is refused: %j on plan %s", (settings, plan, problem) => {
    if (problem) rejected({ plan, settings }).toThrow(problem);
    else expect(() => cdn({ plan, settings })).not.toThrow();
  });

  test("a second way of counting, both are refused together", () => {
    const rateLimits = [rateLimit({ countBy: ["ip.src", "cf.unique_visitor_id"] })];
    rejected({ plan: "business", rateLimits }).toThrow(
      'rateLimits[0].countBy: has both "ip.src" and "cf.unique_visitor_id"',
    );
  });
});

test("CloudflareCdn outputs the ids of the rulesets that are there", () => {
  const { outputs } = cdn({}, ({ rulesetIds }, stack) => stack.output("ids", { value: rulesetIds }));
  expect(outputs["ids"]).toEqual({
    value: {
      cache: "${cloudflare_ruleset.cdn_cache.id}",
      managedRules: "${cloudflare_ruleset.cdn_managed_rules.id}",
    },
  });
});
