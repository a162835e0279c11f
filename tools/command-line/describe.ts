import type { StateLock } from "../state/state-bucket";

const MINUTE = 60_000;
const UNITS = [
  ["day", 24 * 60 * MINUTE],
  ["hour", 60 * MINUTE],
  ["minute", MINUTE],
] as const;

/** How long ago something was, in its largest unit: `3 hours`. */
export function age(since: Date, now = new Date()): string {
  const passed = now.getTime() - since.getTime();
  for (const [unit, length] of UNITS) {
    const count = Math.floor(passed / length);
    if (count >= 1) return `${count} ${unit}${count === 1 ? "" : "s"}`;
  }
  return "less than a minute";
}

/** `by alice@laptop for 3 hours (apply)` */
export function describeLock({ who, operation, since }: StateLock, now = new Date()): string {
  const doing = operation ? ` (${operation.replace(/^OperationType/, "").toLowerCase()})` : "";
  return `by ${who ?? "somebody unknown"} for ${age(since, now)}${doing}`;
}

const MOST = 20;

/** A line each, and how many were left out. */
export function listed(items: readonly string[]): string {
  const lines = items.slice(0, MOST).map((item) => `  ${item}`);
  return [...lines, ...(items.length > MOST ? [`  and ${items.length - MOST} more`] : [])].join("\n");
}
