import { join } from "node:path";
import type { App } from "cdktf";
import { installationOf, withValues } from "../../lib/environments/installation";
import { findPlaceholders, type Placeholder } from "../../lib/environments/placeholders";
import type { Release } from "../../lib/environments/releases";
import type { DeclaredStack, InstallationValue, Project, System } from "../../lib/environments/system";
import type { FunctionSource } from "../../lib/google/cloud-function/source";
import { readAll } from "../../lib/input/problems";
import { readText } from "../../lib/input/read-json";
import {
  type CopyThatConfig,
  type CopyThatReleases,
  ENVIRONMENTS,
  type EnvironmentName,
  parseConfig,
  parseReleases,
  SYSTEM,
} from "./config";
import { replaceInstallation } from "./installation";
import { hostsOf, identitiesOf, SECRETS, stackNames } from "./names";

/** Copy-That: an API on Cloud Run, in staging and production. */
export const copyThat = {
  name: SYSTEM,
  readProject,
  checkConfig: (text, file) => void parseConfig(text, file),
  releases: { file: "releases.json", parse: parseReleases },
} satisfies System;

/**
 * Reads both files, so that somebody who got something wrong in each learns so at once.
 *
 * @param directory where they are, as messages shall name it
 * @throws {InvalidInputError} with everything that is wrong with either
 */
function readProject(directory = "."): CopyThatProject {
  const read = <T>(parse: (text: string, file: string) => T, name: string) => {
    const file = join(directory, name);
    return () => parse(readText(file), file);
  };
  const [config, releases] = readAll(
    read(parseConfig, "cdktf.json"),
    read(parseReleases, copyThat.releases.file),
  );
  return new CopyThatProject(config, releases, join(directory, "functions/rotate-secrets"));
}

/** Copy-That as its two files say. What declares stacks is loaded when somebody wants them. */
export class CopyThatProject implements Project {
  readonly production = "production";
  readonly base = stackNames("production").base;
  readonly stateKey = { ring: "terraform-state", name: "terraform-state-key" };
  readonly room = () => [];
  readonly engineerNames = () => undefined;

  /** @param rotation folder with the source of the function that rotates secrets */
  constructor(
    readonly config: CopyThatConfig,
    readonly releases: CopyThatReleases,
    private readonly rotation: string,
    private source?: FunctionSource,
  ) {}

  get environments(): Readonly<Record<EnvironmentName, CopyThatConfig[EnvironmentName]>> {
    const { staging, production } = this.config;
    return { staging, production };
  }

  get declared(): readonly DeclaredStack[] {
    return ENVIRONMENTS.flatMap((environment): DeclaredStack[] => {
      const { provider, plan, apply } = identitiesOf(environment, this.config[environment]);
      const { bootstrap, base, application } = stackNames(environment);
      const url =
        environment === "production" ? `https://${hostsOf(this.config.production.domain).api}` : undefined;
      return [
        // What makes the identities of workflows is deployed by people.
        { stack: bootstrap, environment, identities: { provider, plan } },
        { stack: base, environment, identities: { provider, plan, apply } },
        { stack: application, environment, identities: { provider, plan, apply }, ...(url && { url }) },
      ];
    });
  }

  get members(): readonly string[] {
    return Object.values(this.config.developers);
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
    return findPlaceholders(this.config, ENVIRONMENTS);
  }

  declare(app: App): void {
    const { CopyThatBootstrapStack } = require("./bootstrap") as typeof import("./bootstrap");
    const { BaseStack } = require("./base") as typeof import("./base");
    const { ApplicationStack } = require("./application") as typeof import("./application");
    for (const environment of ENVIRONMENTS) {
      new CopyThatBootstrapStack(app, this.config, environment);
      new BaseStack(app, this.config, environment, this.rotationSource);
      new ApplicationStack(app, this.config, environment, this.releases[environment]);
    }
  }

  stage(outdir: string): void {
    this.rotationSource.stage(outdir);
  }

  stateOwner(environment: string): string {
    return environment;
  }

  secretVersions(environment: EnvironmentName): Readonly<Record<string, number>> {
    const { secretVersions } = this.config[environment];
    return Object.fromEntries(Object.values(SECRETS).map((id) => [id, secretVersions[id] ?? 1]));
  }

  revision(environment: EnvironmentName, service: string, release: Release): string {
    const { revisionOf } = require("./application") as typeof import("./application");
    return revisionOf(this.config, environment, { [service]: release } as { readonly api: Release });
  }

  withInstallation(values: readonly string[]): CopyThatProject {
    return new CopyThatProject(
      withValues(this.config, values, replaceInstallation),
      this.releases,
      this.rotation,
      this.source,
    );
  }

  /** Read when somebody wants it. */
  private get rotationSource(): FunctionSource {
    const { FunctionSource } =
      require("../../lib/google/cloud-function/source") as typeof import("../../lib/google/cloud-function/source");
    this.source ??= new FunctionSource(this.rotation);
    return this.source;
  }
}
