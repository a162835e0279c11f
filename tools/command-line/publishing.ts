import { ForeignFilesError } from "../generated-folder";
import { ModuleGapError } from "../modules/definition";
import { CliError, EXIT } from "./errors";

/** Runs what makes and publishes folders, and says as the command line does why it could not. */
export function publishing(step: () => void): void {
  try {
    step();
  } catch (error) {
    if (error instanceof ModuleGapError) throw new CliError(error.message);
    if (error instanceof ForeignFilesError) throw new CliError(error.message, EXIT.refused);
    throw error;
  }
}
