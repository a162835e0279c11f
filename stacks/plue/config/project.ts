import { join } from "node:path";
import { InvalidInputError, type Problem } from "../../../lib/input/problems";
import { type Registry, readRegistry } from "../registry";
import { type PlueConfig, readConfig } from "./index";

/** Configuration and registry: all that the program is told. */
export interface Project {
  /** From cdktf.json. */
  readonly config: PlueConfig;
  /** From engineers.json. */
  readonly registry: Registry;
}

/**
 * Reads both files, so that somebody who got something wrong in each learns so at once.
 *
 * @param directory where they are, as messages shall name it
 * @throws {InvalidInputError} with everything that is wrong with either
 */
export function readProject(directory = "."): Project {
  const problems: Problem[] = [];
  const attempt = <T>(read: (file: string) => T, file: string): T | undefined => {
    try {
      return read(join(directory, file));
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const config = attempt(readConfig, "cdktf.json");
  const registry = attempt(readRegistry, "engineers.json");
  if (!config || !registry) throw new InvalidInputError(problems);
  return { config, registry };
}
