import type { App } from "cdktf";
import type { Registry } from "../../lib/environments/registry";
import type { DeclaredStack } from "../../lib/environments/system";
import { workflowIdentities } from "../../lib/environments/workflow-identities";
import type { Charts } from "./charts";
import type { EnvironmentName, PlueConfig } from "./config";
import { engineerNames } from "./registry/engineer-names";

/** What the stacks are made of. */
interface Inputs {
  readonly config: PlueConfig;
  readonly registry: Registry;
  readonly charts: Charts;
}

/** A stack that belongs to no engineer. */
interface SharedStack {
  readonly stack: string;
  readonly environment: EnvironmentName;
  /** Domain where its release answers. @default it has none */
  readonly domain?: (config: PlueConfig) => string;
  /** Declares it. Its class is loaded only then: provider bindings take most of the time that a command takes to start. */
  readonly declare: (app: App, inputs: Inputs) => void;
}

/** The stacks that belong to no engineer, in the order of a first deployment. A new kind of stack is an entry here. */
const SHARED_STACKS: readonly SharedStack[] = [
  bootstrap("staging"),
  {
    stack: "staging-base",
    environment: "staging",
    declare(app, { config }) {
      const { StagingBaseStack } = require("./staging-base") as typeof import("./staging-base");
      new StagingBaseStack(app, config);
    },
  },
  {
    stack: "staging-platform",
    environment: "staging",
    declare(app, { config, charts }) {
      const { StagingPlatformStack } = require("./staging-platform") as typeof import("./staging-platform");
      new StagingPlatformStack(app, config, charts);
    },
  },
  {
    stack: "staging-access",
    environment: "staging",
    declare(app, { config, registry }) {
      const { StagingAccessStack } = require("./staging-access") as typeof import("./staging-access");
      new StagingAccessStack(app, config, registry);
    },
  },
  bootstrap("production"),
  {
    stack: "production",
    environment: "production",
    declare(app, { config }) {
      const { ProductionStack } = require("./production") as typeof import("./production");
      new ProductionStack(app, config);
    },
  },
  {
    stack: "production-app",
    environment: "production",
    domain: ({ production }) => production.domain,
    declare(app, { config, charts }) {
      const { ProductionAppStack } = require("./production-app") as typeof import("./production-app");
      new ProductionAppStack(app, config, charts);
    },
  },
];

/** The stack that makes an environment's identities, and folders for the states of its other stacks. */
function bootstrap(environment: EnvironmentName): SharedStack {
  return {
    stack: `${environment}-bootstrap`,
    environment,
    declare(app, { config }) {
      const { PlueBootstrapStack } = require("./bootstrap") as typeof import("./bootstrap");
      new PlueBootstrapStack(app, config, environment, sharedStacks(environment));
    },
  };
}

/** Names of an environment's stacks that belong to no engineer, or of all of them. */
export function sharedStacks(environment?: EnvironmentName): string[] {
  const own = SHARED_STACKS.filter(
    (shared) => environment === undefined || shared.environment === environment,
  );
  return own.map(({ stack }) => stack);
}

/** Every stack of Plue, in the order of a first deployment, without declaring it: the engineers' are behind staging's. */
export function declaredStacks(config: PlueConfig, { engineers }: Registry): DeclaredStack[] {
  const shared = (environment: EnvironmentName): DeclaredStack[] =>
    SHARED_STACKS.filter((stack) => stack.environment === environment).map(({ stack, domain }) => {
      const { provider, plan, apply, report } = workflowIdentities(config[environment]);
      const planning = { provider, plan, ...(environment === "production" && { report }) };
      return {
        stack,
        environment,
        ...(domain && { url: `https://${domain(config)}` }),
        // What makes the identities of workflows is deployed by people.
        identities: stack === bootstrap(environment).stack ? planning : { ...planning, apply },
      };
    });
  const owned = engineers.map((engineer): DeclaredStack => {
    const names = engineerNames(engineer.name, config.staging.projectId);
    const { provider, plan } = workflowIdentities(config.staging);
    return {
      stack: names.stack,
      environment: "staging",
      owner: { engineer, names },
      url: `https://${names.hostLabel}.${config.staging.domain}`,
      identities: { provider, plan, apply: names.deployerEmail },
    };
  });
  return [...shared("staging"), ...owned, ...shared("production")];
}

/** Declares every stack of Plue: those of staging and production, and one for each engineer. */
export function declareStacks(app: App, inputs: Inputs): void {
  const { StagingEngineerStack } = require("./staging-engineer") as typeof import("./staging-engineer");
  const declare = (environment: EnvironmentName) => {
    for (const stack of SHARED_STACKS) if (stack.environment === environment) stack.declare(app, inputs);
  };
  declare("staging");
  for (const engineer of inputs.registry.engineers)
    new StagingEngineerStack(app, inputs.config, engineer, inputs.charts);
  declare("production");
}
