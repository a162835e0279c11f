/** Cloudflare plan of a zone, from the one that costs nothing to the one by contract. */
export type CloudflarePlan = "free" | "pro" | "business" | "enterprise";

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
  /** What requests may be counted by; undefined for anything. */
  readonly countBy?: readonly string[];
  readonly firewallRules: number;
  /** The Cloudflare Managed Ruleset and the OWASP Core Ruleset. Free zones have a small managed ruleset, always on. */
  readonly managedRules: boolean;
  /** Regular expressions in rules (`matches`, `~`). */
  readonly regex: boolean;
}

/**
 * @see https://developers.cloudflare.com/cache/how-to/cache-rules/
 * @see https://developers.cloudflare.com/cache/how-to/edge-browser-cache-ttl/
 * @see https://developers.cloudflare.com/waf/rate-limiting-rules/
 * @see https://developers.cloudflare.com/waf/custom-rules/
 */
export const CLOUDFLARE_PLANS: Readonly<Record<CloudflarePlan, CloudflarePlanLimits>> = {
  free: {
    cacheRules: 10,
    minEdgeTtl: 7200,
    rateLimits: 1,
    maxRatePeriod: 10,
    maxMitigation: 10,
    countBy: ["ip.src"],
    firewallRules: 5,
    managedRules: false,
    regex: false,
  },
  pro: {
    cacheRules: 25,
    minEdgeTtl: 3600,
    rateLimits: 2,
    maxRatePeriod: 60,
    maxMitigation: 3600,
    countBy: ["ip.src"],
    firewallRules: 20,
    managedRules: true,
    regex: false,
  },
  business: {
    cacheRules: 50,
    minEdgeTtl: 1,
    rateLimits: 5,
    maxRatePeriod: 600,
    maxMitigation: 86_400,
    countBy: ["ip.src", "cf.unique_visitor_id"],
    firewallRules: 100,
    managedRules: true,
    regex: true,
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
  },
};
