import { z } from "zod";
import { cidrProblem, contains, overlap, prefixLength } from "../core/cidr";
import { printValueProblem } from "../core/invalid-props";
import { plain, text } from "./fields";
import { type Path, quote } from "./problems";
import { type Finding, textAt } from "./source-document";

/** What each IPv4 range of a VPC with a GKE cluster is for, and the prefix lengths of the largest and the smallest. */
const ROLES = {
  nodes: {
    description:
      "Nodes, and the private address of the control plane. It can grow in place, and not shrink or move.",
    largest: 8,
    smallest: 29,
  },
  pods: {
    description: "Pods, a /24 for each node. Another one recreates the cluster.",
    largest: 9,
    smallest: 24,
  },
  services: {
    description: "Kubernetes services. Another one recreates the cluster.",
    largest: 16,
    smallest: 27,
  },
  privateServices: {
    description:
      "Google's services with a private address, such as Cloud SQL. Instances stay in the old one until they are recreated.",
    largest: 8,
    smallest: 24,
  },
} as const;

type Role = keyof typeof ROLES;
const ROLE_NAMES = Object.keys(ROLES) as Role[];

/** IPv4 ranges of a VPC with a GKE cluster, by what they are for. */
export type NetworkRanges = Readonly<Record<Role, string>>;

/** What the charts' network policies keep pods from where they may reach the internet. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
/** An IPv4 range. Whether it begins with its first address, and is of a right size, is up to {@link networkRangeRules}. */
const RANGE = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}/(?:\\d|[12]\\d|3[0-2])$`);

/** An IPv4 range, by its form: whether it begins with its first address is up to {@link cidrProblem}. */
export const ipv4Range = (description: string, example: string) =>
  text({
    description,
    format: "an IPv4 range",
    advice: "write its first address, a slash and its prefix length",
    pattern: RANGE,
    example,
    suggest: (wrong) => plain(wrong).replace(/\s+/g, ""),
  });

/**
 * Configuration of an environment's IPv4 ranges. How they relate to each other is checked by {@link networkRangeRules}.
 * @param defaults of what is not given
 */
export function networkRanges(defaults: NetworkRanges) {
  const range = (role: Role) => ipv4Range(ROLES[role].description, defaults[role]).default(defaults[role]);
  return z
    .strictObject({
      nodes: range("nodes"),
      pods: range("pods"),
      services: range("services"),
      privateServices: range("privateServices"),
    })
    .default(defaults)
    .meta({
      description:
        "IPv4 ranges of the VPC: private, apart from each other, and from those of any network that it is to be connected to.",
      examples: [defaults],
    });
}

/**
 * What Google or the cluster would refuse of the ranges, each at its place.
 * @param path of the ranges in the configuration
 * @param defaults of what is not given, with which the given ones must not overlap either
 */
export function networkRangeRules(configuration: unknown, path: Path, defaults: NetworkRanges): Finding[] {
  const given = (role: Role) => textAt(configuration, [...path, role]);
  const findings: Finding[] = [];
  const sound: { readonly role: Role; readonly range: string; readonly isGiven: boolean }[] = [];
  for (const role of ROLE_NAMES) {
    const range = given(role) ?? defaults[role];
    // What has another form is the schema's to refuse.
    if (!RANGE.test(range)) continue;
    const problem = rangeProblem(role, range);
    if (problem) findings.push({ path: [...path, role], message: problem });
    else sound.push({ role, range, isGiven: given(role) !== undefined });
  }
  for (const [index, one] of sound.entries())
    for (const other of sound.slice(0, index)) {
      if (!overlap(one.range, other.range)) continue;
      const [at, beside] = one.isGiven ? [one, other] : [other, one];
      const whose = beside.isGiven ? beside.role : `the default of ${beside.role}`;
      findings.push({
        path: [...path, at.role],
        message: `${quote(at.range)} overlaps ${quote(beside.range)}, ${whose}: give each a range of its own`,
      });
    }
  return findings;
}

function rangeProblem(role: Role, range: string): string | undefined {
  const problem = cidrProblem(range);
  if (problem) return printValueProblem(problem);
  const { largest, smallest } = ROLES[role];
  const length = prefixLength(range);
  if (length < largest || length > smallest)
    return `${quote(range)} is too ${length < largest ? "large" : "small"} for ${role}: from /${largest} to /${smallest}`;
  if (!PRIVATE.some((outer) => contains(outer, range)))
    return `${quote(range)} is not private: take it from ${PRIVATE.slice(0, -1).join(", ")} or ${PRIVATE.at(-1)}`;
  return undefined;
}
