import { cidrProblem, overlap, prefixLength } from "../../core/cidr";
import { nameProblem } from "../../core/props";
import type { FirewallRuleProps, FirewallTraffic, FlowLogProps, NatProps, NetworkingProps } from "./props";

/** Room for the longest suffix that `Networking` puts after the network's name, `-private-services`. */
const MAX_NETWORK_NAME = 63 - "-private-services".length;

/** Everything that is wrong with the props, a line each. */
export function problems(props: NetworkingProps): string[] {
  return [
    ...names(props),
    ...ranges(props),
    ...Object.entries(props.subnets).flatMap(([key, { flowLogs }]) =>
      flowLogs ? flowLog(flowLogs).map((problem) => `subnets.${key}.flowLogs: ${problem}`) : [],
    ),
    ...Object.entries(props.firewallRules ?? {}).flatMap(([key, rule]) =>
      firewallRule(rule).map((problem) => `firewallRules.${key}: ${problem}`),
    ),
    ...(props.nat ? nat(props.nat) : []),
  ];
}

/** Something in the props, and where it stands. */
type Located = readonly [where: string, value: string];

function names({ name, subnets, firewallRules = {}, ingressAddress }: NetworkingProps): string[] {
  const problem = nameProblem(name, MAX_NETWORK_NAME);
  // Names derived from a bad one would only repeat what is wrong with it.
  const prefix = problem ? "network" : name;
  const others: Located[] = [
    ...Object.entries(subnets).map(
      ([key, subnet]): Located => [`subnets.${key}`, subnet.name ?? `${prefix}-${key}`],
    ),
    ...Object.entries(subnets).flatMap(([key, { secondaryRanges = {} }]) =>
      Object.keys(secondaryRanges).map((range): Located => [`subnets.${key}.secondaryRanges`, range]),
    ),
    ...Object.keys(firewallRules).map((key): Located => [`firewallRules.${key}`, `${prefix}-${key}`]),
    ["ingressAddress", ingressAddress?.name ?? `${prefix}-ingress`],
  ];
  return [["name", problem], ...others.map(([where, value]) => [where, nameProblem(value)])].flatMap(
    ([where, found]) => (found ? [`${where}: ${found}`] : []),
  );
}

/** Form and overlap of all address ranges inside the network. */
function ranges({ subnets, privateServices }: NetworkingProps): string[] {
  const all: Located[] = Object.entries(subnets).flatMap(([key, subnet]): Located[] => [
    [`subnets.${key}.cidr`, subnet.cidr],
    ...Object.entries(subnet.secondaryRanges ?? {}).map(
      ([name, cidr]): Located => [`subnets.${key}.secondaryRanges.${name}`, cidr],
    ),
  ]);
  const { cidr: services, prefixLength: size = 16 } = privateServices ?? {};
  if (services !== undefined) all.push(["privateServices.cidr", services]);

  const found: string[] = [];
  const sound: Located[] = [];
  for (const [where, cidr] of all) {
    const problem = cidrProblem(cidr);
    if (problem) found.push(`${where}: ${problem}`);
    else sound.push([where, cidr]);
  }
  for (const [index, [where, cidr]] of sound.entries())
    for (const [otherWhere, other] of sound.slice(0, index))
      if (overlap(cidr, other)) found.push(`${where}: "${cidr}" overlaps ${otherWhere} "${other}"`);

  const bits = services === undefined || cidrProblem(services) ? size : prefixLength(services);
  if (!Number.isInteger(bits) || bits < 8 || bits > 24)
    found.push(
      `privateServices: /${bits} is not from /8 to /24, the smallest range that Google's services take`,
    );
  return found;
}

function flowLog({ sampling = 1 }: FlowLogProps): string[] {
  return sampling > 0 && sampling <= 1
    ? []
    : [`sampling ${sampling} is not above 0 and up to 1; false turns them off`];
}

function firewallRule(rule: FirewallRuleProps): string[] {
  const { direction = "INGRESS", priority = 1000, allow = [], deny = [], ranges = [] } = rule;
  const found = ranges.flatMap((range) => cidrProblem(range) ?? []);
  if (!Number.isInteger(priority) || priority < 0 || priority > 65535)
    found.push(`priority ${priority} is not a whole number from 0 to 65535`);
  if (allow.length > 0 === deny.length > 0) found.push("give either allow or deny, with at least one entry");
  found.push(...[...allow, ...deny].flatMap(traffic));

  const sources = [...(rule.sourceTags ?? []), ...(rule.sourceServiceAccounts ?? [])];
  if (direction === "EGRESS") {
    if (sources.length > 0) found.push("outgoing traffic has no source tags or service accounts");
    if (ranges.length === 0) found.push('name the destinations in ranges; ["0.0.0.0/0"] for all');
  } else if (sources.length + ranges.length === 0)
    found.push(
      'name the sources in ranges, sourceTags or sourceServiceAccounts; ranges ["0.0.0.0/0"] for all',
    );

  if ((rule.sourceTags ?? rule.targetTags) && (rule.sourceServiceAccounts ?? rule.targetServiceAccounts))
    found.push("tags and service accounts cannot be in one rule");
  return found;
}

function traffic({ protocol, ports }: FirewallTraffic): string[] {
  if (!ports) return [];
  if (!["tcp", "udp", "sctp", "6", "17", "132"].includes(protocol))
    return [`protocol "${protocol}" has no ports`];
  return ports
    .filter((port) => {
      const [from = Number.NaN, to = from] = /^\d+(-\d+)?$/.test(port) ? port.split("-").map(Number) : [];
      return !(from <= to && to <= 65535);
    })
    .map((port) => `"${port}" is neither a port ("443") nor a range of ports ("8000-8100")`);
}

function nat({ staticAddresses = 0, minPortsPerVm = 64, maxPortsPerVm = 65536 }: NatProps): string[] {
  const found: string[] = [];
  if (!Number.isInteger(staticAddresses) || staticAddresses < 0)
    found.push(`nat.staticAddresses: ${staticAddresses} is not a number of addresses`);
  if (
    !isPowerOfTwo(minPortsPerVm) ||
    !isPowerOfTwo(maxPortsPerVm) ||
    minPortsPerVm < 32 ||
    maxPortsPerVm > 65536
  )
    found.push(
      `nat: ${minPortsPerVm} to ${maxPortsPerVm} ports: both must be powers of two from 32 to 65536`,
    );
  else if (minPortsPerVm >= maxPortsPerVm)
    found.push(`nat: maxPortsPerVm ${maxPortsPerVm} must be above minPortsPerVm ${minPortsPerVm}`);
  return found;
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}
