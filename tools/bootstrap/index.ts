import type { Command } from "commander";
import colors from "picocolors";
import { confirm } from "../command-line/confirm";
import { CliError, EXIT } from "../command-line/errors";
import { examples, tell } from "../command-line/output";
import { findEnvironment, readProject, thisSystem } from "../command-line/project";
import { BootstrapError } from "./bootstrap-error";
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

async function bootstrap(environment: string, options: BootstrapOptions): Promise<void> {
  try {
    await prepare(environment, options);
  } catch (error) {
    if (error instanceof BootstrapError) throw new CliError(error.message, EXIT.failed);
    throw error;
  }
}

async function prepare(environment: string, { yes, dryRun }: BootstrapOptions): Promise<void> {
  const project = readProject();
  const { projectId, projectNumber } = findEnvironment(project, environment);
  const bootstrap = new Bootstrap(project, environment);
  const missing = await bootstrap.missing(({ what }, done) =>
    tell(`${done ? colors.green("is done") : colors.yellow("to do  ")}  ${what}`),
  );
  if (missing.length > 0 && dryRun) {
    tell("\nNothing was changed.");
    return;
  }
  if (missing.length > 0) await confirm(`\nMake ${missing.length} changes in ${projectId}?`, yes);
  await bootstrap.run(missing, ({ what }) => tell(`${colors.green("done   ")}  ${what}`));
  const number = await bootstrap.projectNumber();
  tell(
    [
      "",
      `${projectId} is ready for Terraform. Next:`,
      ...(number === projectNumber
        ? []
        : [`  in cdktf.json, set context.${thisSystem().name}.${environment}.projectNumber to "${number}"`]),
      `  npx cdktf deploy ${project.declared.find((stack) => stack.environment === environment)?.stack}   (as somebody who owns the project)`,
    ].join("\n"),
  );
}
