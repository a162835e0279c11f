import { parse, parseCIDR } from "ipaddr.js";
import type { Manifest } from "./helm";

/** Who is at the other end: an address outside the cluster's pods, or a pod. */
export type Peer = string | { readonly namespace: string; readonly labels: Record<string, string> };

export interface Connection {
  readonly peer: Peer;
  readonly port: number;
  /** @default "TCP" */
  readonly protocol?: "TCP" | "UDP";
}

/** Whether the policies let a pod with these labels connect to the peer, or be connected to by it. */
export function allows(
  policies: readonly Manifest[],
  direction: "Ingress" | "Egress",
  labels: Record<string, string>,
  { peer, port, protocol = "TCP" }: Connection,
): boolean {
  const mine = policies.filter(
    ({ spec }) => spec.policyTypes.includes(direction) && selects(spec.podSelector, labels),
  );
  if (mine.length === 0) return true;
  return mine.some((policy) =>
    (policy.spec[direction.toLowerCase()] ?? []).some(
      (rule: Manifest) =>
        (rule.ports ?? []).some((open: Manifest) => open.port === port && open.protocol === protocol) &&
        (rule.from ?? rule.to).some((end: Manifest) => matches(end, peer, policy.metadata.namespace)),
    ),
  );
}

function matches({ ipBlock, namespaceSelector, podSelector }: Manifest, peer: Peer, own: string): boolean {
  if (typeof peer === "string") {
    if (!ipBlock) return false;
    const within = (cidr: string) => parse(peer).match(parseCIDR(cidr));
    return within(ipBlock.cidr) && !(ipBlock.except ?? []).some(within);
  }
  if (ipBlock) return false;
  const inNamespace = namespaceSelector
    ? selects(namespaceSelector, { "kubernetes.io/metadata.name": peer.namespace })
    : peer.namespace === own;
  return inNamespace && selects(podSelector ?? {}, peer.labels);
}

function selects(
  { matchLabels = {}, matchExpressions = [] }: Manifest,
  labels: Record<string, string>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }: Manifest) => {
      if (operator !== "In") throw new Error(`operator ${operator} is not understood`);
      return values.includes(labels[key]);
    })
  );
}
