import type { PropProblem } from "../../core/invalid-props";

/** Cloudflare's plans, from the one that costs nothing to the one by contract; each has all that those before it have. */
const PLANS = ["free", "pro", "business", "enterprise"] as const;

/** Cloudflare plan of a zone, from the one that costs nothing to the one by contract. */
export type CloudflarePlan = (typeof PLANS)[number];

/** Whether a plan has what another one begins to have. */
export function includesPlan(plan: CloudflarePlan, needed: CloudflarePlan): boolean {
  return PLANS.indexOf(plan) >= PLANS.indexOf(needed);
}

/** Limits of a Cloudflare plan. Cloudflare refuses more when it is applied, each with an error of its own. */
export interface CloudflarePlanLimits {
  readonly cacheRules: number;
  /** Shortest time that a cache rule may set, in seconds. What the origin asks for may be shorter on every plan. */
  readonly minEdgeTtl: number;
  readonly rateLimits: number;
  /** Longest time over which requests are counted, in seconds. */
  readonly maxRatePeriod: number;
  /** Longest time for which a client stays blocked, in seconds. */
  readonly maxMitigation: number;
  /** What requests may be counted by; undefined for anything, for which an enterprise plan needs Advanced Rate Limiting. */
  readonly countBy?: readonly string[];
  /** Fields that a rate limit's expression may name; undefined for any. */
  readonly rateLimitFields?: readonly string[];
  readonly firewallRules: number;
  /** The Cloudflare Managed Ruleset and the OWASP Core Ruleset. Free zones have a small managed ruleset, always on. */
  readonly managedRules: boolean;
  /** Regular expressions in rules (`matches`, `~`). */
  readonly regex: boolean;
  /** Action `log`, which only records what a rule matches. */
  readonly log: boolean;
  /** Largest request body, in megabytes. What is larger gets 413. */
  readonly maxUploadMb: number;
}

const FREE_RATE_LIMIT_FIELDS = ["http.request.uri.path", "cf.client.bot"];
const PRO_RATE_LIMIT_FIELDS = [
  ...FREE_RATE_LIMIT_FIELDS,
  "http.host",
  "http.request.uri",
  "http.request.full_uri",
  "http.request.uri.query",
];

/**
 * @see https://developers.cloudflare.com/cache/how-to/cache-rules/
 * @see https://developers.cloudflare.com/cache/how-to/edge-browser-cache-ttl/
 * @see https://developers.cloudflare.com/waf/rate-limiting-rules/
 * @see https://developers.cloudflare.com/waf/custom-rules/
 * @see https://developers.cloudflare.com/ruleset-engine/rules-language/actions/
 * @see https://github.com/cloudflare/cloudflare-docs/blob/production/src/content/plans/index.json
 */
export const CLOUDFLARE_PLANS: Readonly<Record<CloudflarePlan, CloudflarePlanLimits>> = {
  free: {
    cacheRules: 10,
    minEdgeTtl: 7200,
    rateLimits: 1,
    maxRatePeriod: 10,
    maxMitigation: 10,
    countBy: ["ip.src"],
    rateLimitFields: FREE_RATE_LIMIT_FIELDS,
    firewallRules: 5,
    managedRules: false,
    regex: false,
    log: false,
    maxUploadMb: 100,
  },
  pro: {
    cacheRules: 25,
    minEdgeTtl: 3600,
    rateLimits: 2,
    maxRatePeriod: 60,
    maxMitigation: 3600,
    countBy: ["ip.src"],
    rateLimitFields: PRO_RATE_LIMIT_FIELDS,
    firewallRules: 20,
    managedRules: true,
    regex: false,
    log: false,
    maxUploadMb: 100,
  },
  business: {
    cacheRules: 50,
    minEdgeTtl: 1,
    rateLimits: 5,
    maxRatePeriod: 600,
    maxMitigation: 86_400,
    countBy: ["ip.src", "cf.unique_visitor_id"],
    rateLimitFields: [...PRO_RATE_LIMIT_FIELDS, "http.request.method", "ip.src", "http.user_agent"],
    firewallRules: 100,
    managedRules: true,
    regex: true,
    log: false,
    maxUploadMb: 200,
  },
  enterprise: {
    cacheRules: 300,
    minEdgeTtl: 1,
    rateLimits: 100,
    maxRatePeriod: 65_535,
    maxMitigation: 86_400,
    firewallRules: 1000,
    managedRules: true,
    regex: true,
    log: true,
    maxUploadMb: 500,
  },
};

/**
 * Fields and lists of the rules language that begin with a plan, by their beginnings; the longest decides. All others are for everybody.
 * @see https://github.com/cloudflare/cloudflare-docs/blob/production/src/content/fields/index.yaml
 */
const FIELD_PLANS: Readonly<Record<string, CloudflarePlan>> = {
  "http.request.cookies": "pro",
  "cf.waf.credential_check.username_and_password_leaked": "pro",
  "ip.src.subdivision_1_iso_code": "business",
  "ip.src.subdivision_2_iso_code": "business",
  "ip.src.is_in_european_union": "business",
  "ip.geoip.subdivision_1_iso_code": "business",
  "ip.geoip.subdivision_2_iso_code": "business",
  "ip.geoip.is_in_european_union": "business",
  "cf.waf.score.class": "business",
  "cf.waf.score": "enterprise",
  "cf.waf.content_scan": "enterprise",
  "cf.waf.auth_detected": "enterprise",
  "cf.waf.credential_check.username_leaked": "enterprise",
  "cf.waf.credential_check.username_password_similar": "enterprise",
  "cf.bot_management": "enterprise",
  "cf.llm": "enterprise",
  "cf.api_gateway.auth_id_present": "enterprise",
  "http.request.jwt": "enterprise",
  "http.request.body": "enterprise",
  "http.request.body.mime": "free",
  // Lists that Cloudflare keeps; those of one's own have no dot.
  $cf: "enterprise",
};

/** Plan that a field or list of the rules language begins with. */
export function fieldPlan(field: string): CloudflarePlan {
  const parts = field.split(".");
  for (let length = parts.length; length > 0; length--) {
    const plan = FIELD_PLANS[parts.slice(0, length).join(".")];
    if (plan) return plan;
  }
  return "free";
}

/**
 * Zone settings that begin with a plan: below it Cloudflare calls them read-only. Any value, or the values named.
 * @see https://developers.cloudflare.com/api/resources/zones/subresources/settings/
 */
const SETTING_PLANS: Readonly<
  Record<string, { readonly plan: CloudflarePlan; readonly values?: readonly unknown[] }>
> = {
  cname_flattening: { plan: "pro" },
  h2_prioritization: { plan: "pro" },
  http2: { plan: "pro", values: ["off"] },
  image_resizing: { plan: "pro" },
  mirage: { plan: "pro" },
  polish: { plan: "pro" },
  webp: { plan: "pro" },
  origin_error_page_pass_thru: { plan: "enterprise" },
  prefetch_preload: { plan: "enterprise" },
  proxy_read_timeout: { plan: "enterprise" },
  response_buffering: { plan: "enterprise" },
  sort_query_string_for_cache: { plan: "enterprise" },
  ssl: { plan: "enterprise", values: ["origin_pull"] },
  true_client_ip_header: { plan: "enterprise" },
};

/** What of a zone's settings its plan does not have. */
export function settingProblems(
  settings: Readonly<Record<string, unknown>>,
  plan: CloudflarePlan,
): PropProblem[] {
  const problems: PropProblem[] = [];
  for (const [id, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    const { plan: needed = "free", values } = SETTING_PLANS[id] ?? {};
    const given = values ? `is "${value}"` : "is given";
    if (!includesPlan(plan, needed) && (!values || values.includes(value)))
      problems.push({
        prop: ["settings", id],
        problem: `${given}, which needs plan ${needed}`,
        instead: `leave it out on plan ${plan}`,
      });
  }
  const { max_upload: upload } = settings;
  const { maxUploadMb } = CLOUDFLARE_PLANS[plan];
  if (typeof upload === "number" && upload > maxUploadMb)
    problems.push({
      prop: ["settings", "max_upload"],
      problem: `is ${upload}`,
      instead: `give ${maxUploadMb} MB or less, as plan ${plan} allows`,
    });
  return problems;
}
