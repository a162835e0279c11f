import { createHash } from "node:crypto";
import type { ComputeSecurityPolicyRule } from "@cdktf/provider-google/lib/compute-security-policy";
import { type PropProblem, problemsIn, wholeNumber } from "../../core/invalid-props";

/** What Cloud Armor takes in one rule. @see https://cloud.google.com/armor/quotas */
export const RANGES_PER_RULE = 10;
const CONDITIONS_PER_EXPRESSION = 5;
const EXPRESSION_LENGTH = 2048;
const DESCRIPTION_LENGTH = 64;
/** @see https://cloud.google.com/armor/docs/rate-limiting-overview */
export const INTERVALS = [10, 30, 60, 120, 180, 240, 300, 600, 900, 1200, 1800, 2700, 3600];
/** Requests that a rate limit may count to. */
export const MAX_REQUESTS = 1_000_000;
/** Of the rule that decides what no other does. */
export const LAST_PRIORITY = 2_147_483_647;
/** Priorities among which a rate limit takes one, by what it says. */
const PRIORITIES_PER_LIMIT = 1000;

/** Answer to a request that is refused. */
export type Denial = "deny(403)" | "deny(404)" | "deny(429)" | "deny(502)";

/** Rule sets of both versions, by what they look for. */
const RULE_SETS = [
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

const VERSIONS = { "4.22": "v422", "3.3": "v33" } as const;

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

const isInspecting = (rule: ArmorRule): rule is InspectingRule => "inspect" in rule;
const isRateLimit = (rule: ArmorRule): rule is RateLimitRule => "limit" in rule;

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

function inspection({ inspect, version = "4.22", sensitivity, exclude = [] }: InspectingRule): string {
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

/** What is wrong with rules. @param headers in which the policy finds a client's own address */
export function rulesProblems(
  rules: Readonly<Record<string, ArmorRule>>,
  { edge, headers }: { edge: boolean; headers: readonly string[] },
): PropProblem[] {
  const found = Object.entries(rules).flatMap(([name, rule]) =>
    problemsIn(["rules", name], [...ruleProblems(name, rule, headers), ...(edge ? edgeProblems(rule) : [])]),
  );
  return [...found, ...orderProblems(rules)];
}

function ruleProblems(name: string, rule: ArmorRule, headers: readonly string[]): PropProblem[] {
  const most = LAST_PRIORITY - 1 - (isRateLimit(rule) ? PRIORITIES_PER_LIMIT : 0);
  const found = wholeNumber(["priority"], rule.priority, { from: 0, to: most });
  const { description = name } = rule;
  if (description.length > DESCRIPTION_LENGTH)
    found.push({
      prop: ["description"],
      problem: `has ${description.length} characters`,
      instead: `use at most ${DESCRIPTION_LENGTH}`,
    });
  if (isInspecting(rule)) return [...found, ...inspectionProblems(rule)];
  return [...found, ...matchProblems(rule), ...(isRateLimit(rule) ? limitProblems(rule.limit, headers) : [])];
}

function inspectionProblems({
  inspect,
  version = "4.22",
  sensitivity,
  exclude = [],
}: InspectingRule): PropProblem[] {
  const found = wholeNumber(["sensitivity"], sensitivity, { from: 1, to: 4 });
  if (!RULE_SETS.includes(inspect))
    found.push({
      prop: ["inspect"],
      problem: `is "${inspect}"`,
      instead: `give one of ${RULE_SETS.join(", ")}`,
    });
  if (!Object.hasOwn(VERSIONS, version))
    found.push({
      prop: ["version"],
      problem: `is "${version}"`,
      instead: `give one of ${Object.keys(VERSIONS).join(", ")}`,
    });
  for (const [index, id] of exclude.entries())
    if (!/^owasp-crs-[a-z0-9-]+$/.test(id))
      found.push({
        prop: ["exclude", index],
        problem: `is "${id}"`,
        instead: 'give the id of a signature, such as "owasp-crs-v042200-id942100-sqli"',
      });
  return found;
}

function matchProblems({ ranges, expression }: ArmorMatch): PropProblem[] {
  const found: PropProblem[] = [];
  if (ranges && expression !== undefined)
    found.push({
      prop: ["expression"],
      problem: "is given beside ranges",
      instead: "give one of the two, as inIpRange(origin.ip, '…') says ranges in an expression",
    });
  if (ranges && (ranges.length === 0 || ranges.length > RANGES_PER_RULE))
    found.push({
      prop: ["ranges"],
      problem: `has ${ranges.length} entries`,
      instead: `give 1 to ${RANGES_PER_RULE}, or make several rules of it`,
    });
  if (expression === undefined) return found;
  const conditions = expression.replace(/'[^']*'|"[^"]*"/g, "''").split(/&&|\|\|/).length;
  if (expression.trim() === "" || expression.length > EXPRESSION_LENGTH)
    found.push({
      prop: ["expression"],
      problem: `has ${expression.length} characters`,
      instead: `give 1 to ${EXPRESSION_LENGTH}`,
    });
  if (conditions > CONDITIONS_PER_EXPRESSION)
    found.push({
      prop: ["expression"],
      problem: `has ${conditions} conditions, of which Cloud Armor takes ${CONDITIONS_PER_EXPRESSION}`,
      instead: "make several rules of it",
    });
  return found;
}

function limitProblems(limit: ArmorRateLimit, headers: readonly string[]): PropProblem[] {
  const { requests, seconds = 60, key, keyName, ban } = limit;
  const named = key === "HTTP_HEADER" || key === "HTTP_COOKIE";
  const found = wholeNumber(["limit", "requests"], requests, { from: 1, to: MAX_REQUESTS });
  if (key === undefined)
    found.push({
      prop: ["limit", "key"],
      problem: "is missing, which is one budget for everybody",
      instead: 'give "IP", or "XFF_IP" behind a CDN',
    });
  if (named !== (keyName !== undefined))
    found.push({
      prop: ["limit", "keyName"],
      problem: `is ${named ? "missing" : "given"} for key ${key}`,
      instead: named ? "give the name of the header or cookie" : "leave it out",
    });
  if (key === "USER_IP" && headers.length === 0)
    found.push({
      prop: ["limit", "key"],
      problem: "is USER_IP, and no header tells it",
      instead: "give the policy userIpHeaders",
    });
  const intervals: [prop: string[], seconds: number | undefined][] = [
    [["limit", "seconds"], seconds],
    [["limit", "ban", "above", "seconds"], ban?.above?.seconds],
  ];
  for (const [prop, interval] of intervals)
    if (interval !== undefined && !INTERVALS.includes(interval))
      found.push({ prop, problem: `is ${interval}`, instead: `give one of ${INTERVALS.join(", ")}` });
  if (ban)
    found.push(
      ...wholeNumber(["limit", "ban", "seconds"], ban.seconds, { from: 60, to: 86_400, unit: "seconds" }),
    );
  if (ban?.above)
    found.push(
      ...wholeNumber(["limit", "ban", "above", "requests"], ban.above.requests, {
        from: 1,
        to: MAX_REQUESTS,
      }),
    );
  return found;
}

function edgeProblems(rule: ArmorRule): PropProblem[] {
  if (!isInspecting(rule) && !isRateLimit(rule)) return [];
  return [
    {
      prop: [isInspecting(rule) ? "inspect" : "limit"],
      problem: "is in a policy of the edge, before the cache, which neither inspects nor counts",
      instead: "leave it out, or attach a policy to the backend",
    },
  ];
}

function orderProblems(rules: Readonly<Record<string, ArmorRule>>): PropProblem[] {
  const entries = Object.entries(rules);
  return entries.flatMap(([name, rule], place) => {
    const found: PropProblem[] = [];
    const same = entries.find(([, other], index) => index < place && overlap(rule, other));
    if (same) {
      const [other, { priority }] = same;
      const how = isRateLimit(rule) || isRateLimit(same[1]) ? "a rate limit's thousand" : "taken";
      found.push({
        prop: ["rules", name, "priority"],
        problem: `is ${rule.priority}, ${how}, as "${other}" has ${priority}`,
        instead: "give another",
      });
    }
    const before = entries.find(
      ([, other]) =>
        other !== rule && !overlap(rule, other) && other.priority < rule.priority && covers(other, rule),
    );
    if (before)
      found.push({
        prop: ["rules", name],
        problem: `can never be reached, as "${before[0]}" before it decides about all its requests`,
        instead: `give it a priority below ${before[1].priority}`,
      });
    return found;
  });
}

/** Priorities that a rule may have. */
function span(rule: ArmorRule): [from: number, to: number] {
  return [rule.priority, rule.priority + (isRateLimit(rule) ? PRIORITIES_PER_LIMIT - 1 : 0)];
}

function overlap(a: ArmorRule, b: ArmorRule): boolean {
  const [[fromA, toA], [fromB, toB]] = [span(a), span(b)];
  return fromA <= toB && fromB <= toA;
}

/** Whether nothing that matches the second gets past the first. */
function covers(first: ArmorRule, second: ArmorRule): boolean {
  if (first.preview ?? isInspecting(first)) return false;
  if (isInspecting(first)) return isInspecting(second) && inspection(first) === inspection(second);
  const { ranges, expression } = first;
  if (expression === undefined ? isEverybody(ranges) : expression.trim() === "true") return true;
  if (isInspecting(second)) return false;
  if (expression !== undefined) return expression === second.expression;
  return second.ranges?.every((range) => ranges?.includes(range)) ?? false;
}

function isEverybody(ranges: readonly string[] | undefined): boolean {
  return !ranges || ranges.includes("*") || (ranges.includes("0.0.0.0/0") && ranges.includes("::/0"));
}
