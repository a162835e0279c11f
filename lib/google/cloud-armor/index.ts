import { ComputeSecurityPolicy } from "@cdktf/provider-google/lib/compute-security-policy";
import { ComputeSslPolicy } from "@cdktf/provider-google/lib/compute-ssl-policy";
import { Construct } from "constructs";
import { nameProblem, type PropProblem, problemAt, rejectProps } from "../../core/invalid-props";
import { optionalOutput } from "../../core/props";
import { type CdnRateLimits, rateLimitProblems, rulesBehindCdn } from "./behind-cdn";
import { rulesProblems } from "./checks";
import { type ArmorRule, type Denial, everybody, toPolicyRules } from "./rules";

export type { CdnRateLimits, PathRateLimit } from "./behind-cdn";
export type {
  ArmorMatch,
  ArmorRateLimit,
  ArmorRule,
  Denial,
  InspectingRule,
  OwnRule,
  RateLimitKey,
  RateLimitRule,
  WafRuleSet,
} from "./rules";

/** Settings of a policy with rules of one's own. */
export interface ArmorSettings {
  /**
   * What happens to requests that no rule matches.
   * @default "allow"
   */
  readonly defaultAction?: "allow" | Denial;
  /**
   * For a bucket behind a load balancer: the policy acts before the cache, and knows addresses, regions and paths alone. Changing it
   * recreates the policy.
   * @default false, it acts before the backend
   */
  readonly edge?: boolean;
  /**
   * Learn what is usual and warn of floods of requests, in Security Command Center and the log. Rules against them come with Cloud Armor
   * Enterprise.
   * @default true, false at the edge
   */
  readonly adaptiveProtection?: boolean;
  /** How rules that inspect read JSON in bodies, with GraphQL on request. @default "STANDARD" */
  readonly jsonParsing?: "DISABLED" | "STANDARD" | "STANDARD_WITH_GRAPHQL";
  /** What the log of a matched rule says; VERBOSE has parts of the request, which may be secrets. @default "NORMAL" */
  readonly logLevel?: "NORMAL" | "VERBOSE";
  /** Headers in which a proxy in front says whose request it is, for the key `USER_IP`. @default none */
  readonly userIpHeaders?: readonly string[];
}

export interface CloudArmorPolicyProps extends ArmorSettings {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /** Name of the policies. Changing it recreates them. */
  readonly name: string;
  /**
   * CIDR ranges that requests may come from, a list or a reference to one: those of the CDN in front, so that nobody gets
   * around its rules by asking the load balancer itself. Everybody else gets 403. Not beside `rules`.
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
  /**
   * Rules, by name: which inspect requests, limit their rate, or allow and deny by address or expression. Those that inspect come
   * before those that allow, rate limits among them: whatever these let through no later rule looks at.
   * @default none
   */
  readonly rules?: Record<string, ArmorRule>;
  /**
   * Make an SSL policy as well, for a Gateway. A `LoadBalancer` has its own.
   * @default true without `rules`, false with them
   */
  readonly sslPolicy?: boolean;
}

/**
 * Cloud Armor security policy, of a `LoadBalancer`'s backends or a GKE Gateway's services, in one of two kinds. With `rules` it
 * inspects requests for attacks, limits their rate, and allows or denies by address or expression. With `allowedRanges` it
 * refuses requests from elsewhere than a CDN. With it, or alone, comes an SSL policy of a GKE Gateway, which refuses TLS before
 * 1.2 with its old ciphers, which Google's own default still speaks.
 *
 * For a Gateway both take effect where the charts attach them: `sslPolicyName` by a GCPGatewayPolicy, `securityPolicyName` by the
 * GCPBackendPolicy of each service. Health checks pass either way.
 *
 * Allowing a CDN's ranges keeps out everybody but its customers, of whom any could point a host of theirs here: the API's
 * own sign-in is what protects its data.
 *
 * Rules that inspect start in preview: they write to the log of the load balancer what they would refuse, and refuse nothing.
 *
 * A policy costs 5 USD a month, each rule 1, a million requests 0.75. The applying identity needs roles/compute.securityAdmin.
 *
 * Source: OctoLLM document, section "Network Security" (Cloud Armor); Copy-That document, section "Cloud Armor WAF".
 * @see https://cloud.google.com/armor/docs/configure-security-policies
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources
 * @throws when the name is none that Compute Engine takes, a rule or rate limit none that Cloud Armor takes, or one that no request
 *   can reach
 * @example
 * ```ts
 * const gateway = new CloudArmorPolicy(stack, "gateway", {
 *   projectId: "acme-prod",
 *   name: "acme-prod",
 *   allowedRanges: ["173.245.48.0/20", "103.21.244.0/22"],
 * });
 * stack.output("ssl_policy_name", { value: gateway.sslPolicyName });
 *
 * const api = new CloudArmorPolicy(stack, "api", {
 *   projectId: "acme-prod",
 *   name: "acme-api",
 *   rules: {
 *     "sql-injection": { priority: 1000, inspect: "sqli", sensitivity: 1, preview: false },
 *     "cross-site-scripting": { priority: 1010, inspect: "xss", sensitivity: 1 },
 *     admin: { priority: 1100, expression: "request.path.startsWith('/admin')", action: "deny(404)" },
 *     floods: { priority: 2000, limit: { requests: 1000, seconds: 60, key: "IP", ban: { seconds: 600 } } },
 *   },
 * });
 * stack.output("security_policy_name", { value: api.securityPolicyName });
 * ```
 */
export class CloudArmorPolicy extends Construct {
  /** Whether it acts at the edge, for buckets. */
  readonly isEdge: boolean;
  private readonly sslPolicy?: string;
  private readonly securityPolicy?: ComputeSecurityPolicy;

  constructor(scope: Construct, id: string, props: CloudArmorPolicyProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    const { projectId: project, name, allowedRanges, rules } = props;

    if (props.sslPolicy ?? !rules)
      this.sslPolicy = new ComputeSslPolicy(this, "tls", {
        project,
        name,
        profile: "MODERN",
        minTlsVersion: "TLS_1_2",
      }).name;
    this.isEdge = props.edge ?? false;
    if (allowedRanges) this.securityPolicy = this.allowOnly(allowedRanges, props);
    if (rules) this.securityPolicy = this.byRules(rules, props);
  }

  /**
   * Name of the SSL policy, for a GCPGatewayPolicy.
   * @throws where none was asked for
   */
  get sslPolicyName(): string {
    return optionalOutput(this, "SSL policy", this.sslPolicy, "sslPolicy");
  }

  /**
   * Name of the security policy, for a GCPBackendPolicy.
   * @throws without `allowedRanges` and `rules`
   */
  get securityPolicyName(): string {
    return optionalOutput(this, "security policy", this.securityPolicy?.name, "allowedRanges");
  }

  /**
   * Id of the security policy, for a backend.
   * @throws without `allowedRanges` and `rules`
   */
  get securityPolicyId(): string {
    return optionalOutput(this, "security policy", this.securityPolicy?.id, "allowedRanges");
  }

  private allowOnly(
    ranges: string[],
    { projectId: project, name, rateLimits }: CloudArmorPolicyProps,
  ): ComputeSecurityPolicy {
    const policy = new ComputeSecurityPolicy(this, "Resource", {
      project,
      name,
      description: "Requests by way of the CDN only",
      type: "CLOUD_ARMOR",
      rule: [everybody("deny(403)", "Everybody else")],
    });
    policy.addOverride("dynamic.rule", rulesBehindCdn(ranges, rateLimits));
    return policy;
  }

  private byRules(
    rules: Readonly<Record<string, ArmorRule>>,
    props: CloudArmorPolicyProps,
  ): ComputeSecurityPolicy {
    const { userIpHeaders, defaultAction = "allow", adaptiveProtection = !this.isEdge } = props;
    return new ComputeSecurityPolicy(this, "Resource", {
      project: props.projectId,
      name: props.name,
      type: this.isEdge ? "CLOUD_ARMOR_EDGE" : "CLOUD_ARMOR",
      rule: [...toPolicyRules(rules), everybody(defaultAction, "Everything else")],
      adaptiveProtectionConfig: adaptiveProtection
        ? { layer7DdosDefenseConfig: { enable: true, ruleVisibility: "STANDARD" } }
        : undefined,
      advancedOptionsConfig: this.isEdge
        ? undefined
        : {
            jsonParsing: props.jsonParsing ?? "STANDARD",
            logLevel: props.logLevel ?? "NORMAL",
            userIpRequestHeaders: userIpHeaders && [...userIpHeaders],
          },
    });
  }
}

/** Settings that only a policy with rules has. */
const OF_RULES = [
  "defaultAction",
  "edge",
  "adaptiveProtection",
  "jsonParsing",
  "logLevel",
  "userIpHeaders",
] as const satisfies readonly (keyof ArmorSettings)[];
/** Of these, what the edge has not. */
const NOT_AT_EDGE = ["jsonParsing", "logLevel", "userIpHeaders"] as const;

function problems(props: CloudArmorPolicyProps): PropProblem[] {
  const { name, allowedRanges, rateLimits, rules, edge = false, userIpHeaders = [] } = props;
  const found = [...problemAt(["name"], nameProblem(name)), ...rateLimitProblems(allowedRanges, rateLimits)];
  if (!rules)
    return [
      ...found,
      ...OF_RULES.filter((prop) => props[prop] !== undefined).map((prop) => ({
        prop: [prop],
        problem: "is given without rules",
        instead: "leave it out, or give rules",
      })),
    ];
  if (allowedRanges)
    found.push({
      prop: ["rules"],
      problem: "are given beside allowedRanges, whose rules let requests in by themselves",
      instead: "give one of the two",
    });
  if (edge)
    for (const prop of [
      ...NOT_AT_EDGE,
      ...(props.adaptiveProtection ? (["adaptiveProtection"] as const) : []),
    ])
      if (props[prop] !== undefined)
        found.push({
          prop: [prop],
          problem: "is given for a policy of the edge, which looks into no request",
          instead: "leave it out",
        });
  return [...found, ...rulesProblems(rules, { edge, headers: userIpHeaders })];
}
