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
