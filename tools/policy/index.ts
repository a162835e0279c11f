import { type Command, Option } from "commander";
import { sync as writeFileAtomic } from "write-file-atomic";
import { CliError, EXIT } from "../command-line/errors";
import { emit, examples, type JsonOption, tell, withJson } from "../command-line/output";
import { readProject, typedPath } from "../command-line/project";
import { TOOLS, type Tool } from "./model";
import { toSarif } from "./sarif";
import { toText } from "./text";
import { isGreen, type Outcome, objectionsTo, readWaivers, WAIVERS } from "./waivers";

interface PolicyOptions extends JsonOption {
  readonly sarif?: string;
  readonly without?: readonly Tool[];
}

/** Registers `plue policy`. */
export function registerPolicy(program: Command): void {
  const command = program
    .command("policy")
    .description(
      "holds all stacks and charts against our rules, checkov, tflint and kube-score; fails on what policy/waivers.yaml does not explain",
    )
    .option("--sarif <file>", "write the result for GitHub's code scanning too")
    .addOption(
      new Option(
        "--without <tools...>",
        "leave out what this machine lacks; without helm, the charts",
      ).choices(TOOLS),
    )
    .action((options: PolicyOptions) => policy(options));
  examples(withJson(command), {
    "npx plue policy": "the first run installs checkov; after that no network is used",
    "npx plue policy --sarif policy.sarif": "in a workflow",
    "npx plue policy --without helm tflint": "on a machine without them",
  });
}

async function policy({ sarif, without = [], ...options }: PolicyOptions): Promise<void> {
  const project = readProject();
  const today = new Date().toISOString().slice(0, 10);
  const waivers = readWaivers(WAIVERS, today);
  const { runPolicy } = require("./run") as typeof import("./run");
  const { synthesizeSources } = require("../synthesis") as typeof import("../synthesis");
  const stacks = synthesizeSources(project);
  // So that what is interrupted leaves nothing behind.
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => process.exit(EXIT.interrupted));
  tell(`Scanning ${stacks.length} stacks …`);
  const outcome = await runPolicy({ project, stacks, waivers, today, charts: "helm", without, tell });
  emit(options, toJson(outcome), () => toText(outcome));
  if (sarif !== undefined) write(typedPath(sarif), toSarif(outcome));
  if (!isGreen(outcome)) process.exitCode = EXIT.failed;
}

/** What `--json` prints. */
function toJson(outcome: Outcome): unknown {
  const { failures, waivers } = objectionsTo(outcome);
  return {
    green: isGreen(outcome),
    scans: outcome.scans.map(({ tool, version, scanned, unit }) => ({ tool, version, scanned, unit })),
    findings: outcome.verdict.findings.map(({ finding: { location, ...finding }, waiver }) => ({
      ...finding,
      ...location,
      ...(waiver ? { waived: { reason: waiver.reason, date: waiver.date, until: waiver.until } } : {}),
    })),
    waivers: waivers.map(({ waiver: { file, line, check, resource }, message }) => ({
      file,
      line,
      check,
      resource,
      message,
    })),
    notProven: failures,
    notes: outcome.notes,
  };
}

function write(file: string, value: unknown): void {
  try {
    writeFileAtomic(file, `${JSON.stringify(value, null, 2)}\n`);
  } catch (error) {
    throw new CliError(
      `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
