import type { App } from "cdktf";
import { createApp } from "../core/app";
import { whereDeclared } from "../core/explain-error";
import { findLock } from "../core/provider-lock";
import { stageLocks } from "../core/stage-locks";
import type { StateKey } from "../google/state-store/settings";
import type { EnvironmentFields } from "../input/configuration";
import type { EngineerLimit } from "./capacity";
import { type Placeholder, placeholderMessage } from "./placeholders";
import type { Engineer, EngineerNames, ParseRegistry } from "./registry";
import type { ParseReleases, Release } from "./releases";

/**
 * A system: one program with stacks of its own, in the folder of its `main.ts` and `cdktf.json`. The app command and the
 * command line know it by this alone, so that they work in every system's folder.
 */
export interface System {
  /** Key of its configuration under `context` in cdktf.json: `plue`. */
  readonly name: string;
  /**
   * Reads what people wrote.
   * @param directory of cdktf.json, as messages shall name it
   * @throws {InvalidInputError} with everything that is wrong with any of the files
   */
  readProject(directory?: string): Project;
  /** Checks the text of a cdktf.json. @throws {InvalidInputError} with everything that is wrong with it */
  checkConfig(text: string, file: string): void;
  /** Registry of its engineers. @default it has none */
  readonly registry?: { readonly file: string; readonly parse: ParseRegistry };
  /** What of its services on Cloud Run runs where: `plue canary` edits it. @default it has none */
  readonly releases?: { readonly file: string; readonly parse: ParseReleases };
}

/** A system with its configuration: what it declares, and where. */
export interface Project {
  /** Configuration of each environment, by name. */
  readonly environments: Readonly<Record<string, EnvironmentFields>>;
  /** Name of the environment of users. */
  readonly production: string;
  /** Stack that everybody who works with the system may read. */
  readonly base: string;
  /** Every stack, in the order of a first deployment, without the time that declaring them takes. */
  readonly declared: readonly DeclaredStack[];
  /** Who the configuration names: IAM members. */
  readonly members: readonly string[];
  /** Repository of the program, `owner/name`. @default none is known */
  readonly repository?: string;
  /** Repository of the application, `owner/name`. @default none is known */
  readonly applicationRepository?: string;
  /** What belongs to the installation, and becomes a variable where the stacks are ejected. */
  readonly installation: readonly InstallationValue[];
  /** Values that are still the zeros that the configuration came with, and with which nothing is deployed. */
  readonly placeholders: readonly Placeholder[];

  /** Declares every stack. */
  declare(app: App): void;
  /** Copies the files that the stacks refer to into the output. */
  stage(outdir: string): void;
  /** Names of the Cloud KMS key that encrypts the states. @default `terraform-state/state` */
  readonly stateKey?: StateKey;
  /** The environment in whose project the bucket with this one's states is. */
  stateOwner(environment: string): string;
  /** Version in use of each secret of which the program sets one, by id. */
  secretVersions(environment: string): Readonly<Record<string, number>>;
  /** How many engineers there is room for, by what runs out. Empty without a registry. */
  room(): readonly EngineerLimit[];
  /** What is called after an engineer of this name, whether or not the registry has her; undefined without a registry. */
  engineerNames(name: string): EngineerNames | undefined;
  /**
   * Hash of the revision that a release of a service makes, before anything is deployed.
   * @default the system has no releases
   */
  revision?(environment: string, service: string, release: Release): string;
  /** The same project with other values of the installation, in the order of {@link installation}. */
  withInstallation(values: readonly string[]): Project;
}

/** A stack that a program declares. */
export interface DeclaredStack {
  readonly stack: string;
  /** Name of its environment. */
  readonly environment: string;
  /** Whose it is, where it is one engineer's. */
  readonly owner?: { readonly engineer: Engineer; readonly names: EngineerNames };
  /** Where its release answers. */
  readonly url?: string;
  /** How workflows log in to plan and to apply it. */
  readonly identities: {
    /** Workload identity provider, as `google-github-actions/auth` takes it. */
    readonly provider: string;
    /** E-mail of the service account that plans it. */
    readonly plan: string;
    /** E-mail of the one that applies it. @default only people do */
    readonly apply?: string;
    /** E-mail of the one that writes to its project's logs what has drifted, of any stack. @default none does */
    readonly report?: string;
  };
}

/** A value of the configuration that is another one in each installation. */
export interface InstallationValue {
  /** Name of the variable that it becomes. */
  readonly variable: string;
  /** Where the variable is a map, the key of this value in it. */
  readonly key?: string;
  /** The environment that it is a value of; all have the others. */
  readonly environment?: string;
  readonly description: string;
  readonly value: string;
  /** What it is made of, for a value that can stand in its place. */
  readonly form: "name" | "email" | "hexadecimal" | "capitals";
}

/**
 * Synthesizes a system to where CDKTF says, as its `main.ts` does when it is started.
 * @returns what keeps it from being deployed as it is
 */
export function synthesize(system: System): string[] {
  const project = system.readProject();
  const app = createApp();
  synthesizeInto(app, project);
  project.stage(app.outdir);
  stageLocks(app, findLock("."));
  return project.placeholders.length > 0 ? [placeholderMessage(project.placeholders)] : [];
}

/**
 * Declares every stack of a project in an app, and writes them.
 * @throws {DeclarationError} what a construct throws that does not say itself where it is
 */
export function synthesizeInto(app: App, project: Project): void {
  try {
    project.declare(app);
    app.synth();
  } catch (error) {
    throw whereDeclared(error, app);
  }
}
