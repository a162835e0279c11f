import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { sharedPath } from "../command-line/project";
import type { CheckovInstallation } from "./checkov-install";
import { distinct, type Finding, type Scan, type Subject } from "./model";
import type { RenderedRelease } from "./rendered-charts";
import { runTool, type ToolRun } from "./run-tool";
import { inFolder, parseJson } from "./scan-folder";
import { type StackSource, subjectAt } from "./stack-source";

/** Folder of checks that pass for everything: see there. */
const OWN_CHECKS = "policy/checkov/checks";
/** Runs checkov as often as it is told, and reads it once. */
const RUNS = "policy/checkov/runs.py";
const SCANNED = /^SCANNED_/;

/**
 * Runs checkov over stacks, as HCL, and rendered charts.
 *
 * It fails, beside findings, for each resource, data source and object on which checkov ran no check, for files that it
 * could not parse, for checks that broke, and for text that tells checkov to skip a check: waivers are in one place.
 */
export async function scanWithCheckov(
  checkov: CheckovInstallation,
  stacks: readonly StackSource[],
  releases: readonly RenderedRelease[],
): Promise<Scan> {
  // checkov joins pods with the network policies and roles of whatever is in the folder, other namespaces' too.
  const scans = [...(stacks.length > 0 ? [scanOfStacks(stacks)] : []), ...releases.map(scanOfRelease)];
  const runs = await runCheckov(checkov, scans);
  const parts = scans.map((scan, index) => readReport(runs[index] as ToolRun, scan));
  return {
    tool: "checkov",
    version: checkov.version,
    scanned: parts.reduce((sum, { scanned }) => sum + scanned, 0),
    unit: "resources and objects",
    findings: distinct(parts.flatMap(({ findings }) => findings)),
    failures: parts.flatMap(({ failures }) => failures),
  };
}

type Part = Pick<Scan, "scanned" | "findings" | "failures">;

/** What checkov is run over. */
interface FolderScan extends Expectation {
  readonly framework: "terraform" | "kubernetes";
  readonly files: readonly (readonly [name: string, text: string])[];
}

function scanOfStacks(stacks: readonly StackSource[]): FolderScan {
  return {
    framework: "terraform",
    files: stacks.flatMap(({ name, hcl }) =>
      Object.entries(hcl).map(([file, text]) => [`${name}/${file}`, text] as const),
    ),
    what: "the stacks",
    expected: stacks.flatMap(({ subjects }) => [...subjects.values()]),
    subjectOf: (record) => {
      const stack = stacks.find(({ name }) => name === record.file_path.split("/")[1]);
      return stack && subjectAt(stack, addressOf(record));
    },
  };
}

function scanOfRelease(release: RenderedRelease): FolderScan {
  return {
    framework: "kubernetes",
    files: release.objects.map(({ text }, index) => [`${index}.yaml`, text] as const),
    what: `the release ${release.name} of ${release.stack}`,
    expected: release.objects.map(({ subject }) => subject),
    subjectOf: ({ file_path }) => release.objects[Number(/^\/(\d+)\.yaml$/.exec(file_path)?.[1])]?.subject,
  };
}

/** As Terraform has it; checkov leaves out "data." One resource of the program is one, however often it is made. */
function addressOf({ check_id, check_class, resource }: CheckRecord): string {
  const isData = check_id === "SCANNED_DATA" || check_class.includes(".checks.data.");
  return `${isData ? "data." : ""}${resource.replace(/\[.*$/, "")}`;
}

/** checkov with nothing of the caller's: no configuration file, no key, no proxy by which it could call anybody. */
function runCheckov(checkov: CheckovInstallation, scans: readonly FolderScan[]): Promise<ToolRun[]> {
  const files = scans.flatMap(({ files }, index) => [
    [`work/${index}/nothing`, ""] as const,
    ...files.map(([name, text]) => [`scanned/${index}/${name}`, text] as const),
  ]);
  return inFolder(files, async (folder) => {
    const runs = scans.map(({ framework }, index) => ({
      folder: join(folder, "work", `${index}`),
      arguments: [
        ...["--directory", join(folder, "scanned", `${index}`), "--framework", framework],
        ...[
          "--external-checks-dir",
          sharedPath(OWN_CHECKS),
          "--skip-download",
          "--output",
          "json",
          "--compact",
        ],
      ],
    }));
    const env = {
      PATH: process.env["PATH"],
      HOME: join(folder, "work"),
      LANG: "C.UTF-8",
      CKV_SKIP_PACKAGE_UPDATE_CHECK: "true",
      GIT_PYTHON_REFRESH: "quiet",
      // A stack that takes longer than the usual 10 s is large, not wrong.
      HCL_PARSE_TIMEOUT_SEC: "600",
    };
    // -I: no module but those of the environment, whatever lies in the folder. -B: nothing is written into the checkout.
    const program = ["-I", "-B", sharedPath(RUNS)];
    const all = await runTool(checkov.python, program, { cwd: folder, env, input: JSON.stringify(runs) });
    const codes = parseJson(all.stdout);
    if (!Array.isArray(codes)) return scans.map(() => all);
    const printed = (index: number, stream: string) =>
      readFileSync(join(folder, "work", `${index}`, stream), "utf8");
    return runs.map((_, index) => ({
      code: codes[index],
      stdout: printed(index, "stdout"),
      stderr: printed(index, "stderr"),
    }));
  });
}

const record = z.object({
  check_id: z.string(),
  check_name: z.string(),
  check_class: z.string(),
  file_path: z.string(),
  resource: z.string(),
});
type CheckRecord = z.output<typeof record>;

const report = z.object({
  results: z.object({
    passed_checks: z.array(record),
    failed_checks: z.array(record),
    skipped_checks: z.array(record),
    parsing_errors: z.array(z.string()),
  }),
});

export interface Expectation {
  /** Name of all of it, for messages. */
  readonly what: string;
  readonly expected: readonly Subject[];
  /** Which of them a record is about, or what else. */
  readonly subjectOf: (record: CheckRecord) => Subject | undefined;
}

/** What one run of checkov says, held against what it should have looked at. */
export function readReport(
  { code, stdout, stderr }: ToolRun,
  { what, expected, subjectOf }: Expectation,
): Part {
  const broken = stderr.split("\n").flatMap((line) => /\[ERROR *\]\s*(.*)/.exec(line)?.[1] ?? []);
  const parsed = report.safeParse(parseJson(stdout));
  // 1: there are findings. Anything else is a run that came to no end.
  if ((code !== 0 && code !== 1) || !parsed.success) {
    const said = stderr.trim().split("\n").at(-1) || (parsed.success ? "" : "something that is no report");
    return {
      scanned: 0,
      findings: [],
      failures: [`checkov gave no report on ${what}; it ended with ${code} and said: ${said}`],
    };
  }
  const { passed_checks, failed_checks, skipped_checks, parsing_errors } = parsed.data.results;
  const scanned = new Set(passed_checks.filter(isScanned).map(subjectOf));
  const unseen = expected.filter((subject) => !scanned.has(subject));
  return {
    scanned: expected.length - unseen.length,
    findings: failed_checks.map((each) => findingOf(each, subjectOf)),
    failures: [
      ...parsing_errors.map(
        (file) => `checkov cannot parse ${file.split("/").slice(-2).join("/")} of ${what}`,
      ),
      ...unseen.map(({ resource }) => `checkov did not scan ${resource}`),
      ...skipped_checks
        .filter((each) => !isScanned(each))
        .map(
          (each) =>
            `${subjectOf(each)?.resource}: its text tells checkov to skip ${each.check_id}; write a waiver instead`,
        ),
      ...broken.map((message) => `checkov: ${message}`),
    ],
  };
}

function isScanned({ check_id }: CheckRecord): boolean {
  return SCANNED.test(check_id);
}

function findingOf(each: CheckRecord, subjectOf: Expectation["subjectOf"]): Finding {
  const subject = subjectOf(each);
  if (!subject)
    throw new Error(`checkov reports ${each.check_id} on ${each.file_path}, which it was not given`);
  return { check: each.check_id, title: each.check_name, ...subject };
}
