import { createInterface } from "node:readline/promises";
import { CliError, EXIT } from "./errors";

/** Where questions are put, so that standard output stays the result's. */
const terminal = () => ({ input: process.stdin, output: process.stderr });

/**
 * Asks before something is lost.
 * @param yes answered already, by `--yes`
 * @throws {CliError} when the answer is not yes, or nobody is there to give one
 */
export async function confirm(question: string, yes = false): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new CliError(
      `${question} Nobody is here to answer: pass --yes. Nothing was changed.`,
      EXIT.refused,
    );
  const answer = await ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError("Nothing was changed.", EXIT.refused);
}

/**
 * Asks for a word that nobody types by habit, from the terminal or a pipe.
 * @throws {CliError} when it is another
 */
export async function confirmByTyping(question: string, word: string): Promise<void> {
  const answer = await ask(`${question} Type ${word} to go on: `);
  if (answer.trim() !== word) throw new CliError(`That is not ${word}. Nothing was changed.`, EXIT.refused);
}

/**
 * One line of input; empty at its end.
 * @throws {CliError} when somebody interrupts
 */
export async function ask(question: string): Promise<string> {
  const lines = createInterface(terminal());
  const ended = new AbortController();
  let interrupted = false;
  lines.on("SIGINT", () => {
    interrupted = true;
    lines.close();
  });
  lines.on("close", () => ended.abort());
  try {
    return await lines.question(question, { signal: ended.signal });
  } catch (error) {
    if (!ended.signal.aborted) throw error;
    process.stderr.write("\n");
    if (interrupted) throw new CliError("Interrupted. Nothing was changed.", EXIT.interrupted);
    return "";
  } finally {
    lines.close();
  }
}
