import type { RulesetRules, RulesetRulesActionParameters } from "@cdktf/provider-cloudflare/lib/ruleset";
import { CLOUDFLARE_PLANS, type CloudflarePlan, fieldPlan, includesPlan } from "./plan";

/** Name, description and expression of a rule. */
interface Rule {
  /** Name that stays when rules move; unique in its list. A rule with another `ref` is another rule to Cloudflare. */
  readonly ref: string;
  /** Shown in the dashboard and in event logs. */
  readonly description: string;
  /**
   * Which requests, in Cloudflare's rules language: `http.request.uri.path wildcard "/assets/*"`, where `*` also
   * matches slashes. Regular expressions need plan business.
   * @see https://developers.cloudflare.com/ruleset-engine/rules-language/
   */
  readonly expression: string;
}

/** Cache rule, for the requests that its expression matches. */
export interface CacheRule extends Rule {
  /**
   * How long responses are cached. `respect-origin`: for as long as the origin's Cache-Control says, and not at all where it says nothing.
   * `edgeTtl`: for so many seconds at the edge, whatever the origin says; browsers do as the origin says.
   * `bypass`: not at all.
   */
  readonly cache: "respect-origin" | "bypass" | { readonly edgeTtl: number };
}

/** Rate limiting rule. Plan pro allows these fields in `expression`: host, path, query, URI, and verified bots (`cf.client.bot`). */
export interface RateLimit extends Rule {
  /** Requests in `period` that are let through. Counted per Cloudflare location, not in the whole world. */
  readonly requests: number;
  /** Period in seconds: 10, 15, 20, 30, 40, 45, 60, and more from plan business on. */
  readonly period: number;
  /** What happens to further requests; "block" answers with status 429, a challenge no program can pass. @default "block" */
  readonly action?: "block" | "managed_challenge";
  /** Mitigation timeout: seconds for which a client stays blocked, the values of `period`, 300, 600 and 3600. Required for "block". @default none */
  readonly blockFor?: number;
  /**
   * Counting characteristics, which tell clients apart.
   * @default ["ip.src"], their address; others need plan business or enterprise
   */
  readonly countBy?: readonly string[];
}

/** Action of a managed ruleset: `default` keeps each rule's own, `off` leaves the ruleset out; `log` needs plan enterprise. */
export type ManagedRulesAction = "default" | "block" | "managed_challenge" | "log" | "off";

/** Actions of Cloudflare's managed rulesets, and their exceptions. */
export interface ManagedRules {
  /** The Cloudflare Managed Ruleset: known vulnerabilities, few false alarms. @default "default" */
  readonly cloudflare?: ManagedRulesAction;
  /**
   * The OWASP Core Ruleset at paranoia level 1, acting on a score of 40 or more. It takes much for an attack that is none: where the plan
   * lets it only log, look at that before it acts.
   * @default "log" on plan enterprise, "off" on others
   */
  readonly owasp?: ManagedRulesAction;
  /** Requests that skip both, as an expression. @default none */
  readonly except?: string;
}

/** Custom WAF rule. */
export interface FirewallRule extends Rule {
  /** What happens to the requests that it matches. */
  readonly action: "block" | "managed_challenge";
}

/** Rules for one phase, and what is wrong with what they were made from. */
export interface CompiledRules {
  readonly rules: RulesetRules[];
  readonly problems: string[];
}

/** @see https://developers.cloudflare.com/waf/rate-limiting-rules/#availability */
const RATE_PERIODS = [
  10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600, 900, 1200, 1800, 2400, 3600, 65_535, 86_400,
];
const DEFAULT_COUNT_BY: readonly string[] = ["ip.src"];
/** @see https://developers.cloudflare.com/waf/managed-rules/ */
const CLOUDFLARE_RULESET = "efb7b8c949ac4650a09736fc376e9aee";
const OWASP_RULESET = "4814384a9e5d4991b9815dcfc25d2f1f";
/** The rule of the OWASP ruleset that adds up the scores of the others, and acts. */
const OWASP_SCORE_RULE = "6179ae15870a4bb7b2d480d4843b323c";

/**
 * Of the rules that match a request the last one wins, so the order is: nothing is cached, except what `declared`
 * says, except for requests with credentials.
 */
export function cacheRules(
  declared: readonly CacheRule[],
  sessionCookies: readonly string[],
  plan: CloudflarePlan,
): CompiledRules {
  const { cacheRules: max, minEdgeTtl } = CLOUDFLARE_PLANS[plan];
  const all: CacheRule[] = [
    {
      ref: "bypass-everything",
      description: "Nothing is cached unless a rule below says so",
      expression: "true",
      cache: "bypass",
    },
    ...declared,
    {
      ref: "bypass-credentials",
      description: "Requests with credentials are never cached",
      expression: hasCredentials(sessionCookies),
      cache: "bypass",
    },
  ];
  const problems = ruleProblems("cacheRules", all, max, plan);
  for (const cookie of sessionCookies)
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(cookie))
      problems.push(
        `sessionCookies has "${cookie}", which is no cookie name; give names as in Set-Cookie, such as "session".`,
      );
  for (const { ref, cache } of declared)
    if (typeof cache === "object" && !(Number.isInteger(cache.edgeTtl) && cache.edgeTtl >= minEdgeTtl))
      problems.push(
        `cacheRules "${ref}" has edgeTtl ${cache.edgeTtl}; plan ${plan} allows whole seconds from ${minEdgeTtl}. Take "respect-origin" and let the origin send Cache-Control, which may be shorter.`,
      );
  return {
    problems,
    rules: all.map((rule) => ({
      ...common(rule),
      action: "set_cache_settings",
      actionParameters: cacheSettings(rule.cache),
    })),
  };
}

export function rateLimits(declared: readonly RateLimit[], plan: CloudflarePlan): CompiledRules {
  return {
    problems: [
      ...ruleProblems("rateLimits", declared, CLOUDFLARE_PLANS[plan].rateLimits, plan),
      ...declared.flatMap((rule) => rateLimitProblems(rule, plan)),
    ],
    rules: declared.map((rule) => ({
      ...common(rule),
      action: rule.action ?? "block",
      ratelimit: {
        // Cloudflare counts per location, and wants it said.
        characteristics: ["cf.colo.id", ...(rule.countBy ?? DEFAULT_COUNT_BY)],
        period: rule.period,
        requestsPerPeriod: rule.requests,
        mitigationTimeout: rule.blockFor ?? 0,
      },
    })),
  };
}

export function managedRules(declared: ManagedRules, plan: CloudflarePlan): CompiledRules {
  const { managedRules: available, log } = CLOUDFLARE_PLANS[plan];
  const { cloudflare = available ? "default" : "off", owasp = log ? "log" : "off", except } = declared;
  const problems = except === undefined ? [] : expressionProblems("managedRules.except", except, plan);
  for (const [name, action] of Object.entries({ cloudflare, owasp }))
    if (available && action === "log" && !log)
      problems.push(
        `managedRules.${name} only logs, which needs plan enterprise; plan ${plan} has "default", "block", "managed_challenge" and "off".`,
      );
  if (!available && (cloudflare !== "off" || owasp !== "off" || except !== undefined))
    problems.push(`managedRules need plan pro; on plan ${plan} leave them out.`);
  if (except?.trim() === "")
    problems.push("managedRules.except is empty; give an expression or leave it out.");

  const rules: RulesetRules[] = [];
  if (except !== undefined)
    rules.push({
      ...common({
        ref: "except",
        description: "Requests that skip the managed rules",
        expression: except,
      }),
      action: "skip",
      actionParameters: { ruleset: "current" },
      logging: { enabled: true },
    });
  if (cloudflare !== "off")
    rules.push({
      ...common({ ref: "cloudflare", description: "Cloudflare Managed Ruleset", expression: "true" }),
      action: "execute",
      actionParameters: {
        id: CLOUDFLARE_RULESET,
        overrides: cloudflare === "default" ? undefined : { action: cloudflare },
      },
    });
  if (owasp !== "off")
    rules.push({
      ...common({ ref: "owasp", description: "OWASP Core Ruleset, paranoia level 1", expression: "true" }),
      action: "execute",
      actionParameters: {
        id: OWASP_RULESET,
        overrides: {
          categories: [2, 3, 4].map((level) => ({ category: `paranoia-level-${level}`, enabled: false })),
          rules: [
            { id: OWASP_SCORE_RULE, scoreThreshold: 40, action: owasp === "default" ? undefined : owasp },
          ],
        },
      },
    });
  return { rules, problems };
}

export function firewallRules(declared: readonly FirewallRule[], plan: CloudflarePlan): CompiledRules {
  return {
    problems: ruleProblems("firewallRules", declared, CLOUDFLARE_PLANS[plan].firewallRules, plan),
    rules: declared.map((rule) => ({ ...common(rule), action: rule.action })),
  };
}

function common({ ref, description, expression }: Rule) {
  return { ref, description, expression, enabled: true };
}

/**
 * Headers by key, not `http.request.headers.names`: those keep the client's spelling, and `Authorization` would slip
 * through. With too many headers Cloudflare does not see them all: bypassed as well.
 */
function hasCredentials(cookies: readonly string[]): string {
  return [
    ...cookies.map((cookie) => `(http.cookie contains "${cookie}=")`),
    '(any(len(http.request.headers["authorization"][*])[*] gt 0))',
    "(http.request.headers.truncated)",
  ].join(" or ");
}

function cacheSettings(cache: CacheRule["cache"]): RulesetRulesActionParameters {
  if (cache === "bypass") return { cache: false };
  return {
    cache: true,
    // "bypass_by_default" is "respect_origin" without the two hours that an answer without Cache-Control would get.
    edgeTtl:
      cache === "respect-origin"
        ? { mode: "bypass_by_default" }
        : { mode: "override_origin", default: cache.edgeTtl },
    // Otherwise the zone's Browser Cache TTL of four hours replaces any shorter max-age.
    browserTtl: { mode: "respect_origin" },
  };
}

function ruleProblems(list: string, rules: readonly Rule[], max: number, plan: CloudflarePlan): string[] {
  const problems: string[] = [];
  if (rules.length > max) problems.push(`${list} come to ${rules.length} rules; plan ${plan} allows ${max}.`);
  for (const [index, { ref, expression }] of rules.entries()) {
    if (!/^[a-z0-9][a-z0-9_-]*$/.test(ref))
      problems.push(`${list} has ref "${ref}"; give a-z, 0-9, - and _, such as "static-assets".`);
    if (rules.findIndex((rule) => rule.ref === ref) !== index)
      problems.push(`${list} has ref "${ref}" twice; give each rule its own.`);
    if (expression.trim() === "")
      problems.push(`${list} "${ref}" has an empty expression; give one, or "true" for every request.`);
    problems.push(...expressionProblems(`${list} "${ref}"`, expression, plan));
  }
  return problems;
}

/** What of an expression the plan does not have. */
function expressionProblems(where: string, expression: string, plan: CloudflarePlan): string[] {
  const problems: string[] = [];
  if (!CLOUDFLARE_PLANS[plan].regex && / (matches|~) /.test(withoutTexts(expression)))
    problems.push(
      `${where} has a regular expression, which needs plan business; use wildcard or starts_with().`,
    );
  for (const field of fieldsOf(expression)) {
    const needed = fieldPlan(field);
    if (!includesPlan(plan, needed)) problems.push(`${where} asks for ${field}, which needs plan ${needed}.`);
  }
  return problems;
}

/** Fields and lists that an expression names. */
function fieldsOf(expression: string): string[] {
  const names = withoutTexts(expression).matchAll(/\$\w+(\.\w+)*|\b(http|ip|cf|raw)(\.\w+)+|\bssl\b/g);
  return [...new Set([...names].map(([name]) => name))];
}

/** An expression with each of its texts empty: "a", r"a", r#"a"#. */
function withoutTexts(expression: string): string {
  return expression.replace(/r(#*)"[\s\S]*?"\1|"(\\[\s\S]|[^"\\])*"/g, '""');
}

function rateLimitProblems(rule: RateLimit, plan: CloudflarePlan): string[] {
  const { ref, requests, period, action = "block", blockFor, countBy = DEFAULT_COUNT_BY } = rule;
  const limits = CLOUDFLARE_PLANS[plan];
  const periods = RATE_PERIODS.filter((seconds) => seconds <= limits.maxRatePeriod);
  const timeouts = RATE_PERIODS.filter((seconds) => seconds <= limits.maxMitigation);
  const problems: string[] = [];
  if (!Number.isInteger(requests) || requests < 1)
    problems.push(`lets ${requests} requests through; give a whole number from 1.`);
  if (!periods.includes(period))
    problems.push(`has period ${period}; plan ${plan} allows ${periods.join(", ")} seconds.`);
  if (action === "block" && !(blockFor !== undefined && timeouts.includes(blockFor)))
    problems.push(`has blockFor ${blockFor}; plan ${plan} allows ${timeouts.join(", ")} seconds.`);
  if (action !== "block" && blockFor !== undefined)
    problems.push("challenges and has blockFor; leave it out, every request over the limit is challenged.");
  if (countBy.length === 0) problems.push('counts by nothing; leave countBy out for ["ip.src"].');
  if (["ip.src", "cf.unique_visitor_id"].every((characteristic) => countBy.includes(characteristic)))
    problems.push('counts by both "ip.src" and "cf.unique_visitor_id"; give one of them.');
  for (const field of fieldsOf(rule.expression))
    if (limits.rateLimitFields && !limits.rateLimitFields.includes(field))
      problems.push(`asks for ${field}; plan ${plan} allows ${limits.rateLimitFields.join(", ")}.`);
  for (const characteristic of countBy)
    if (limits.countBy && !limits.countBy.includes(characteristic))
      problems.push(`counts by "${characteristic}"; plan ${plan} allows ${limits.countBy.join(", ")}.`);
  return problems.map((problem) => `rateLimits "${ref}" ${problem}`);
}
