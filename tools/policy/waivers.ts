import { z } from "zod";
import { text } from "../../lib/input/fields";
import { quote } from "../../lib/input/problems";
import { checkDocument, type DeepReadonly, readText } from "../../lib/input/read-json";
import { type Finding as InputFinding, listAt, textAt } from "../../lib/input/source-document";
import { YamlDocument } from "../../lib/input/yaml-document";
import type { Finding, Scan } from "./model";

/** Where they are, below the folder of cdktf.json. */
export const WAIVERS = "policy/waivers.yaml";

const asTyped = () => undefined;

const day = (description: string) =>
  text({
    description,
    format: "a day",
    advice: "write year, month and day",
    pattern: /^\d{4}-\d{2}-\d{2}$/,
    example: "2026-11-21",
    suggest: asTyped,
  }).refine((value) => isDay(value), { error: ({ input }) => `${quote(input)} is not in the calendar` });

const waiver = z.strictObject({
  check: text({
    description: "Id of the check, as the scanner calls it.",
    format: "the id of one check",
    advice: "copy it from the table of findings, without patterns",
    pattern: /^[A-Za-z0-9_-]+$/,
    example: "CKV_GCP_79",
    suggest: asTyped,
  }),
  resource: text({
    description: "What may be so: stack and resource. * stands for anything but a slash.",
    format: "a stack and a resource",
    advice: "write the stack, a slash, and the address or Kind/name; * stands for anything but a slash",
    pattern: /^[A-Za-z0-9*-]+(\/[^/\s]+){1,2}$/,
    example: "production/google_sql_database_instance.sql",
    suggest: asTyped,
  }),
  reason: text({
    description: "Why it may be so, in a line.",
    format: "a reason",
    advice: "say in one line why it may be so",
    pattern: /^\S.{9,200}\S$/u,
    example: "the application is built for PostgreSQL 16",
    suggest: asTyped,
  }),
  date: day("When that was decided."),
  until: day("Last day on which it holds. Without it, it holds as long as the finding is there.").optional(),
});

const waiversSchema = z.array(waiver).meta({ examples: [[]] });

/** A finding that may stay, and why. */
export type Waiver = DeepReadonly<z.output<typeof waiver>> & {
  readonly file: string;
  readonly line: number;
};

/**
 * Reads policy/waivers.yaml.
 *
 * @param today `2026-11-21`
 * @throws {InvalidInputError} with everything that is wrong: shape, days that are none or to come, the same waiver twice
 */
export function readWaivers(file: string, today: string): Waiver[] {
  const document = new YamlDocument(readText(file), file);
  const waivers = checkDocument(document, waiversSchema, [sameTwice, (value) => inDisorder(value, today)]);
  return waivers.map((entry, index) => ({
    ...entry,
    file,
    line: document.problem({ path: [index], message: "" }).line ?? 1,
  }));
}

/** A finding, and the waiver by which it may stay. */
export interface Judged {
  readonly finding: Finding;
  readonly waiver?: Waiver;
}

export interface Verdict {
  readonly findings: readonly Judged[];
  /** Waivers that no finding needs. */
  readonly unneeded: readonly Waiver[];
  /** Waivers whose last day is over: they waive nothing any more. */
  readonly expired: readonly Waiver[];
}

/** Holds findings against waivers. */
export function judge(findings: readonly Finding[], waivers: readonly Waiver[], today: string): Verdict {
  const expired = waivers.filter(({ until }) => until !== undefined && until < today);
  const valid = waivers.filter((one) => !expired.includes(one)).map((one) => ({ one, meant: matcher(one) }));
  const judged = findings.map((finding) => {
    const match = valid.find(({ meant }) => meant(finding));
    return match ? { finding, waiver: match.one } : { finding };
  });
  const unneeded = valid.filter(({ meant }) => !findings.some(meant)).map(({ one }) => one);
  return { findings: judged, unneeded, expired };
}

function matcher({ check, resource }: Waiver): (finding: Finding) => boolean {
  const source = resource.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`^${source.join("[^/]*")}$`);
  return (finding) => finding.check === check && pattern.test(finding.resource);
}

function sameTwice(value: unknown): InputFinding[] {
  const first = new Map<string, number>();
  return listAt(value, []).flatMap((_, index) => {
    const key = `${textAt(value, [index, "check"])} of ${textAt(value, [index, "resource"])}`;
    const before = first.get(key);
    first.set(key, before ?? index);
    return before === undefined
      ? []
      : [{ path: [index], message: `${key} is waived by entry ${before + 1} of the list already` }];
  });
}

function inDisorder(value: unknown, today: string): InputFinding[] {
  return listAt(value, []).flatMap((_, index) => {
    const date = textAt(value, [index, "date"]);
    const until = textAt(value, [index, "until"]);
    const found: InputFinding[] = [];
    if (date && isDay(date) && date > today)
      found.push({
        path: [index, "date"],
        message: `${quote(date)} is to come: write the day of the decision`,
      });
    if (date && until && isDay(until) && until < date)
      found.push({
        path: [index, "until"],
        message: `${quote(until)} is before the decision of ${quote(date)}`,
      });
    return found;
  });
}

function isDay(value: string): boolean {
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
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
