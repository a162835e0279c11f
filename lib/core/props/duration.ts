export const SECONDS_PER_DAY = 86_400;

/** Days as Google's APIs write a duration: `7` is `"604800s"`. */
export function days(count: number): string {
  return `${count * SECONDS_PER_DAY}s`;
}
