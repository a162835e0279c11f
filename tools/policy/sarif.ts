import { createHash } from "node:crypto";
import type { Log, Run } from "sarif";
import type { Location, Scan } from "./model";
import { type Outcome, objectionsTo } from "./waivers";

/** By which GitHub knows a finding again when lines have moved. */
const FINGERPRINT = "checkOfResource/v1";

interface Entry {
  readonly rule: string;
  readonly title: string;
  readonly resource: string;
  readonly location: Location;
}

/**
 * What keeps the outcome from being green, for GitHub's code scanning: a run for each scanner, and one for waivers and for
 * what could not be looked at. Waived findings are left out, which GitHub would show as open.
 */
export function toSarif(outcome: Outcome): Log {
  const objections = objectionsTo(outcome);
  const runs = outcome.scans.map((scan) => {
    const own = objections.findings.filter((finding) => scan.findings.includes(finding));
    return runOf(
      scan,
      own.map(({ check, ...finding }) => ({ rule: check, ...finding })),
    );
  });
  const waivers = objections.waivers.map(({ waiver, message }): Entry => {
    const location = { file: waiver.file, startLine: waiver.line, endLine: waiver.line };
    const resource = `waiver of ${waiver.check} of ${waiver.resource}`;
    return { rule: "waiver", title: message, resource, location };
  });
  const own = { tool: "plue policy", version: "1", failures: outcome.failures };
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [...runs, runOf(own, waivers)],
  };
}

function runOf(
  { tool, version, failures }: Pick<Scan, "tool" | "version" | "failures">,
  entries: readonly Entry[],
): Run {
  const rules = [...new Map(entries.map(({ rule, title }) => [rule, title]))];
  return {
    tool: {
      driver: {
        name: tool,
        version,
        rules: rules.map(([id, title]) => ({
          id,
          shortDescription: { text: id === "waiver" ? "A waiver in force" : title },
        })),
      },
    },
    invocations: [
      {
        executionSuccessful: failures.length === 0,
        toolExecutionNotifications: failures.map((text) => ({ level: "error", message: { text } })),
      },
    ],
    results: entries.map(({ rule, title, resource, location }) => ({
      ruleId: rule,
      ruleIndex: rules.findIndex(([id]) => id === rule),
      level: "error",
      message: { text: `${resource}: ${title}` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: location.file },
            region: { startLine: location.startLine, endLine: location.endLine },
          },
          logicalLocations: [{ fullyQualifiedName: resource, kind: "resource" }],
        },
      ],
      partialFingerprints: {
        [FINGERPRINT]: createHash("sha256").update(`${rule}\n${resource}`).digest("hex"),
      },
    })),
  };
}
