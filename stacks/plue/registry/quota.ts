import { plain, type TextFormat, text } from "../../../lib/input/fields";
import { quote } from "../../../lib/input/problems";
import type { NamespaceQuota } from "../../../lib/kubernetes/guarded-namespace";
import { parseBytes, parseCpu } from "../../../lib/kubernetes/quantity";

/**
 * Bounds of the quota that an entry of the registry may set. The least holds one release and its rolling update, without a
 * run beside them; the most is the larger part of what the sandbox pool can grow to, and also what the cluster admits,
 * whoever writes the quota.
 */
export const QUOTA_BOUNDS = {
  cpu: { min: "2", max: "16" },
  memory: { min: "4Gi", max: "48Gi" },
  pods: { min: 10, max: 60 },
  storage: { min: "10Gi", max: "100Gi" },
} as const;

/** The largest quota. */
export const MAX_QUOTA: NamespaceQuota = {
  cpu: QUOTA_BOUNDS.cpu.max,
  memory: QUOTA_BOUNDS.memory.max,
  pods: QUOTA_BOUNDS.pods.max,
  storage: QUOTA_BOUNDS.storage.max,
};

interface Bounds {
  readonly description: string;
  readonly min: string;
  readonly max: string;
  readonly example: string;
}

/** A Kubernetes CPU quantity between two others. */
export function cpu(bounds: Bounds) {
  return quantity(bounds, parseCpu, {
    format: "an amount of CPU",
    advice: "write cores, or thousandths of one with m",
    pattern: /^(?:\d{1,3}(?:\.\d{1,3})?|\d{1,6}m)$/,
  });
}

/** A Kubernetes memory or storage quantity between two others, in the two units that nobody mistakes. */
export function bytes(bounds: Bounds) {
  return quantity(bounds, parseBytes, {
    format: "an amount of memory or storage",
    advice: "write a whole number of Mi or Gi",
    pattern: /^\d{1,6}[MG]i$/,
    suggest: (wrong) =>
      plain(wrong).replace(/^(\d+)\s*([mg])i?b?$/, (_, count, unit) => `${count}${unit.toUpperCase()}i`),
  });
}

function quantity(
  { description, min, max, example }: Bounds,
  amount: (quantity: string) => number,
  format: Pick<TextFormat, "format" | "advice" | "pattern" | "suggest">,
) {
  const within = (value: string) => amount(value) >= amount(min) && amount(value) <= amount(max);
  return text({ ...format, description: `${description} From ${min} to ${max}.`, example }).refine(
    (value) => !format.pattern.test(value) || within(value),
    { error: ({ input }) => `${quote(input)} is out of bounds: from ${min} to ${max}` },
  );
}
