/** One thing that a machine has, or lacks. */
export interface Check {
  readonly name: string;
  /** Nothing deploys without it; otherwise it is only slower or less convenient. */
  readonly needed: boolean;
  readonly ok: boolean;
  /** What was found, or what is wrong. */
  readonly found: string;
  /** The command that mends it. */
  readonly mend?: string;
}

/** Whether `1.11.4` is `1.11.0` or later. */
export function atLeast(version: string, wanted: string): boolean {
  const [have, want] = [version, wanted].map((text) =>
    text.split(".").map((part) => Number.parseInt(part, 10)),
  );
  for (const [index, part] of (want ?? []).entries()) {
    const difference = (have?.[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
