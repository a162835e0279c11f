import { join } from "node:path";
import type { App } from "cdktf";
import { installationOf, withValues } from "../../lib/environments/installation";
import { findPlaceholders, type Placeholder } from "../../lib/environments/placeholders";
import type { DeclaredStack, InstallationValue, Project, System } from "../../lib/environments/system";
import { workflowIdentities } from "../../lib/environments/workflow-identities";
import { readText } from "../../lib/input/read-json";
import { type OrchestraConfig, PRODUCTION, parseConfig, SYSTEM } from "./config";
import { replaceInstallation } from "./installation";
import { hosts, SECRETS, STACKS } from "./names";

/** The script by which builds deploy, beside cdktf.json. */
const RELEASE = "release.py";

/** Orchestra: server, engine and worker on Cloud Run, in one environment. */
export const orchestra = {
  name: SYSTEM,
  readProject(directory = ".") {
    const file = join(directory, "cdktf.json");
    return new OrchestraProject(parseConfig(readText(file), file), readText(join(directory, RELEASE)));
  },
  checkConfig: (text, file) => void parseConfig(text, file),
} satisfies System;

/** Orchestra as its cdktf.json says. What declares stacks is loaded when somebody wants them, as it takes most of the time. */
export class OrchestraProject implements Project {
  readonly production = PRODUCTION;
  readonly base = STACKS.base;
  readonly members = [];
  readonly room = () => [];
  readonly engineerNames = () => undefined;

  /** @param release text of the script by which builds deploy */
  constructor(
    readonly config: OrchestraConfig,
    private readonly release: string,
  ) {}

  get environments() {
    return { [PRODUCTION]: this.config[PRODUCTION] };
  }

  get declared(): readonly DeclaredStack[] {
    const { provider, plan, apply } = workflowIdentities(this.config[PRODUCTION]);
    const url = `https://${hosts(this.config[PRODUCTION].domain).api}`;
    return [
      // What makes the identities of workflows is deployed by people.
      { stack: STACKS.bootstrap, environment: PRODUCTION, identities: { provider, plan } },
      { stack: STACKS.base, environment: PRODUCTION, identities: { provider, plan, apply } },
      { stack: STACKS.application, environment: PRODUCTION, url, identities: { provider, plan, apply } },
    ];
  }

  get repository(): string {
    return this.config.githubRepository;
  }

  get installation(): readonly InstallationValue[] {
    return installationOf(this.config, replaceInstallation);
  }

  get placeholders(): readonly Placeholder[] {
    return findPlaceholders(this.config, [PRODUCTION]);
  }

  declare(app: App): void {
    const { OrchestraBootstrapStack } = require("./bootstrap") as typeof import("./bootstrap");
    const { BaseStack } = require("./base") as typeof import("./base");
    const { ApplicationStack } = require("./application") as typeof import("./application");
    new OrchestraBootstrapStack(app, this.config);
    new BaseStack(app, this.config, this.release);
    new ApplicationStack(app, this.config);
  }

  stage(): void {}

  stateOwner(): string {
    return PRODUCTION;
  }

  secretVersions(): Readonly<Record<string, number>> {
    const { secretVersions } = this.config[PRODUCTION];
    return Object.fromEntries(Object.values(SECRETS).map((id) => [id, secretVersions[id] ?? 1]));
  }

  withInstallation(values: readonly string[]): OrchestraProject {
    return new OrchestraProject(withValues(this.config, values, replaceInstallation), this.release);
  }
}
