import { join } from "node:path";
import type { App } from "cdktf";
import { installationOf, withValues } from "../../lib/environments/installation";
import { findPlaceholders, type Placeholder } from "../../lib/environments/placeholders";
import type { DeclaredStack, InstallationValue, Project, System } from "../../lib/environments/system";
import { workflowIdentities } from "../../lib/environments/workflow-identities";
import { readText } from "../../lib/input/read-json";
import type { Charts } from "./charts";
import {
  ENVIRONMENTS,
  type EnvironmentName,
  type OctollmConfig,
  parseConfig,
  replaceInstallation,
} from "./config";
import { COMMITMENT, nameOf, OPENAI_API_KEY, STATE_KEY } from "./names";

/** OctoLLM: three environments of the same kind, dev, staging and prod. */
export const octollm = {
  name: "octollm",
  readProject(directory = ".") {
    const file = join(directory, "cdktf.json");
    return new OctollmProject(parseConfig(readText(file), file), directory);
  },
  checkConfig: (text, file) => void parseConfig(text, file),
} satisfies System;

/** A stack of an environment, in the order of a first deployment. */
interface Kind {
  readonly stack: (environment: EnvironmentName) => string;
  /** Only a person applies it: it makes what workflows are, or spends a year's money. */
  readonly byPeople?: true;
  /** Where its release answers. */
  readonly url?: (environment: EnvironmentName, config: OctollmConfig) => string;
  /** Declares it. Its class is loaded only then: provider bindings take most of the time that a command takes to start. */
  readonly declare: (app: App, inputs: Inputs, environment: EnvironmentName) => void;
}

interface Inputs {
  readonly config: OctollmConfig;
  readonly charts: Charts;
}

const EVERY: readonly Kind[] = [
  {
    stack: (environment) => `${nameOf(environment)}-project`,
    byPeople: true,
    declare(app, { config }, environment) {
      const { ProjectStack } = require("./project-stack") as typeof import("./project-stack");
      new ProjectStack(app, config, environment);
    },
  },
  {
    stack: (environment) => `${nameOf(environment)}-bootstrap`,
    byPeople: true,
    declare(app, { config }, environment) {
      const { OctollmBootstrapStack } = require("./bootstrap") as typeof import("./bootstrap");
      const names = (kinds: readonly Kind[]) => kinds.map(({ stack }) => stack(environment));
      const kinds = kindsOf(environment);
      const byPeople = kinds.filter((kind) => kind.byPeople);
      new OctollmBootstrapStack(app, config, environment, names(kinds), names(byPeople));
    },
  },
  {
    stack: nameOf,
    declare(app, { config }, environment) {
      const { EnvironmentStack } = require("./environment-stack") as typeof import("./environment-stack");
      new EnvironmentStack(app, config, environment);
    },
  },
  {
    stack: (environment) => `${nameOf(environment)}-cluster`,
    url: (environment, { domain }) =>
      `https://api.${environment === "prod" ? "" : `${environment}.`}${domain}`,
    declare(app, { config, charts }, environment) {
      const { ClusterStack } = require("./cluster-stack") as typeof import("./cluster-stack");
      new ClusterStack(app, config, environment, charts);
    },
  },
];

const PROD_ONLY: Kind = {
  stack: () => COMMITMENT,
  byPeople: true,
  declare(app, { config }) {
    const { CommitmentStack } = require("./commitment-stack") as typeof import("./commitment-stack");
    new CommitmentStack(app, config);
  },
};

const kindsOf = (environment: EnvironmentName) => (environment === "prod" ? [...EVERY, PROD_ONLY] : EVERY);

/** OctoLLM as its configuration says. */
export class OctollmProject implements Project {
  readonly production = "prod";
  readonly base = nameOf("dev");
  readonly stateKey = STATE_KEY;
  readonly members = [];

  /**
   * @param directory of this system
   * @param charts those of it, read when they are needed unless somebody has them
   */
  constructor(
    readonly config: OctollmConfig,
    private readonly directory: string,
    private charts?: Charts,
  ) {}

  get environments() {
    const { dev, staging, prod } = this.config;
    return { dev, staging, prod };
  }

  get declared(): readonly DeclaredStack[] {
    return ENVIRONMENTS.flatMap((environment) => {
      const { provider, plan, apply } = workflowIdentities(this.config[environment]);
      return kindsOf(environment).map(
        ({ stack, url, byPeople }): DeclaredStack => ({
          stack: stack(environment),
          environment,
          ...(url && { url: url(environment, this.config) }),
          identities: byPeople ? { provider, plan } : { provider, plan, apply },
        }),
      );
    });
  }

  get repository(): string {
    return this.config.githubRepository;
  }

  get applicationRepository(): string {
    return this.config.applicationRepository;
  }

  get installation(): readonly InstallationValue[] {
    return installationOf(this.config, replaceInstallation);
  }

  get placeholders(): readonly Placeholder[] {
    return findPlaceholders(this.config, ENVIRONMENTS);
  }

  declare(app: App): void {
    const inputs = { config: this.config, charts: this.loadedCharts };
    for (const environment of ENVIRONMENTS)
      for (const kind of kindsOf(environment)) kind.declare(app, inputs, environment);
  }

  stage(outdir: string): void {
    this.loadedCharts.stage(outdir);
  }

  stateOwner(environment: string): string {
    return environment;
  }

  secretVersions(environment: string): Readonly<Record<string, number>> {
    const { secretVersions } = this.config[environment as EnvironmentName];
    return { [OPENAI_API_KEY]: secretVersions[OPENAI_API_KEY] ?? 1 };
  }

  room(): readonly [] {
    return [];
  }

  engineerNames(): undefined {
    return undefined;
  }

  withInstallation(values: readonly string[]): OctollmProject {
    const config = withValues(this.config, values, replaceInstallation);
    return new OctollmProject(config, this.directory, this.loadedCharts);
  }

  private get loadedCharts(): Charts {
    const { Charts } = require("./charts") as typeof import("./charts");
    this.charts ??= new Charts(this.directory);
    return this.charts;
  }
}
