import { cidrProblem, overlap, prefixLength } from "../../core/cidr";
import { nameProblem, type PropProblem, problemAt, problemsIn, wholeNumber } from "../../core/invalid-props";
import { type Path, printPath } from "../../input/problems";
import type { FirewallRuleProps, FirewallTraffic, FlowLogProps, NatProps, NetworkingProps } from "./props";

/** Room for the longest suffix that `Networking` puts after the network's name, `-private-services`. */
const MAX_NETWORK_NAME = 63 - "-private-services".length;

/** Everything that is wrong with the props. */
export function problems(props: NetworkingProps): PropProblem[] {
  return [
    ...names(props),
    ...ranges(props),
    ...Object.entries(props.subnets).flatMap(([key, { flowLogs }]) =>
      flowLogs ? problemsIn(["subnets", key, "flowLogs"], flowLog(flowLogs)) : [],
    ),
    ...Object.entries(props.firewallRules ?? {}).flatMap(([key, rule]) =>
      problemsIn(["firewallRules", key], firewallRule(rule)),
    ),
    ...(props.nat ? problemsIn(["nat"], nat(props.nat)) : []),
  ];
}

/** Something in the props, and where it stands. */
type Located = readonly [prop: Path, value: string];

function names({ name, subnets, firewallRules = {}, ingressAddress }: NetworkingProps): PropProblem[] {
  const problem = nameProblem(name, MAX_NETWORK_NAME);
  // Names derived from a bad one would only repeat what is wrong with it.
  const prefix = problem ? "network" : name;
  const others: Located[] = [
    ...Object.entries(subnets).map(
      ([key, subnet]): Located => [["subnets", key], subnet.name ?? `${prefix}-${key}`],
    ),
    ...Object.entries(subnets).flatMap(([key, { secondaryRanges = {} }]) =>
      Object.keys(secondaryRanges).map(
        (range): Located => [["subnets", key, "secondaryRanges", range], range],
      ),
    ),
    ...Object.keys(firewallRules).map((key): Located => [["firewallRules", key], `${prefix}-${key}`]),
    [["ingressAddress", "name"], ingressAddress?.name ?? `${prefix}-ingress`],
  ];
  return [
    ...problemAt(["name"], problem),
    ...others.flatMap(([prop, value]) => problemAt(prop, nameProblem(value))),
  ];
}

/** Form and overlap of all address ranges inside the network. */
function ranges({ subnets, privateServices }: NetworkingProps): PropProblem[] {
  const all: Located[] = Object.entries(subnets).flatMap(([key, subnet]): Located[] => [
    [["subnets", key, "cidr"], subnet.cidr],
    ...Object.entries(subnet.secondaryRanges ?? {}).map(
      ([name, cidr]): Located => [["subnets", key, "secondaryRanges", name], cidr],
    ),
  ]);
  const { cidr: services, prefixLength: size = 16 } = privateServices ?? {};
  if (services !== undefined) all.push([["privateServices", "cidr"], services]);

  const found: PropProblem[] = [];
  const sound: Located[] = [];
  for (const [prop, cidr] of all) {
    const problem = cidrProblem(cidr);
    if (problem) found.push({ prop, ...problem });
    else sound.push([prop, cidr]);
  }
  for (const [index, [prop, cidr]] of sound.entries())
    for (const [otherProp, other] of sound.slice(0, index))
      if (overlap(cidr, other))
        found.push({
          prop,
          problem: `"${cidr}" overlaps "${other}" of ${printPath(otherProp)}`,
          instead: "give ranges apart from each other",
        });

  const bits = services === undefined || cidrProblem(services) ? size : prefixLength(services);
  if (!Number.isInteger(bits) || bits < 8 || bits > 24)
    found.push({
      prop: ["privateServices"],
      problem: `is a /${bits}, which Google's services do not take`,
      instead: "give a range from /8 to /24",
    });
  return found;
}

function flowLog({ sampling = 1 }: FlowLogProps): PropProblem[] {
  if (sampling > 0 && sampling <= 1) return [];
  const instead = "give a share above 0 and up to 1, or turn flow logs off by false";
  return [{ prop: ["sampling"], problem: `is ${sampling}`, instead }];
}

function firewallRule(rule: FirewallRuleProps): PropProblem[] {
  const { direction = "INGRESS", priority, allow = [], deny = [], ranges = [] } = rule;
  const found = [
    ...ranges.flatMap((range, index) => problemAt(["ranges", index], cidrProblem(range))),
    ...wholeNumber(["priority"], priority, { from: 0, to: 65_535, optional: true }),
  ];
  if (allow.length > 0 === deny.length > 0)
    found.push({
      prop: [allow.length > 0 ? "deny" : "allow"],
      problem: allow.length > 0 ? "is given beside allow" : "is empty, as is deny",
      instead: "give one of the two, with at least one entry",
    });
  for (const [list, entries] of Object.entries({ allow, deny }))
    for (const [index, entry] of entries.entries()) found.push(...problemsIn([list, index], traffic(entry)));

  const sources = (["sourceTags", "sourceServiceAccounts"] as const).filter((prop) => rule[prop]?.length);
  if (direction === "EGRESS") {
    for (const prop of sources)
      found.push({ prop: [prop], problem: "is given for outgoing traffic", instead: "leave it out" });
    if (ranges.length === 0)
      found.push({
        prop: ["ranges"],
        problem: "is empty, which names no destination",
        instead: 'give the destinations, or "0.0.0.0/0" for all',
      });
  } else if (sources.length + ranges.length === 0)
    found.push({
      prop: ["ranges"],
      problem: "is empty, which names no source",
      instead: 'give ranges ("0.0.0.0/0" for all), sourceTags or sourceServiceAccounts',
    });

  const accounts = (["sourceServiceAccounts", "targetServiceAccounts"] as const).find((prop) => rule[prop]);
  if (accounts && (rule.sourceTags ?? rule.targetTags))
    found.push({ prop: [accounts], problem: "is given beside tags", instead: "use one of them in a rule" });
  return found;
}

function traffic({ protocol, ports = [] }: FirewallTraffic): PropProblem[] {
  if (ports.length > 0 && !["tcp", "udp", "sctp", "6", "17", "132"].includes(protocol))
    return [{ prop: ["ports"], problem: `is given for protocol "${protocol}"`, instead: "leave it out" }];
  return ports.flatMap((port, index) => {
    const [from = Number.NaN, to = from] = /^\d+(-\d+)?$/.test(port) ? port.split("-").map(Number) : [];
    if (from <= to && to <= 65_535) return [];
    const instead = 'give a port ("443") or a range of ports ("8000-8100")';
    return [{ prop: ["ports", index], problem: `is "${port}"`, instead }];
  });
}

function nat({ staticAddresses, minPortsPerVm = 64, maxPortsPerVm = 65_536 }: NatProps): PropProblem[] {
  const found = wholeNumber(["staticAddresses"], staticAddresses, { from: 0, optional: true });
  const bad = Object.entries({ minPortsPerVm, maxPortsPerVm }).filter(
    ([, ports]) => !Number.isInteger(Math.log2(ports)) || ports < 32 || ports > 65_536,
  );
  for (const [prop, ports] of bad)
    found.push({ prop: [prop], problem: `is ${ports}`, instead: "give a power of two from 32 to 65536" });
  if (bad.length === 0 && minPortsPerVm >= maxPortsPerVm)
    found.push({
      prop: ["maxPortsPerVm"],
      problem: `is ${maxPortsPerVm}, no more than minPortsPerVm`,
      instead: `give more than ${minPortsPerVm}`,
    });
  return found;
}
