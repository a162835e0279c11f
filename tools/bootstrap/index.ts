import type { Command } from "commander";
import colors from "picocolors";
import { placeholdersOf } from "../../lib/environments/placeholders";
import { confirm } from "../command-line/confirm";
import { examples, tell } from "../command-line/output";
import { findEnvironment, readProject, refusePlaceholders, thisSystem } from "../command-line/project";
import { Bootstrap } from "./steps";

/** Registers `plue bootstrap`. */
export function registerBootstrap(program: Command): void {
  const command = program
    .command("bootstrap")
    .description(
      "makes what Terraform cannot make for itself in a new project: APIs, key and bucket of the states",
    )
    .argument("<environment>")
    .option("-y, --yes", "do not ask")
    .option("--dry-run", "only say what would be made")
    .action((environment: string, options: BootstrapOptions) => bootstrap(environment, options));
  examples(command, {
    "npx plue bootstrap production --dry-run": "what is there, and what would be made",
    "npx plue bootstrap production": "asks; run again, it goes on where it ended",
  });
}

interface BootstrapOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

async function bootstrap(environment: string, { yes, dryRun }: BootstrapOptions): Promise<void> {
  const project = readProject();
  const { projectId, projectNumber } = findEnvironment(project, environment);
  refusePlaceholders(placeholdersOf(project.placeholders, environment));
  const steps = new Bootstrap(project, environment);
  const missing = await steps.missing(({ what }, done) =>
    tell(`${done ? colors.green("is done") : colors.yellow("to do  ")}  ${what}`),
  );
  if (missing.length > 0 && dryRun) {
    tell("\nNothing was changed.");
    return;
  }
  if (missing.length > 0) await confirm(`\nMake ${missing.length} changes in ${projectId}?`, yes);
  await steps.run(missing, ({ what }) => tell(`${colors.green("done   ")}  ${what}`));
  const number = await steps.projectNumber();
  tell(
    [
      "",
      `${projectId} is ready for Terraform. Next:`,
      ...(number === projectNumber
        ? []
        : [`  in cdktf.json, set context.${thisSystem().name}.${environment}.projectNumber to "${number}"`]),
      `  npx plue deploy ${project.declared.find((stack) => stack.environment === environment)?.stack}   (as somebody who owns the project)`,
    ].join("\n"),
  );
}
