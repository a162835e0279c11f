import { InvalidInputError, type Problem } from "../../lib/input/problems";

/** The problems that an action reports; none if it succeeds. Whatever else it throws passes through. */
export function problemsOf(action: () => unknown): readonly Problem[] {
  try {
    action();
    return [];
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems;
    throw error;
  }
}

/** What a user would see, line by line. */
export function printedBy(action: () => unknown): string[] {
  const problems = problemsOf(action);
  return problems.length ? new InvalidInputError(problems).message.split("\n") : [];
}

/** The text from where a problem says it is. */
export function textAt(text: string, { line, column }: Problem): string {
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/);
  return lines
    .slice((line as number) - 1)
    .join("")
    .slice((column as number) - 1);
}
