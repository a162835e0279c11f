import { isIP } from "node:net";
import { isValidCIDR } from "ipaddr.js";
import { type PropProblem, problemsIn, wholeNumber } from "../../core/invalid-props";
import {
  type ArmorMatch,
  type ArmorRateLimit,
  type ArmorRule,
  INTERVALS,
  type InspectingRule,
  inspection,
  isInspecting,
  isRateLimit,
  LAST_PRIORITY,
  MAX_REQUESTS,
  PRIORITIES_PER_LIMIT,
  RANGES_PER_RULE,
  RULE_SETS,
  VERSIONS,
} from "./rules";

/** What Cloud Armor takes of a rule. @see https://cloud.google.com/armor/quotas */
const CONDITIONS_PER_EXPRESSION = 5;
const EXPRESSION_LENGTH = 2048;
const DESCRIPTION_LENGTH = 64;

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
  for (const [index, range] of (ranges ?? []).entries())
    if (range !== "*" && isIP(range) === 0 && !isValidCIDR(range))
      found.push({
        prop: ["ranges", index],
        problem: `is "${range}"`,
        instead: 'give a range such as "192.0.2.0/24" or "2001:db8::/32", or "*" for all',
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
