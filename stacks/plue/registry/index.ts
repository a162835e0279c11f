import type { z } from "zod";
import { type DeepReadonly, parseJson, readText } from "../../../lib/input/read-json";
import { registryRules } from "./rules";
import { registrySchema } from "./schema";

/** One engineer, with the defaults of what the file leaves out. */
export type Engineer = DeepReadonly<z.output<typeof registrySchema>>["engineers"][number];

/** engineers.json: who has a staging environment, in the order of the file. */
export interface Registry {
  readonly engineers: readonly Engineer[];
}

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
