import { CommanderError } from "commander";
import { explainUnexpected } from "../../lib/core/explain-error";
import { InvalidInputError } from "../../lib/input/problems";

/** Exit codes of the process. `docs/cli.md` says so too. */
export const EXIT = {
  done: 0,
  /** Something that was looked for is missing, or the program has a defect. */
  failed: 1,
  /** A command, option or name that does not exist. */
  usage: 2,
  /** A file that people write is not valid: engineers.json, cdktf.json, a chart's. */
  input: 3,
  /** Google Cloud cannot be reached or refuses, or a state is damaged. */
  state: 4,
  /** Not done, because something would be lost. */
  refused: 5,
  interrupted: 130,
} as const;

/** What went wrong, for a person: printed alone, without a stack trace. */
export class CliError extends Error {
  override readonly name = "CliError";

  constructor(
    message: string,
    readonly exitCode: number = EXIT.failed,
  ) {
    super(message);
  }
}

/**
 * The message for a person and the exit code. A defect keeps its stack trace.
 * @param readable turns a stack trace into one of the sources
 */
export function explainError(
  error: unknown,
  readable?: (trace: string) => string,
): { message: string; exitCode: number } {
  if (error instanceof CliError) return { message: error.message, exitCode: error.exitCode };
  if (error instanceof InvalidInputError) return { message: error.message, exitCode: EXIT.input };
  // Commander has printed its own message, or the help that was asked for.
  if (error instanceof CommanderError)
    return { message: "", exitCode: error.exitCode === 0 ? EXIT.done : EXIT.usage };
  return { message: explainUnexpected(error, readable), exitCode: EXIT.failed };
}
