/** Name of the label with the hash of a dashboard's content. */
export const CONTENT_LABEL = "content";

/** Words by which Google's API says zero. */
const ZERO = new Set<unknown>([undefined, null, 0, false, "", "0s", "ALIGN_NONE", "REDUCE_NONE"]);

/**
 * A value without what Google does not answer with: whatever is zero, false, empty, or an enumeration's first value. Written
 * all the same, it would be a change in every plan.
 */
export function written<T>(value: T): T {
  if (Array.isArray(value)) return value.map(written).filter((item) => !isZero(item)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, written(item)] as const)
      .filter(([, item]) => !isZero(item)),
  ) as T;
}

function isZero(value: unknown): boolean {
  return ZERO.has(value) || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}
