import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { temporaryFolder } from "../../lib/core/temporary-folder";
import type { TerraformJson } from "../../lib/core/terraform-json";
import { placeholdersIn } from "../../lib/environments/placeholders";
import type { DeclaredStack } from "../../lib/environments/system";
import { nearest } from "../../lib/input/explain";
import { readStored } from "../ci/step";
import { CliError, EXIT } from "../command-line/errors";
import { during } from "../command-line/progress";
import { readProject, refusePlaceholders } from "../command-line/project";
import { cdktfEnvironment, limitInstallation } from "../terraform/environment";
import {
  declaredProviders,
  lockedProviders,
  refuseForeignProviders,
  warnOfUnknownPackages,
} from "../terraform/providers";

/** Commands of cdktf that start Terraform in a stack, with what else they are called. */
const STARTING = new Set(["deploy", "apply", "diff", "plan", "destroy", "output", "outputs", "watch"]);
/** Those of them that change something by what the program says. */
const DEPLOYING = new Set(["deploy", "apply", "watch"]);

/**
 * Registers what `npx cdktf` runs: cdktf itself, which hands Terraform whatever a stack's state names. So the states of the
 * stacks on its command line are looked at first, and Terraform is held to the stacks' own providers. No command to be typed.
 */
export function registerCdktf(program: Command): void {
  program
    .command("cdktf", { hidden: true })
    .helpOption(false)
    .allowUnknownOption()
    .argument("[args...]")
    .passThroughOptions()
    .action(async (args: string[]) => {
      const temporary = temporaryFolder("cdktf");
      try {
        process.exitCode = await start(
          args,
          STARTING.has(args[0] ?? "") ? await held(args, temporary) : process.env,
        );
      } finally {
        rmSync(temporary, { recursive: true, force: true });
      }
    });
}

/**
 * The environment in which Terraform takes the stacks' own providers alone.
 * @throws {CliError} when a state of theirs names another
 */
async function held(args: readonly string[], folder: string): Promise<NodeJS.ProcessEnv> {
  const project = readProject();
  refuseMistyped(args, project.declared);
  const { synthesizeStacks } = require("../synthesis") as typeof import("../synthesis");
  const stacks = synthesizeStacks(project);
  const locked = lockedProviders();
  const all = new Set<string>();
  for (const declared of namedStacks(args, project.declared)) {
    const { stack, environment } = declared;
    const json = stacks.get(stack) as TerraformJson;
    if (DEPLOYING.has(args[0] ?? ""))
      refusePlaceholders(placeholdersIn(project.placeholders, environment, JSON.stringify(json)));
    const providers = declaredProviders(json);
    const { state } = await during(`Reading the state of ${stack}`, () =>
      readStored({ ...declared, project }, "apply"),
    );
    refuseForeignProviders(stack, state, providers);
    for (const provider of providers) all.add(provider);
  }
  warnOfUnknownPackages(locked.filter(({ source }) => all.has(source)));
  return {
    ...cdktfEnvironment(process.env, [...all]),
    TF_CLI_CONFIG_FILE: limitInstallation([...all], folder),
    TF_CLI_ARGS_init: "-lockfile=readonly",
  };
}

/** A word by which cdktf takes several stacks. */
const PATTERN = /[*?[{!(]/;

/** Stacks that a command line names; cdktf asks for a name where there are several, and takes patterns. */
function namedStacks(args: readonly string[], declared: readonly DeclaredStack[]): readonly DeclaredStack[] {
  const hasPattern = args.some((arg) => !arg.startsWith("-") && PATTERN.test(arg));
  if (declared.length === 1 || hasPattern) return declared;
  return declared.filter(({ stack }) => args.includes(stack));
}

/**
 * cdktf looks at names only after it has synthesized. What comes behind an option may be its value.
 * @throws {CliError} when a word looks like a stack's name, and is none
 */
function refuseMistyped(args: readonly string[], declared: readonly DeclaredStack[]): void {
  const names = declared.map(({ stack }) => stack);
  for (const [index, word] of args.entries()) {
    const isName = index > 0 && !word.startsWith("-") && !args[index - 1]?.startsWith("-");
    if (!isName || PATTERN.test(word) || names.includes(word)) continue;
    const meant = nearest(word, names);
    if (meant)
      throw new CliError(`there is no stack ${JSON.stringify(word)}; did you mean ${meant}?`, EXIT.usage);
  }
}

/** Runs cdktf as it is installed. @returns its exit code */
function start(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const program = join(dirname(require.resolve("cdktf-cli/package.json")), "bundle", "bin", "cdktf.js");
  // There is no newer version to ask for, and offline the question ends in an error on the screen.
  const quiet = { CHECKPOINT_DISABLE: "1", ...env };
  const child = spawn(process.execPath, [program, ...args], { stdio: "inherit", env: quiet });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  // An interrupt in a terminal reaches cdktf by itself; whatever came, what it does then is waited for.
  const forward = (signal: NodeJS.Signals) => signal !== "SIGINT" && child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(status ?? 128 + constants.signals[signal as NodeJS.Signals]);
    });
  });
}
