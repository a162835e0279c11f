import { Argument, type Command } from "commander";
import colors from "picocolors";
import { type EnvironmentName, readConfig } from "../../stacks/plue/config";
import { confirm } from "../command-line/confirm";
import { CliError, EXIT } from "../command-line/errors";
import { examples, tell } from "../command-line/output";
import { BootstrapError } from "./bootstrap-error";
import { Bootstrap } from "./steps";

/** Registers `plue bootstrap`. */
export function registerBootstrap(program: Command): void {
  const command = program
    .command("bootstrap")
    .description(
      "makes what Terraform cannot make for itself in a new project: APIs, key and bucket of the states",
    )
    .addArgument(new Argument("<environment>").choices(["production", "staging"]))
    .option("-y, --yes", "do not ask")
    .option("--dry-run", "only say what would be made")
    .action((environment: EnvironmentName, options: BootstrapOptions) => bootstrap(environment, options));
  examples(command, {
    "npx plue bootstrap production --dry-run": "what is there, and what would be made",
    "npx plue bootstrap production": "asks; run again, it goes on where it ended",
  });
}

interface BootstrapOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

async function bootstrap(environment: EnvironmentName, options: BootstrapOptions): Promise<void> {
  try {
    await prepare(environment, options);
  } catch (error) {
    if (error instanceof BootstrapError) throw new CliError(error.message, EXIT.failed);
    throw error;
  }
}

async function prepare(environment: EnvironmentName, { yes, dryRun }: BootstrapOptions): Promise<void> {
  const config = readConfig("cdktf.json");
  const { projectId, projectNumber } = config[environment];
  const project = new Bootstrap(config, environment);
  const missing = await project.missing(({ what }, done) =>
    tell(`${done ? colors.green("is done") : colors.yellow("to do  ")}  ${what}`),
  );
  if (missing.length > 0 && dryRun) {
    tell("\nNothing was changed.");
    return;
  }
  if (missing.length > 0) await confirm(`\nMake ${missing.length} changes in ${projectId}?`, yes);
  await project.run(missing, ({ what }) => tell(`${colors.green("done   ")}  ${what}`));
  const number = await project.projectNumber();
  tell(
    [
      "",
      `${projectId} is ready for Terraform. Next:`,
      ...(number === projectNumber
        ? []
        : [`  in cdktf.json, set context.plue.${environment}.projectNumber to "${number}"`]),
      `  npx cdktf deploy ${environment}-bootstrap   (as somebody who owns the project)`,
    ].join("\n"),
  );
}
