import { DataCloudflareIpRanges } from "@cdktf/provider-cloudflare/lib/data-cloudflare-ip-ranges";
import { Ruleset, type RulesetRules } from "@cdktf/provider-cloudflare/lib/ruleset";
import { ZoneSetting, type ZoneSettingConfig } from "@cdktf/provider-cloudflare/lib/zone-setting";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { rejectProps } from "../../core/invalid-props";
import { type CloudflarePlan, settingProblems } from "./plan";
import {
  type CacheRule,
  cacheRules,
  type FirewallRule,
  firewallRules,
  type ManagedRules,
  managedRules,
  type RateLimit,
  rateLimits,
} from "./rules";

/** Value of a zone setting: `on`, `strict`, a number of seconds, or an object; undefined leaves the setting as it is. */
export type ZoneSettingValue = string | number | Record<string, unknown> | undefined;

export interface CloudflareCdnProps {
  /** Id of an existing Cloudflare zone. */
  readonly zoneId: string;
  /** The zone's plan, whose limits the rules must keep. It is ordered and paid for in Cloudflare, not here. */
  readonly plan: CloudflarePlan;
  /**
   * Zone settings by Cloudflare's id, on top of the default ones. Removing one leaves it as it was last.
   *
   * HSTS cannot be taken back before `max_age` is over; `include_subdomains` also binds hosts that do not pass
   * through Cloudflare, and `preload` is for ever: raise them once every host speaks HTTPS.
   * @default TLS to the origin with a certificate it checks (`ssl` strict), TLS 1.2 and up, always HTTPS, HTTP/3,
   *   WebSockets, HSTS for 30 days without subdomains
   * @see https://developers.cloudflare.com/api/resources/zones/subresources/settings/
   */
  readonly settings?: Record<string, ZoneSettingValue>;
  /**
   * Cache rules, in order: of several rules that match a request, Cloudflare takes the LAST. Everything else,
   * and every request with credentials, passes to the origin.
   */
  readonly cacheRules: readonly CacheRule[];
  /**
   * Names of the cookies that carry a session. A request with one of them, or with an Authorization header, is never answered from
   * the cache nor stored in it, whatever `cacheRules` say. Any name that ends so counts: `session` covers
   * `__Host-session`. Case matters.
   */
  readonly sessionCookies: readonly string[];
  /** Rate limits, in order: the first that a client exceeds acts. @default none */
  readonly rateLimits?: readonly RateLimit[];
  /**
   * Cloudflare's managed firewall rules.
   * @default the Cloudflare Managed Ruleset with its own actions, and not the OWASP Core Ruleset, to which requests that
   *   carry source code look like attacks; on plan enterprise that one logs. On a free plan, which lacks both, none.
   */
  readonly managedRules?: ManagedRules;
  /** Firewall rules of one's own, in order: the first that matches acts. @default none */
  readonly firewallRules?: readonly FirewallRule[];
}

const DEFAULT_SETTINGS: Record<string, ZoneSettingValue> = {
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
      max_age: 2_592_000,
      include_subdomains: false,
      preload: false,
      nosniff: true,
    },
  },
};

/**
 * Cloudflare CDN and WAF of a zone: zone settings, cache rules, rate limits, managed and own firewall rules. It acts on
 * proxied records only (`DnsRecordProps.proxied`).
 *
 * A zone has ONE ruleset per phase, and this construct owns it: one `CloudflareCdn` per zone. Rules made by hand in the same
 * phase make the first apply fail; remove them, or import the ruleset, which then loses what is not declared here.
 * With `ssl` strict each proxied host needs a valid certificate at the origin, or answers with error 526.
 *
 * Source: infrastructure document, section "Production Architecture"; migration document, sections "Phase 2: Simplify
 * Edge Layer" and "Phase 3: Simplify Git File Serving".
 * @see https://developers.cloudflare.com/ruleset-engine/about/phases/
 * @see https://developers.cloudflare.com/cache/how-to/cache-rules/order/
 * @throws when a rule is empty or not understood, two rules of a phase share a `ref`, or the plan does not allow it
 * @example
 * ```ts
 * new CloudflareCdn(stack, "cdn", {
 *   zoneId: "0123456789abcdef0123456789abcdef",
 *   plan: "pro",
 *   sessionCookies: ["session"],
 *   cacheRules: [
 *     {
 *       ref: "assets",
 *       description: "Built assets, whose names hold a hash",
 *       expression: 'starts_with(http.request.uri.path, "/assets/")',
 *       cache: "respect-origin",
 *     },
 *   ],
 * });
 * ```
 */
export class CloudflareCdn extends Construct {
  /** Ids of the rulesets, by what they hold; no entry where there are no rules. */
  readonly rulesetIds: Partial<Record<"cache" | "rateLimits" | "managedRules" | "firewallRules", string>>;
  /**
   * IPv4 ranges from which Cloudflare asks the origin, as Cloudflare publishes them: read in each plan, so that a change
   * shows as a difference. For an origin that answers nobody else, since these rules bind only who comes this way.
   */
  readonly addressRanges: string[];

  constructor(scope: Construct, id: string, props: CloudflareCdnProps) {
    super(scope, id);
    const { plan } = props;
    const cache = cacheRules(props.cacheRules, props.sessionCookies, plan);
    const rates = rateLimits(props.rateLimits ?? [], plan);
    const managed = managedRules(props.managedRules ?? {}, plan);
    const firewall = firewallRules(props.firewallRules ?? [], plan);
    const settings = { ...DEFAULT_SETTINGS, ...props.settings };
    rejectProps(this, [
      ...[cache, rates, managed, firewall].flatMap(({ problems }) => problems),
      ...settingProblems(settings, plan),
    ]);

    for (const [settingId, value] of Object.entries(settings))
      if (value !== undefined)
        new ZoneSetting(this, settingId, { zoneId: props.zoneId, settingId, value: anyValue(value) });

    const ruleset = (childId: string, phase: string, rules: RulesetRules[]): string | undefined =>
      rules.length === 0
        ? undefined
        : new Ruleset(this, childId, {
            zoneId: props.zoneId,
            kind: "zone",
            // What Cloudflare calls a phase's one ruleset itself. A rename replaces the ruleset.
            name: "default",
            phase,
            rules,
          }).id;
    this.addressRanges = new DataCloudflareIpRanges(this, "address-ranges").ipv4Cidrs;
    this.rulesetIds = {
      cache: ruleset("cache", "http_request_cache_settings", cache.rules),
      rateLimits: ruleset("rate-limits", "http_ratelimit", rates.rules),
      managedRules: ruleset("managed-rules", "http_request_firewall_managed", managed.rules),
      firewallRules: ruleset("firewall-rules", "http_request_firewall_custom", firewall.rules),
    };
  }
}

/** The provider takes any type here; the binding a map alone, and it writes a number as `{}`. */
function anyValue(value: NonNullable<ZoneSettingValue>): ZoneSettingConfig["value"] {
  return typeof value === "object" ? value : Lazy.anyValue({ produce: () => value });
}
