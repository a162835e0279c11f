import type { App } from "cdktf";
import type { Registry } from "../../lib/environments/registry";
import { BootstrapStack } from "./bootstrap";
import type { Charts } from "./charts";
import type { PlueConfig } from "./config";
import { ProductionStack } from "./production";
import { ProductionAppStack } from "./production-app";
import { StagingAccessStack } from "./staging-access";
import { StagingBaseStack } from "./staging-base";
import { StagingEngineerStack } from "./staging-engineer";
import { StagingPlatformStack } from "./staging-platform";

/** Declares every stack of Plue: those of staging and production, and one for each engineer. */
export function declareStacks(
  app: App,
  { config, registry }: { config: PlueConfig; registry: Registry },
  charts: Charts,
): void {
  new BootstrapStack(app, config, "staging");
  new StagingBaseStack(app, config);
  new StagingPlatformStack(app, config, charts);
  new StagingAccessStack(app, config, registry);
  for (const engineer of registry.engineers) new StagingEngineerStack(app, config, engineer, charts);
  new BootstrapStack(app, config, "production");
  new ProductionStack(app, config);
  new ProductionAppStack(app, config, charts);
}
