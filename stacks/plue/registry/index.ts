import type { Registry } from "../../../lib/environments/registry";
import { parseJson, readText } from "../../../lib/input/read-json";
import { registryRules } from "./rules";
import { registrySchema } from "./schema";

/**
 * @param file what to call the text in messages
 * @throws {InvalidInputError} with everything that is wrong
 */
export function parseRegistry(text: string, file: string): Registry {
  const { engineers } = parseJson(text, file, registrySchema, [registryRules]);
  return { engineers };
}

/** @throws {InvalidInputError} with everything that is wrong with the file */
export function readRegistry(file: string): Registry {
  return parseRegistry(readText(file), file);
}
