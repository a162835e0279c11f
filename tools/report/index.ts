import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Command } from "commander";
import { sync as writeFileAtomic } from "write-file-atomic";
import type { Project } from "../../lib/environments/system";
import { headOf, reviewSince } from "../changed";
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
    .description(
      "one HTML page: environments, a picture of each stack, costs and budgets, protections, policy; asks no cloud",
    )
    .option("--out <file>", "where to write it (default: cdktf.out/report.html)")
    .option(
      "--base <ref|folder>",
      "show what changed since that commit, or since the synthesis in that folder",
    )
    .option("--install", "run npm ci for a commit that needs other packages")
    .action((options: ReportOptions) => report(options));
  examples(command, {
    "npx plue report": "",
    "npx plue report --base origin/main --out report.html": "what this branch changes, for a pull request",
  });
}

async function report({ out, base, install }: ReportOptions): Promise<void> {
  const project = readProject();
  const { renderReport } = require("./report") as typeof import("./report");
  const { synthesizeStacks } = require("../synthesis") as typeof import("../synthesis");
  const now = headOf(project, synthesizeStacks(project));
  const review = base === undefined ? undefined : await reviewSince(base, now, install);
  const page = await during("Drawing the stacks", () =>
    renderReport({ ...now, engineers: engineersOf(project), commit: commitOf(), review }),
  );
  const file = out === undefined ? join("cdktf.out", "report.html") : typedPath(out);
  write(file, page);
  tell(`Wrote ${relative(process.cwd(), file)}: open it in a browser.`);
}

/** The commit that is checked out, and whether anything is not in it; undefined outside of a repository. */
function commitOf(): string | undefined {
  const git = (...args: string[]) => {
    const { status, stdout } = spawnSync("git", args, { encoding: "utf8" });
    return status === 0 ? stdout.trim() : undefined;
  };
  const commit = git("rev-parse", "--verify", "--quiet", "HEAD");
  if (commit === undefined) return undefined;
  return git("status", "--porcelain") ? `${commit}, with changes that are not committed` : commit;
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
