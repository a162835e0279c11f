import { mkdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Command } from "commander";
import { sync as writeFileAtomic } from "write-file-atomic";
import type { Project } from "../../lib/environments/system";
import { readBase } from "../changed";
import { CliError } from "../command-line/errors";
import { examples, tell } from "../command-line/output";
import { during } from "../command-line/progress";
import { readProject, typedPath } from "../command-line/project";
import type { ReportEngineer } from "./model";

interface ReportOptions {
  readonly out?: string;
  readonly base?: string;
  readonly install?: boolean;
}

/** Registers `plue report`. */
export function registerReport(program: Command): void {
  const command = program
    .command("report")
    .description("one HTML page: environments, a picture of each stack, costs, protections; asks no cloud")
    .option("--out <file>", "where to write it (default: cdktf.out/report.html)")
    .option("--base <ref>", "show what changed since that commit, or since the synthesis in that folder")
    .option("--install", "run npm ci for a commit that needs other packages")
    .action((options: ReportOptions) => report(options));
  examples(command, {
    "npx plue report": "",
    "npx plue report --base origin/main --out report.html": "what this branch changes, for a pull request",
  });
}

async function report({ out, base, install }: ReportOptions): Promise<void> {
  const project = readProject();
  const before = base === undefined ? undefined : await readBase(base, install);
  const { synthesizeStacks } = require("../synthesis") as typeof import("../synthesis");
  const { programCost } = require("../cost/program") as typeof import("../cost/program");
  const { renderReport } = require("./report") as typeof import("./report");
  const stacks = synthesizeStacks(project);
  const page = await during("Drawing the stacks", () =>
    renderReport({
      stacks,
      cost: programCost(project, stacks),
      engineers: engineersOf(project),
      base: before,
    }),
  );
  const file = out === undefined ? join("cdktf.out", "report.html") : typedPath(out);
  write(file, page);
  tell(`Wrote ${relative(process.cwd(), file)}: open it in a browser.`);
}

function write(file: string, page: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileAtomic(file, page);
  } catch (error) {
    throw new CliError(
      `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function engineersOf({ declared }: Project): ReportEngineer[] {
  return declared.flatMap(({ stack, owner, url = "" }) => {
    if (!owner) return [];
    const { name, state, imageTag } = owner.engineer;
    const { namespace, database } = owner.names;
    return [{ stack, name, state, namespace, database, imageTag, url }];
  });
}
