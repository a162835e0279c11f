import { IPv4 } from "ipaddr.js";
import type { ValueProblem } from "./invalid-props";

/** What is wrong with an IPv4 range as Google's APIs take it (`10.0.0.0/16`); undefined when nothing is. */
export function cidrProblem(cidr: string): ValueProblem | undefined {
  if (!IPv4.isValidCIDRFourPartDecimal(cidr))
    return {
      problem: `"${cidr}" is not an IPv4 range`,
      instead: 'give one such as "10.0.0.0/16" or "203.0.113.7/32"',
    };
  const canonical = `${IPv4.networkAddressFromCIDR(cidr)}/${prefixLength(cidr)}`;
  if (cidr === canonical) return undefined;
  return { problem: `"${cidr}" does not begin with its first address`, instead: `give "${canonical}"` };
}

/** Bits of the network part: 16 in `10.0.0.0/16`. */
export function prefixLength(cidr: string): number {
  return IPv4.parseCIDR(cidr)[1];
}

/** Whether a range holds all of another, both without a `cidrProblem`. */
export function contains(outer: string, inner: string): boolean {
  return prefixLength(outer) <= prefixLength(inner) && overlap(outer, inner);
}

/** Whether two ranges, both without a `cidrProblem`, have an address in common. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [IPv4.parseCIDR(one), IPv4.parseCIDR(other)];
  return a[0].match(b[0], Math.min(a[1], b[1]));
}
