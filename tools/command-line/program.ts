import type { Command } from "commander";
import { sweepTemporaryFolders } from "../../lib/core/temporary-folder";
import { version } from "../../package.json";
import { EXIT, explainError } from "./errors";
import { examples, remark, tell } from "./output";
import { PlueCommand } from "./plue-command";
import { enterProject, type Start } from "./project";
import { helpWidth } from "./terminal";

const EXIT_CODES =
  "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 invalid file, 4 Google Cloud or a state unreadable, 5 refused.";

/** Adds a command, or a group of them. */
export type Register = (program: Command) => void;

/**
 * Runs one command.
 * @param args what was typed after `plue`
 * @param commands those that there are
 * @returns the exit code
 */
export async function runCommand(
  args: readonly string[],
  start: Start,
  commands: readonly Register[],
): Promise<number> {
  // A reader that has seen enough (plue status | head) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  sweepTemporaryFolders();
  try {
    await commandLineOf(start, commands).parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    const { message, exitCode } = explainError(error, start.readable);
    if (message) tell(message);
    return exitCode;
  }
}

/** The definition of these commands. */
export function commandLineOf(start: Start, commands: readonly Register[]): Command {
  const program = new PlueCommand("plue")
    .description("Plue's environments: who has one, what is deployed, what a change does, what it costs.")
    .version(version, "-V, --version", "print the version")
    .configureHelp({ minWidthToWrap: 20 })
    .configureOutput({ getOutHelpWidth: helpWidth })
    .showSuggestionAfterError()
    .exitOverride()
    .enablePositionalOptions()
    .hook("preAction", (_, command) => {
      (command as PlueCommand).refuseProblems();
      enterProject(start);
    });
  examples(program, {
    "npx plue engineers add carol --email carol@plue.dev": "give carol an environment",
    "npx plue status": "see what is deployed",
    "npx plue doctor": "see what this machine lacks",
  });
  remark(program, EXIT_CODES);
  for (const register of commands) register(program);
  return program;
}
