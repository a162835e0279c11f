import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Placeholder, placeholderMessage } from "../../lib/environments/placeholders";
import type { DeclaredStack, Project, System } from "../../lib/environments/system";
import type { EnvironmentFields } from "../../lib/input/configuration";
import { nearest } from "../../lib/input/explain";
import { CliError, EXIT } from "./errors";

/** Where a command was started, and whose program is there. */
export interface Start {
  /** Folder where it was typed. */
  readonly startedIn: string;
  /** Folder of the cdktf.json there or above. @default there is none */
  readonly folder?: string;
  /** Loads the main.ts of that folder. @default it has none */
  readonly loadSystem?: () => System;
  /** Turns a stack trace of this process into one of the sources. @default it is one already */
  readonly readable?: (trace: string) => string;
}

let start: Start = { startedIn: process.cwd() };

/**
 * Goes to the folder of cdktf.json, as every command names files from there.
 * @throws {CliError} when there is none
 */
export function enterProject(started: Start): void {
  const { startedIn, folder } = started;
  start = started;
  if (!folder)
    throw new CliError(`no cdktf.json in ${startedIn} or above it: run this in the checkout`, EXIT.usage);
  process.chdir(folder);
}

/** The system whose folder this is. @throws {CliError} when the folder has no program */
export function thisSystem(): System {
  const system = start.loadSystem?.();
  if (system) return system;
  throw new CliError(
    `no program beside ${resolve("cdktf.json")}: its folder needs a main.ts that exports its system`,
    EXIT.usage,
  );
}

/** What people wrote for the system. @throws {InvalidInputError} with everything that is wrong with it */
export function readProject(): Project {
  return thisSystem().readProject();
}

/** Configuration of an environment that somebody named. @throws {CliError} with the name that may have been meant */
export function findEnvironment({ environments }: Project, name: string): EnvironmentFields {
  const found = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (found) return found;
  const names = Object.keys(environments);
  const meant = nearest(name, names);
  throw new CliError(
    `there is no environment ${JSON.stringify(name)}; ${meant ? `did you mean ${meant}?` : `there are: ${names.join(", ")}`}`,
    EXIT.usage,
  );
}

/** A stack that somebody named. @throws {CliError} with the name that may have been meant */
export function findStack({ declared }: Project, name: string): DeclaredStack {
  const found = declared.find(({ stack }) => stack === name);
  if (found) return found;
  const names = declared.map(({ stack }) => stack);
  const meant = nearest(name, names);
  throw new CliError(
    `there is no stack ${JSON.stringify(name)}; ${meant ? `did you mean ${meant}?` : `there are: ${names.join(", ")}`}`,
    EXIT.usage,
  );
}

/** @throws {CliError} where values that would be deployed are still zeros */
export function refusePlaceholders(placeholders: readonly Placeholder[]): void {
  if (placeholders.length > 0)
    throw new CliError(`${placeholderMessage(placeholders)}. Nothing was changed`, EXIT.input);
}

/**
 * A file of the checkout that all of its systems share, in the folder of cdktf.json or above it.
 * @throws {CliError} when it is in none
 */
export function sharedPath(path: string): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, path))) return join(folder, path);
    if (folder === dirname(folder))
      throw new CliError(`${path} is neither in ${process.cwd()} nor above it: run this in the checkout`);
  }
}

/** A path that somebody typed, as seen from where they were. */
export function typedPath(path: string): string {
  return resolve(start.startedIn, path);
}
