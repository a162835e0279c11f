import { CommanderError } from "commander";
import { InvalidPropsError } from "../../../lib/core/invalid-props";
import { InvalidInputError } from "../../../lib/input/problems";
import { CliError, EXIT, explainError } from "../../../tools/command-line/errors";

const invalidInput = new InvalidInputError([{ file: "cdktf.json", path: [], message: "is empty" }]);
const invalidProps = new InvalidPropsError("staging/db", [
  { prop: ["tier"], problem: "is huge", instead: "give a smaller one" },
]);

test.each<[string, Error, message: string, exitCode: number]>([
  ["what a command refuses", new CliError("locked", EXIT.refused), "locked", EXIT.refused],
  ["an invalid file", invalidInput, "cdktf.json: is empty", EXIT.input],
  ["invalid props", invalidProps, "staging/db: tier: is huge: give a smaller one", EXIT.failed],
  ["help that was asked for", new CommanderError(0, "commander.help", "(help)"), "", EXIT.done],
  ["wrong usage", new CommanderError(1, "commander.unknownOption", "unknown option"), "", EXIT.usage],
  [
    "what the system refuses",
    Object.assign(new Error("ENOSPC: no space left"), { syscall: "write" }),
    "ENOSPC: no space left",
    EXIT.failed,
  ],
])("%s is told without a stack trace", (_, error, message, exitCode) => {
  expect(explainError(error)).toEqual({ message, exitCode });
});

test("a defect keeps its stack trace", () => {
  const { message, exitCode } = explainError(new TypeError("x is not a function"));
  expect([message, exitCode]).toEqual([expect.stringMatching(/x is not a function\n +at /), EXIT.failed]);
});
