import type { z } from "zod";
import { type DeepReadonly, parseJson, readText } from "../../../lib/input/read-json";
import { configRules } from "./rules";
import { cdktfSchema, type plueSchema } from "./schema";

/** `context.plue` of cdktf.json: projects, places, domains and people of this installation. */
export type PlueConfig = DeepReadonly<z.output<typeof plueSchema>>;

/** What staging and production each have of it. */
export type EnvironmentConfig = PlueConfig["staging"];

/**
 * @param file what to call the text in messages
 * @throws {InvalidInputError} with everything that is wrong
 */
export function parseConfig(text: string, file: string): PlueConfig {
  return parseJson(text, file, cdktfSchema, [configRules]).context.plue;
}

/** @throws {InvalidInputError} with everything that is wrong with the file */
export function readConfig(file: string): PlueConfig {
  return parseConfig(readText(file), file);
}
