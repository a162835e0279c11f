import { createHash } from "node:crypto";
import type { ComputeSecurityPolicyRule } from "@cdktf/provider-google/lib/compute-security-policy";

/** What Cloud Armor takes in one rule. @see https://cloud.google.com/armor/quotas */
export const RANGES_PER_RULE = 10;
/** @see https://cloud.google.com/armor/docs/rate-limiting-overview */
export const INTERVALS = [10, 30, 60, 120, 180, 240, 300, 600, 900, 1200, 1800, 2700, 3600];
/** Requests that a rate limit may count to. */
export const MAX_REQUESTS = 1_000_000;
/** Of the rule that decides what no other does. */
export const LAST_PRIORITY = 2_147_483_647;
/** Priorities among which a rate limit takes one, by what it says. */
export const PRIORITIES_PER_LIMIT = 1000;

/** Answer to a request that is refused. */
export type Denial = "deny(403)" | "deny(404)" | "deny(429)" | "deny(502)";

/** Rule sets of both versions, by what they look for. */
export const RULE_SETS = [
  "sqli",
  "xss",
  "lfi",
  "rfi",
  "rce",
  "methodenforcement",
  "scannerdetection",
  "protocolattack",
  "php",
  "sessionfixation",
  "java",
] as const;

/** Preconfigured rule sets of the OWASP core rule set: SQL injection, cross-site scripting, … */
export type WafRuleSet = (typeof RULE_SETS)[number];

/** What the names of rule sets call their versions. */
export const VERSIONS = { "4.22": "v422", "3.3": "v33" } as const;

/** Which requests a rule is about. Without either it is about all. */
export interface ArmorMatch {
  /** CIDR ranges of the clients, ten at most. Not beside `expression`. @default all */
  readonly ranges?: readonly string[];
  /**
   * CEL expression of five conditions at most, such as `request.path.startsWith('/admin')`. Not beside `ranges`.
   * @default all
   * @see https://cloud.google.com/armor/docs/rules-language-reference
   */
  readonly expression?: string;
}

interface RuleProps {
  /**
   * Order: the lowest number comes first, and the first rule that matches decides. A rate limit takes one of the thousand
   * priorities from this one on, by what it says: the provider (6.50) loses a change of it, so a changed one is another rule.
   */
  readonly priority: number;
  /** For people, in 64 characters. @default the rule's name */
  readonly description?: string;
}

/** Rule that looks into requests for attacks. */
export interface InspectingRule extends RuleProps {
  /** What it looks for. */
  readonly inspect: WafRuleSet;
  /** Version of the OWASP core rule set. @default "4.22" */
  readonly version?: keyof typeof VERSIONS;
  /** From 1, few false alarms, to 4, every signature. */
  readonly sensitivity: 1 | 2 | 3 | 4;
  /** Ids of signatures to leave out, such as `owasp-crs-v042200-id942100-sqli`. @default none */
  readonly exclude?: readonly string[];
  /** What happens to a request in which it finds something. @default "deny(403)" */
  readonly action?: Denial;
  /**
   * Only write to the log what it would do. Switch it off once the log has no request of yours: a signature that matches
   * an honest form locks its users out.
   * @default true
   */
  readonly preview?: boolean;
}

/** By what a rate limit tells clients apart. */
export type RateLimitKey =
  | "ALL"
  | "IP"
  | "XFF_IP"
  | "USER_IP"
  | "HTTP_HEADER"
  | "HTTP_COOKIE"
  | "HTTP_PATH"
  | "SNI"
  | "REGION_CODE"
  | "TLS_JA3_FINGERPRINT"
  | "TLS_JA4_FINGERPRINT";

export interface ArmorRateLimit {
  /** Requests that a client may make in the interval, to a million. */
  readonly requests: number;
  /** Interval in seconds: 10, 30, 60, 120, 180, 240, 300, 600, 900, 1200, 1800, 2700 or 3600. @default 60 */
  readonly seconds?: number;
  /**
   * What has a budget of its own. `IP` is who connects, which behind a CDN is the CDN; `XFF_IP` the first address of
   * `X-Forwarded-For`, which behind no CDN the client writes; `USER_IP` that of the policy's `userIpHeaders`; `ALL` is one budget
   * for everybody together, which one client can use up.
   */
  readonly key: RateLimitKey;
  /** Name of the header or cookie; for these two keys. @default none */
  readonly keyName?: string;
  /** Answer to what is too much. @default "deny(429)" */
  readonly exceed?: Denial;
  /** Refuse everything of a client that exceeds the limit, for a time. @default only what is too much is refused */
  readonly ban?: {
    /** Seconds that the ban lasts, from 60 to 86400. */
    readonly seconds: number;
    /** Ban only who makes so many requests in so many seconds, an interval as above. @default who exceeds the limit */
    readonly above?: { readonly requests: number; readonly seconds: number };
  };
}

/** Rule that lets so many requests through. What it lets through no later rule looks at. */
export interface RateLimitRule extends RuleProps, ArmorMatch {
  readonly limit: ArmorRateLimit;
  /** Only write to the log what it would do. @default false */
  readonly preview?: boolean;
}

/** Rule of one's own. */
export interface OwnRule extends RuleProps, ArmorMatch {
  /** What happens to the requests. What is allowed no later rule looks at. */
  readonly action: "allow" | Denial;
  /** Only write to the log what it would do. @default false */
  readonly preview?: boolean;
}

export type ArmorRule = InspectingRule | RateLimitRule | OwnRule;

/** Whether a rule looks into requests. */
export const isInspecting = (rule: ArmorRule): rule is InspectingRule => "inspect" in rule;
/** Whether a rule limits the rate of requests. */
export const isRateLimit = (rule: ArmorRule): rule is RateLimitRule => "limit" in rule;

/** Rules as the policy has them, first what comes first. */
export function toPolicyRules(rules: Readonly<Record<string, ArmorRule>>): ComputeSecurityPolicyRule[] {
  return Object.entries(rules)
    .map(([name, rule]) => toPolicyRule(name, rule))
    .sort((a, b) => a.priority - b.priority);
}

function toPolicyRule(name: string, rule: ArmorRule): ComputeSecurityPolicyRule {
  const { description = name } = rule;
  const priority = priorityOf(rule);
  if (isInspecting(rule))
    return {
      action: rule.action ?? "deny(403)",
      priority,
      description,
      preview: rule.preview ?? true,
      match: { expr: { expression: inspection(rule) } },
    };
  const shared = { priority, description, preview: rule.preview ?? false, match: matchOf(rule) };
  if (!isRateLimit(rule)) return { action: rule.action, ...shared };
  const { requests, seconds = 60, key, keyName, exceed = "deny(429)", ban } = rule.limit;
  return {
    action: ban ? "rate_based_ban" : "throttle",
    ...shared,
    rateLimitOptions: {
      conformAction: "allow",
      exceedAction: exceed,
      enforceOnKey: key,
      enforceOnKeyName: keyName,
      rateLimitThreshold: { count: requests, intervalSec: seconds },
      banDurationSec: ban?.seconds,
      banThreshold: ban?.above && { count: ban.above.requests, intervalSec: ban.above.seconds },
    },
  };
}

/** Rule for whoever no other decides about. */
export function everybody(action: "allow" | Denial, description: string): ComputeSecurityPolicyRule {
  return { action, match: matchOf({}), priority: LAST_PRIORITY, description };
}

function matchOf({ ranges = ["*"], expression }: ArmorMatch): ComputeSecurityPolicyRule["match"] {
  return expression === undefined
    ? { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: [...ranges] } }
    : { expr: { expression } };
}

/** The expression by which a rule inspects. */
export function inspection({ inspect, version = "4.22", sensitivity, exclude = [] }: InspectingRule): string {
  const without =
    exclude.length > 0 ? `, 'opt_out_rule_ids': [${exclude.map((id) => `'${id}'`).join(", ")}]` : "";
  return `evaluatePreconfiguredWaf('${inspect}-${VERSIONS[version]}-stable', {'sensitivity': ${sensitivity}${without}})`;
}

function priorityOf(rule: ArmorRule): number {
  if (!isRateLimit(rule)) return rule.priority;
  const { requests, seconds = 60, key, keyName, exceed, ban } = rule.limit;
  const digest = createHash("sha256").update(JSON.stringify([requests, seconds, key, keyName, exceed, ban]));
  return rule.priority + (digest.digest().readUInt32BE() % PRIORITIES_PER_LIMIT);
}
