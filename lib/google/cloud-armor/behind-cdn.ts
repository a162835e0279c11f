import { createHash } from "node:crypto";
import { Fn } from "cdktf";
import { expression } from "../../core/expression";
import { type PropProblem, wholeNumber } from "../../core/invalid-props";
import { INTERVALS, MAX_REQUESTS, RANGES_PER_RULE } from "./rules";

/** Cloud Armor takes five conditions in one expression, of which one is the path. @see https://cloud.google.com/armor/quotas */
const RANGES_PER_EXPRESSION = 4;
/** Of the rules that let the CDN in, behind all limits: the first rule that matches decides. */
const ALLOWED_PRIORITY = 1_000_000_000;
/** Rules that one limit may come to: as many as there are fours of ranges. */
const RULES_PER_LIMIT = 100;

/** Rate limit of the requests below a path. */
export interface PathRateLimit {
  /** What it limits, for people. */
  readonly description: string;
  /** Path prefix, such as `/api/webhooks/`. No other limit's may begin with it. */
  readonly path: string;
  /** Requests that a client may make in the interval; further ones get 429. */
  readonly requests: number;
  /** Interval in seconds: 10, 30, 60, 120, 180, 240, 300, 600, 900, 1200, 1800, 2700 or 3600. @default 60 */
  readonly seconds?: number;
}

/** Rate limits behind a CDN. */
export interface CdnRateLimits {
  /**
   * Header in which the CDN says whose request it is, such as `CF-Connecting-IP`. It has to be one that the CDN overwrites: of a client's
   * own `X-Forwarded-For` it keeps the first address.
   */
  readonly clientAddressHeader: string;
  /** Limits, by path. */
  readonly paths: readonly PathRateLimit[];
}

/** Rules that let requests of the ranges in, and of these no more than the limits say: for `dynamic.rule`. */
export function rulesBehindCdn(ranges: string[], rateLimits: CdnRateLimits | undefined) {
  // How many ranges there are may be known to Terraform alone.
  const allowed = {
    for_each: Fn.chunklist(ranges, RANGES_PER_RULE),
    content: {
      action: "allow",
      priority: expression`${ALLOWED_PRIORITY} + rule.key`,
      description: "Ranges of the CDN",
      match: { versioned_expr: "SRC_IPS_V1", config: { src_ip_ranges: expression`rule.value` } },
    },
  };
  const limits = (rateLimits?.paths ?? []).map((limit) =>
    throttle(ranges, limit, rateLimits?.clientAddressHeader as string),
  );
  return limits.length === 0 ? allowed : [...limits, allowed];
}

/** Rules that let so many requests through, of the CDN's alone: what they let through no other rule looks at. */
function throttle(ranges: string[], limit: PathRateLimit, clientAddressHeader: string) {
  const { path, description } = limit;
  return {
    for_each: Fn.chunklist(ranges, RANGES_PER_EXPRESSION),
    content: {
      action: "throttle",
      priority: expression`${priorityOf(limit)} + rule.key`,
      description,
      match: {
        expr: {
          expression: `request.path.lower().urlDecode().startsWith('${path}') && (${expression`join(" || ", formatlist("inIpRange(origin.ip, '%s')", rule.value))`})`,
        },
      },
      rate_limit_options: {
        conform_action: "allow",
        exceed_action: "deny(429)",
        enforce_on_key: "HTTP_HEADER",
        enforce_on_key_name: clientAddressHeader,
        rate_limit_threshold: { count: limit.requests, interval_sec: limit.seconds ?? 60 },
      },
    },
  };
}

/**
 * By what the limit says: the provider (6.50) sends a rule whose limit changed with a mask that leaves the limit out, and a
 * rule of another priority is another rule.
 */
function priorityOf(limit: PathRateLimit): number {
  const digest = createHash("sha256").update(JSON.stringify([limit.path, limit.requests, limit.seconds]));
  return RULES_PER_LIMIT * (1 + (digest.digest().readUInt32BE() % (ALLOWED_PRIORITY / RULES_PER_LIMIT - 2)));
}

/** What is wrong with rate limits behind a CDN. */
export function rateLimitProblems(
  allowedRanges: readonly string[] | undefined,
  rateLimits: CdnRateLimits | undefined,
): PropProblem[] {
  if (!rateLimits) return [];
  const { clientAddressHeader, paths } = rateLimits;
  const header = ["rateLimits", "clientAddressHeader"];
  const problems: PropProblem[] = [];
  if (!allowedRanges)
    problems.push({
      prop: ["rateLimits"],
      problem: "counts by a header that anybody may send",
      instead: "give allowedRanges, so that only the CDN does",
    });
  if (!/^[A-Za-z0-9-]+$/.test(clientAddressHeader))
    problems.push({
      prop: header,
      problem: `is "${clientAddressHeader}"`,
      instead: 'give a header\'s name, such as "CF-Connecting-IP"',
    });
  if (/^x-forwarded-for$/i.test(clientAddressHeader))
    problems.push({
      prop: header,
      problem: `is "${clientAddressHeader}", whose first address a client writes`,
      instead: 'give one that the CDN overwrites, such as "CF-Connecting-IP"',
    });
  for (const [index, { path, requests, seconds = 60 }] of paths.entries()) {
    const at = ["rateLimits", "paths", index];
    if (!/^\/[a-z0-9._~/-]*$/.test(path))
      problems.push({
        prop: [...at, "path"],
        problem: `is "${path}"`,
        instead: 'give a path prefix in small letters, such as "/api/webhooks/"',
      });
    const other = paths.find(
      ({ path: b }, place) => place !== index && path.startsWith(b) && (path !== b || place < index),
    );
    if (other)
      problems.push({
        prop: [...at, "path"],
        problem: `is "${path}", which begins with "${other.path}" that has a limit of its own`,
        instead: "give one of them",
      });
    problems.push(...wholeNumber([...at, "requests"], requests, { from: 1, to: MAX_REQUESTS }));
    if (!INTERVALS.includes(seconds))
      problems.push({
        prop: [...at, "seconds"],
        problem: `is ${seconds}`,
        instead: `give one of ${INTERVALS.join(", ")}`,
      });
  }
  return problems;
}
