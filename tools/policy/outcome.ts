import type { Scan } from "./model";
import type { Judged, Verdict, Waiver } from "./waivers";

/** All that one run found out. */
export interface Outcome {
  readonly scans: readonly Scan[];
  readonly verdict: Verdict;
  /** Why its silence proves nothing, beside what the scans say themselves: tools that are missing, charts not rendered. */
  readonly failures: readonly string[];
  /** What was not looked at although nothing is wrong with it. */
  readonly notes: readonly string[];
}

/** What keeps a run from being green. */
export interface Objections {
  /** Findings without a waiver. */
  readonly findings: readonly Judged["finding"][];
  readonly waivers: readonly { readonly waiver: Waiver; readonly message: string }[];
  readonly failures: readonly string[];
}

export function objectionsTo({ scans, verdict, failures }: Outcome): Objections {
  const wrong = [
    ...verdict.expired.map((waiver) => ({
      waiver,
      message: `ended on ${waiver.until}: mend it, or decide again`,
    })),
    ...verdict.unneeded.map((waiver) => ({ waiver, message: "nothing needs it any more: remove it" })),
  ];
  return {
    findings: verdict.findings.filter(({ waiver }) => !waiver).map(({ finding }) => finding),
    waivers: wrong.sort((a, b) => a.waiver.line - b.waiver.line),
    failures: [...scans.flatMap((scan) => scan.failures), ...failures],
  };
}

export function isGreen(outcome: Outcome): boolean {
  const { findings, waivers, failures } = objectionsTo(outcome);
  return findings.length + waivers.length + failures.length === 0;
}
