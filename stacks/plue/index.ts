import { join } from "node:path";
import type { App } from "cdktf";
import { type EngineerLimit, engineerLimits } from "../../lib/environments/capacity";
import { installationOf, withValues } from "../../lib/environments/installation";
import { findPlaceholders, type Placeholder } from "../../lib/environments/placeholders";
import type { EngineerNames, Registry } from "../../lib/environments/registry";
import type { DeclaredStack, InstallationValue, Project, System } from "../../lib/environments/system";
import { readAll } from "../../lib/input/problems";
import type { Charts } from "./charts";
import { type EnvironmentName, type PlueConfig, parseConfig, readConfig, stateOwner } from "./config";
import { replaceInstallation } from "./config/installation";
import { parseRegistry, readRegistry } from "./registry";
import { engineerNames } from "./registry/engineer-names";
import { releaseSecrets } from "./secret-versions";
import { declaredStacks, declareStacks } from "./stacks";

/** Plue: staging with an environment for each engineer, and production. */
export const plue = {
  name: "plue",
  readProject,
  checkConfig: (text, file) => void parseConfig(text, file),
  registry: { file: "engineers.json", parse: parseRegistry },
} satisfies System;

/**
 * Reads both files, so that somebody who got something wrong in each learns so at once.
 *
 * @param directory where they are, as messages shall name it
 * @throws {InvalidInputError} with everything that is wrong with either
 */
function readProject(directory = "."): PlueProject {
  const [config, registry] = readAll(
    () => readConfig(join(directory, "cdktf.json")),
    () => readRegistry(join(directory, plue.registry.file)),
  );
  return new PlueProject(config, registry);
}

/** Plue as its two files say. What declares stacks is loaded when somebody wants them, as it takes most of the time. */
export class PlueProject implements Project {
  readonly production = "production";
  readonly base = "staging-base";

  /** @param charts those of helm/, read when they are needed unless somebody has them */
  constructor(
    readonly config: PlueConfig,
    readonly registry: Registry,
    private charts?: Charts,
  ) {}

  get environments(): Readonly<Record<EnvironmentName, PlueConfig[EnvironmentName]>> {
    const { staging, production } = this.config;
    return { staging, production };
  }

  get declared(): readonly DeclaredStack[] {
    return declaredStacks(this.config, this.registry);
  }

  get members(): readonly string[] {
    const people = this.registry.engineers.flatMap(({ email, readers }) => [email, ...readers]);
    return [...Object.values(this.config.platformTeam), ...people.map((email) => `user:${email}`)];
  }

  get repository(): string {
    return this.config.githubRepository;
  }

  get applicationRepository(): string | undefined {
    return this.config.applicationRepository;
  }

  get installation(): readonly InstallationValue[] {
    return installationOf(this.config, replaceInstallation);
  }

  get placeholders(): readonly Placeholder[] {
    return findPlaceholders(this.config, Object.keys(this.environments));
  }

  declare(app: App): void {
    declareStacks(app, { config: this.config, registry: this.registry, charts: this.loadedCharts });
  }

  stage(outdir: string): void {
    this.loadedCharts.stage(outdir);
  }

  stateOwner(environment: EnvironmentName): EnvironmentName {
    return stateOwner(this.config, environment);
  }

  secretVersions(environment: EnvironmentName): Readonly<Record<string, number>> {
    return releaseSecrets(this.config[environment]).versions;
  }

  room(): readonly EngineerLimit[] {
    const { stagingCapacity } = require("./capacity") as typeof import("./capacity");
    return engineerLimits(stagingCapacity(this.registry.engineers.length));
  }

  engineerNames(name: string): EngineerNames {
    return engineerNames(name, this.config.staging.projectId);
  }

  withInstallation(values: readonly string[]): PlueProject {
    const config = withValues(this.config, values, replaceInstallation);
    return new PlueProject(config, this.registry, this.loadedCharts);
  }

  private get loadedCharts(): Charts {
    const { Charts } = require("./charts") as typeof import("./charts");
    this.charts ??= new Charts();
    return this.charts;
  }
}
