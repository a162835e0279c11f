import type { Command } from "commander";
import { registerBootstrap } from "./bootstrap";
import { registerChanged } from "./changed";
import { registerCi } from "./ci";
import { EXIT, explainError } from "./command-line/errors";
import { examples, tell } from "./command-line/output";
import { PlueCommand } from "./command-line/plue-command";
import { enterProject, type Start } from "./command-line/project";
import { registerCost } from "./cost";
import { registerDoctor } from "./doctor";
import { registerEject } from "./eject";
import { registerEngineers } from "./engineers";
import { registerModules } from "./modules";
import { registerPolicy } from "./policy";
import { registerReport } from "./report";
import { registerSecrets } from "./secrets";
import { registerStatus } from "./status";

const COMMANDS = [
  registerBootstrap,
  registerEngineers,
  registerStatus,
  registerChanged,
  registerCost,
  registerReport,
  registerPolicy,
  registerModules,
  registerEject,
  registerSecrets,
  registerDoctor,
  registerCi,
];

/**
 * Runs one command.
 * @param args what was typed after `plue`
 * @returns the exit code
 */
export async function run(args: readonly string[], start: Start): Promise<number> {
  // A reader that has seen enough (plue status | head) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    await commandLine(start).parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    const { message, exitCode } = explainError(error);
    if (message) tell(message);
    return exitCode;
  }
}

/** The definition of every command. */
export function commandLine(start: Start): Command {
  const program = new PlueCommand("plue")
    .description("Plue's environments: who has one, what is deployed, what a change does, what it costs.")
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .exitOverride()
    .hook("preAction", (_, command) => {
      (command as PlueCommand).refuseProblems();
      enterProject(start);
    });
  examples(program, {
    "npx plue engineers add carol --email carol@plue.dev": "give carol an environment",
    "npx plue status": "see what is deployed",
    "npx plue doctor": "see what this machine lacks",
  });
  program.addHelpText(
    "after",
    "\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 invalid file, 4 Google Cloud or a state unreadable, 5 refused.",
  );
  for (const register of COMMANDS) register(program);
  return program;
}
