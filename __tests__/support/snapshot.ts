import type { Synthesized } from "./synth";

/**
 * A stack's Terraform JSON for a snapshot: without CDKTF's comments, and without the hash of a chart, which has tests of
 * its own and would change with any of its files.
 */
export function reviewable({ json }: Synthesized): object {
  return JSON.parse(
    JSON.stringify(json, (key, value) =>
      key === "//" ? undefined : key === "chartHash" ? "<hash of the chart>" : value,
    ),
  );
}
