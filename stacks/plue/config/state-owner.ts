import type { EnvironmentConfig, PlueConfig } from "./index";

export type EnvironmentName = "staging" | "production";

/**
 * The environment in whose project the bucket with this one's state is: its own, or production's where both name one
 * bucket, as nobody in staging's project shall reach production's state.
 */
export function stateOwner(config: PlueConfig, environment: EnvironmentName): EnvironmentConfig {
  const { staging, production } = config;
  return environment === "production" || staging.stateBucket === production.stateBucket
    ? production
    : staging;
}
