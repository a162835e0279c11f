import type { Group } from "./billing";
import type { Range } from "./nodes";

/** A line of the documents' estimate. */
export interface DocumentedLine extends Range {
  readonly what: string;
  /** Lines of ours that stand for the same. */
  readonly groups: readonly Group[];
  /** Why ours is another. */
  readonly why: string;
}

/** What the documents say that an environment costs in a month, in USD. */
export interface Documented {
  readonly total: Range;
  readonly lines: readonly DocumentedLine[];
}

const CLUSTER_FEE: DocumentedLine = {
  what: "control plane: not in the documents",
  groups: ["cluster fee"],
  low: 0,
  high: 0,
  why: "GKE charges for the control plane of every regional cluster",
};

/**
 * By environment.
 * @see infrastructure document, section "Cost Estimates"
 */
export const DOCUMENTED: Readonly<Record<string, Documented>> = {
  staging: {
    total: { low: 100, high: 200 },
    lines: [
      {
        what: "1x e2-medium (default)",
        groups: ["nodes"],
        low: 25,
        high: 25,
        why: "the pool grows to 3 nodes; boot disks on SSD",
      },
      {
        what: "1-3x e2-standard-4 (sandbox)",
        groups: ["sandbox nodes"],
        low: 50,
        high: 150,
        why: "a node costs 97.84, not 50; the module's pool ends at 5, not 3; boot disks",
      },
      { what: "Cloud SQL db-f1-micro", groups: ["database"], low: 10, high: 10, why: "agrees" },
      {
        what: "Secrets, Logging, etc.",
        groups: ["network", "edge", "secrets and keys"],
        low: 10,
        high: 10,
        why: "load balancer, NAT and secrets; logging is by volume and not counted here",
      },
      CLUSTER_FEE,
    ],
  },
  production: {
    total: { low: 500, high: 1000 },
    lines: [
      {
        what: "3x e2-standard-4 (default)",
        groups: ["nodes"],
        low: 200,
        high: 200,
        why: "3 x 97.84 is 293.52; the module's pool grows to 10; boot disks on SSD",
      },
      {
        what: "2-20x e2-standard-4 (sandbox)",
        groups: ["sandbox nodes"],
        low: 150,
        high: 600,
        why: "2 x 97.84 is 195.68, 20 x 97.84 is 1,956.80; boot disks on SSD",
      },
      {
        what: "Cloud SQL db-custom-2-8192 (HA)",
        groups: ["database"],
        low: 150,
        high: 150,
        why: "the standby doubles the instance and its disk",
      },
      {
        what: "Cloudflare Pro",
        groups: ["edge"],
        low: 20,
        high: 20,
        why: "20 when billed yearly, 25 when monthly",
      },
      {
        what: "Monitoring, Logging",
        groups: ["network", "secrets and keys"],
        low: 50,
        high: 50,
        why: "load balancer, NAT, secrets and keys; logging is by volume and not counted here",
      },
      CLUSTER_FEE,
    ],
  },
};

/** What else does not add up in the documents. */
export const DOCUMENTED_ELSEWHERE =
  'The overview of the same document says "~$150/env/mo" for staging, where its table says 100-200 for two engineers together, and "~$500/mo" for production.';
