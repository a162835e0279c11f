import { table } from "../command-line/output";
import { type Outcome, objectionsTo } from "./waivers";

/** The outcome for a person: what is wrong, then what was looked at. */
export function toText(outcome: Outcome): string {
  const { findings, waivers, failures } = objectionsTo(outcome);
  const parts = [
    findings.length > 0 &&
      table([
        ["check", "resource", "what"],
        ...findings.map(({ check, resource, title }) => [check, resource, title]),
      ]),
    waivers
      .map(
        ({ waiver, message }) =>
          `${waiver.file}:${waiver.line}: ${waiver.check} of ${waiver.resource}: ${message}`,
      )
      .join("\n"),
    failures.map((failure) => `not proven: ${failure}`).join("\n"),
    outcome.notes.join("\n"),
    scansTable(outcome),
    verdictLine(outcome),
  ];
  return parts.filter(Boolean).join("\n\n");
}

function scansTable({ scans, verdict }: Outcome): string {
  if (scans.length === 0) return "";
  const rows = scans.map(({ tool, version, scanned, unit, findings, failures }) => {
    const waived = verdict.findings.filter(
      ({ finding, waiver }) => waiver && findings.includes(finding),
    ).length;
    return [
      tool,
      version,
      `${scanned} ${unit}`,
      `${findings.length - waived}`,
      `${waived}`,
      `${failures.length}`,
    ];
  });
  return table([["scanner", "version", "scanned", "findings", "waived", "not proven"], ...rows]);
}

function verdictLine(outcome: Outcome): string {
  const { findings, waivers, failures } = objectionsTo(outcome);
  const counts = [
    counted(findings.length, "finding"),
    counted(waivers.length, "waiver to remove", "waivers to remove"),
    counted(failures.length, "thing not proven", "things not proven"),
  ].filter(Boolean);
  if (counts.length === 0) return "Nothing is found but what is waived.";
  const how =
    findings.length > 0 ? " Mend what is found, or say in policy/waivers.yaml why it may be so." : "";
  return `${counts.join(", ")}.${how}`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return count === 0 ? "" : `${count} ${count === 1 ? one : many}`;
}
