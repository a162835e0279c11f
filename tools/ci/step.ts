import { appendFileSync, readFileSync } from "node:fs";
import { InvalidArgumentError, Option } from "commander";
import type { DeclaredStack, Project } from "../../lib/environments/system";
import { CliError, EXIT } from "../command-line/errors";
import { findStack as findDeclared, findEnvironment, readProject, typedPath } from "../command-line/project";
import { StateBucket, type StoredStack } from "../state/state-bucket";

/** An option that takes an amount above 0. */
export function numberOption(flags: string, description: string, value: number): Option {
  return new Option(flags, description).default(value).argParser((given) => {
    const parsed = Number(given);
    if (!(Number.isFinite(parsed) && parsed > 0)) throw new InvalidArgumentError("give a number above 0");
    return parsed;
  });
}

/** A stack of the program, with the program. */
export interface NamedStack extends DeclaredStack {
  readonly project: Project;
}

/** @throws {CliError} with the name that may have been meant */
export function findStack(name: string): NamedStack {
  const project = readProject();
  return { ...findDeclared(project, name), project };
}

/** What a step does with a stack: as whom, where the stack is an engineer's. */
export type Purpose = "plan" | "apply";

/**
 * Service account that a step acts as, which works on an engineer's stack as nobody else may; undefined for the other
 * stacks, where the job's own credentials are those of the account.
 */
export function actingAs({ owner, identities }: DeclaredStack, purpose: Purpose): string | undefined {
  return owner && identities[purpose];
}

/**
 * State and lock of a stack, from its bucket.
 * @throws {GoogleError | StateError} when it cannot be read
 */
export async function readStored(named: NamedStack, purpose: Purpose): Promise<StoredStack> {
  const { project, environment, stack } = named;
  const { stateBucket, projectId } = findEnvironment(project, environment);
  const stored = await new StateBucket(stateBucket, projectId, actingAs(named, purpose)).stack(stack);
  if (stored.error) throw stored.error;
  return stored;
}

/**
 * The text of a file that somebody named.
 * @throws {CliError} when it cannot be read
 */
export function readTyped(file: string): string {
  try {
    return readFileSync(typedPath(file), "utf8");
  } catch (error) {
    throw new CliError(
      `${file} cannot be read: ${error instanceof Error ? error.message : error}`,
      EXIT.usage,
    );
  }
}

/** Adds Markdown to the summary of the run, where there is one. */
export function summarize(file: string | undefined, markdown: string): void {
  if (file) appendFileSync(typedPath(file), `${markdown}\n`);
}

/** The address of this run, as the environment of a workflow's step says. */
export function runUrl(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = environment;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
}
