import type { Judged, Verdict, Waiver } from "./waivers";

/** Programs that a full run needs. */
export const TOOLS = ["checkov", "helm", "kube-score", "tflint"] as const;
export type Tool = (typeof TOOLS)[number];

/** Lines of a file, 1-based. */
export interface Location {
  /** Below the checkout, with `/` between folders. */
  readonly file: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** Resource or object that a scanner has to look at. */
export interface Subject {
  /** `production/google_sql_database_instance.sql`, `staging-alice/Deployment/zig-api`: stack, then what it is there. */
  readonly resource: string;
  /** Where a person finds it. */
  readonly location: Location;
}

/** Finding of a check about a subject. */
export interface Finding extends Subject {
  /** `CKV_GCP_66`, `terraform_unused_declarations`, `pod-probes`. */
  readonly check: string;
  /** What is wrong, or what would be right, in one line. */
  readonly title: string;
}

/** What one scanner says of all subjects. */
export interface Scan {
  readonly tool: string;
  readonly version: string;
  /** How much it looked at. */
  readonly scanned: number;
  /** Of what: `resources`, `stacks`. */
  readonly unit: string;
  readonly findings: readonly Finding[];
  /** Why its silence proves nothing: what it could not read, subjects it did not look at, checks that broke. */
  readonly failures: readonly string[];
}

/** Findings without those that say the same of the same resource, in a stable order. */
export function distinct(findings: readonly Finding[]): Finding[] {
  const byKey = new Map(findings.map((finding) => [`${finding.check}\n${finding.resource}`, finding]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
}

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
