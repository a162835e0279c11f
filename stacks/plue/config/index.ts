import type { z } from "zod";
import { type DeepReadonly, parseJson, readText } from "../../../lib/input/read-json";
import { configRules } from "./rules";
import { cdktfSchema, type ENVIRONMENTS, type plueSchema } from "./schema";

/** `context.plue` of cdktf.json: projects, places, domains and people of this installation. */
export type PlueConfig = DeepReadonly<z.output<typeof plueSchema>>;

/** `staging` or `production`: key of the configuration, and value of the label `environment`. */
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/** Configuration of one environment. */
export type EnvironmentConfig = PlueConfig[EnvironmentName];

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

/** Cloudflare zone of staging's domain: its own, or the product's. */
export function stagingZone({ staging, domain, cloudflareZoneId }: PlueConfig): {
  readonly domain: string;
  readonly cloudflareZoneId: string;
} {
  return staging.dnsZone ?? { domain, cloudflareZoneId };
}

/**
 * The environment in whose project the bucket with this one's state is: its own, or production's where both name one
 * bucket, as nobody in staging's project shall reach production's state.
 */
export function stateOwner(
  { staging, production }: PlueConfig,
  environment: EnvironmentName,
): EnvironmentName {
  return staging.stateBucket === production.stateBucket ? "production" : environment;
}
