import { createHash } from "node:crypto";
import {
  ComputeSecurityPolicy,
  type ComputeSecurityPolicyRule,
} from "@cdktf/provider-google/lib/compute-security-policy";
import { ComputeSslPolicy } from "@cdktf/provider-google/lib/compute-ssl-policy";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { expression } from "../core/expression";
import { nameProblem, type PropProblem, problemAt, rejectProps, wholeNumber } from "../core/invalid-props";
import { optionalOutput } from "../core/props";

/** What Cloud Armor takes in one rule. */
const RANGES_PER_RULE = 10;
/** Cloud Armor takes five conditions in one expression, of which one is the path. @see https://cloud.google.com/armor/quotas */
const RANGES_PER_EXPRESSION = 4;
/** Of the rules that let the CDN in, behind all limits: the first rule that matches decides. */
const ALLOWED_PRIORITY = 1_000_000_000;
/** Rules that one limit may come to: as many as there are fours of ranges. */
const RULES_PER_LIMIT = 100;
/** @see https://cloud.google.com/armor/docs/rate-limiting-overview */
const INTERVALS = [10, 30, 60, 120, 180, 240, 300, 600, 900, 1200, 1800, 2700, 3600];
/** Of the rule that decides what no other does. */
const LAST_PRIORITY = 2_147_483_647;

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

export interface CloudArmorPolicyProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Name of both policies. Changing it recreates them. */
  readonly name: string;
  /**
   * CIDR ranges that requests may come from, a list or a reference to one: those of the CDN in front, so that nobody gets
   * around its rules by asking the load balancer itself. Everybody else gets 403.
   *
   * The policy, its rules and the requests are billed.
   * @default anybody; no policy is made, and nothing charged
   */
  readonly allowedRanges?: string[];
  /**
   * Rate limits by path, for what the CDN's plan has no rule left for. They need `allowedRanges`: anybody else could write into the
   * header what he likes. Cloud Armor counts for each rule and region, and each four ranges are a rule, so a client may get
   * a few times as many requests through, and never fewer.
   * @default none
   */
  readonly rateLimits?: CdnRateLimits;
}

/**
 * SSL policy and Cloud Armor security policy of a GKE Gateway: they refuse TLS before 1.2 with its old ciphers, which
 * Google's own default still speaks, and requests from elsewhere than the allowed ranges.
 *
 * Both take effect where the charts attach them: `sslPolicyName` by a GCPGatewayPolicy, `securityPolicyName` by the
 * GCPBackendPolicy of each service. Health checks pass either way.
 *
 * Allowing a CDN's ranges keeps out everybody but its customers, of whom any could point a host of theirs here: the API's
 * own sign-in is what protects its data.
 *
 * Source: OctoLLM document, section "Network Security" (Cloud Armor); Copy-That document, section "Cloud Armor WAF".
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources
 * @see https://cloud.google.com/armor/docs/configure-security-policies
 * @throws when the name is none that Compute Engine takes, or a rate limit none that Cloud Armor takes
 * @example
 * ```ts
 * const edge = new CloudArmorPolicy(stack, "edge", {
 *   projectId: "acme-prod",
 *   name: "acme-prod",
 *   allowedRanges: ["173.245.48.0/20", "103.21.244.0/22"],
 * });
 * stack.output("ssl_policy_name", { value: edge.sslPolicyName });
 * ```
 */
export class CloudArmorPolicy extends Construct {
  /** Name of the SSL policy, for a GCPGatewayPolicy. */
  readonly sslPolicyName: string;
  private readonly securityPolicy?: string;

  constructor(scope: Construct, id: string, props: CloudArmorPolicyProps) {
    super(scope, id);
    rejectProps(this, [...problemAt(["name"], nameProblem(props.name)), ...rateLimitProblems(props)]);
    const { projectId: project, name } = props;

    this.sslPolicyName = new ComputeSslPolicy(this, "tls", {
      project,
      name,
      profile: "MODERN",
      minTlsVersion: "TLS_1_2",
    }).name;
    if (props.allowedRanges) this.securityPolicy = this.allowOnly(props.allowedRanges, props);
  }

  /**
   * Name of the security policy, for a GCPBackendPolicy.
   * @throws without `allowedRanges`
   */
  get securityPolicyName(): string {
    return optionalOutput(this, "security policy", this.securityPolicy, "allowedRanges");
  }

  private allowOnly(
    ranges: string[],
    { projectId: project, name, rateLimits }: CloudArmorPolicyProps,
  ): string {
    const policy = new ComputeSecurityPolicy(this, "Resource", {
      project,
      name,
      description: "Requests by way of the CDN only",
      type: "CLOUD_ARMOR",
      rule: [
        {
          ...byAddress("deny(403)", ["*"]),
          priority: LAST_PRIORITY,
          description: "Everybody else",
        },
      ],
    });
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
    policy.addOverride("dynamic.rule", limits.length === 0 ? allowed : [...limits, allowed]);
    return policy.name;
  }
}

function byAddress(
  action: string,
  srcIpRanges: string[],
): Pick<ComputeSecurityPolicyRule, "action" | "match"> {
  return { action, match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges } } };
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

function rateLimitProblems({ allowedRanges, rateLimits }: CloudArmorPolicyProps): PropProblem[] {
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
    problems.push(...wholeNumber([...at, "requests"], requests, { from: 1, to: 1_000_000 }));
    if (!INTERVALS.includes(seconds))
      problems.push({
        prop: [...at, "seconds"],
        problem: `is ${seconds}`,
        instead: `give one of ${INTERVALS.join(", ")}`,
      });
  }
  return problems;
}
