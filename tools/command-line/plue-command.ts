import { type Argument, Command, type ErrorOptions, type Option } from "commander";
import { nearest } from "../../lib/input/explain";

/** Mistakes after which the rest of a line can still be read. */
const GATHERED = new Set([
  "commander.conflictingOption",
  "commander.excessArguments",
  "commander.missingArgument",
  "commander.missingMandatoryOptionValue",
  "commander.optionMissingArgument",
  "commander.unknownOption",
]);

/**
 * A command that tells all that is wrong with a line at once. Commander alone tells the first thing, and of a mistyped flag
 * only that the right one is missing.
 */
export class PlueCommand extends Command {
  private readonly problems: string[] = [];
  private mistyped = false;

  override createCommand(name?: string): PlueCommand {
    return new PlueCommand(name);
  }

  override addOption(option: Option): this {
    this.gatherFrom(option, `option '${option.flags}' argument`);
    return super.addOption(option);
  }

  override addArgument(argument: Argument): this {
    this.gatherFrom(argument, `argument '${argument.name()}' value`);
    return super.addArgument(argument);
  }

  /** Goes on reading after what leaves the rest readable; `refuseProblems` comes before the action. */
  override error(message: string, options?: ErrorOptions): never {
    const code = options?.code ?? "";
    if (this.commands.length > 0 || !GATHERED.has(code)) return super.error(message, options);
    if (code === "commander.unknownOption") this.gatherMistyped();
    // What follows a mistyped flag may be its value or an argument.
    else if (!(this.mistyped && /Arguments?$/.test(code) && code !== "commander.optionMissingArgument"))
      this.problems.push(message);
    return undefined as never;
  }

  /** @throws {CommanderError} when the line has anything wrong */
  refuseProblems(): void {
    if (this.problems.length > 0) super.error(this.problems.join("\n"));
  }

  private gatherMistyped(): void {
    this.mistyped = true;
    const known = this.options.flatMap(({ long }) => long ?? []);
    for (const typed of this.args.filter((arg) => /^-./.test(arg))) {
      const [flag = ""] = typed.split("=", 1);
      const meant = flag.startsWith("--") ? nearest(flag, known) : undefined;
      this.problems.push(`error: unknown option '${flag}'${meant ? ` (Did you mean ${meant}?)` : ""}`);
    }
  }

  private gatherFrom(part: Option | Argument, what: string): void {
    const parse = part.parseArg;
    if (!parse) return;
    part.parseArg = <T>(value: string, previous: T) => {
      try {
        return parse.call(part, value, previous) as T;
      } catch (error) {
        const { code, message } = error as { code?: string; message?: string };
        if (code !== "commander.invalidArgument") throw error;
        this.problems.push(`error: ${what} '${value}' is invalid. ${message}`);
        return previous;
      }
    };
  }
}
