import type { NamespaceQuota } from "../../../lib/kubernetes/guarded-namespace";

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
