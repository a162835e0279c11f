import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  findLock,
  LOCK_FILE,
  type LockedProvider,
  parseLock,
  STACK_LOCK_FILE,
} from "../../lib/core/provider-lock";
import { argument, type TerraformJson } from "../../lib/core/terraform-json";
import { CliError, EXIT } from "../command-line/errors";
import { warn } from "../command-line/output";
import type { TerraformState } from "../state/terraform-state";

/** Providers whose packages nobody vouches for but the registry, by its signature: `hashicorp/google 6.50.0`. */
export function withoutHashes(locked: readonly LockedProvider[]): string[] {
  return locked
    .filter(({ hashes }) => hashes.length === 0)
    .map(({ source, version }) => `${source} ${version}`);
}

/**
 * What the checkout's stacks may run.
 * @throws {CliError} when there is no lock file that says so
 */
export function lockedProviders(): LockedProvider[] {
  try {
    const file = findLock(".");
    return parseLock(readFileSync(file, "utf8"), LOCK_FILE);
  } catch (error) {
    throw new CliError((error as Error).message);
  }
}

/**
 * What a synthesized stack may run: the providers of the lock file beside it.
 * @throws {CliError} when there is none, or it is not the checkout's
 */
export function stagedProviders(stack: string): string[] {
  const file = join("cdktf.out", "stacks", stack, STACK_LOCK_FILE);
  if (!existsSync(file)) throw new CliError(`there is no ${file}: run npm run synth first`);
  const locked = parseLock(readFileSync(file, "utf8"), file);
  const known = lockedProviders().map(({ text }) => text);
  const others = locked.filter(({ text }) => !known.includes(text)).map(({ source }) => source);
  if (others.length > 0)
    throw new CliError(
      `${file} has other packages of ${others.join(" and ")} than ${LOCK_FILE}: run npm run synth first`,
      EXIT.refused,
    );
  warnOfUnknownPackages(locked);
  return locked.map(({ source }) => source);
}

/** Tells of packages that Terraform knows by version and the registry's signature alone. */
export function warnOfUnknownPackages(locked: readonly LockedProvider[]): void {
  const open = withoutHashes(locked);
  if (open.length > 0)
    warn(
      LOCK_FILE,
      `${LOCK_FILE} has no hashes of ${open.join(" and ")}: Terraform takes what the registry has signed under that version. ` +
        "npx plue lock asks for them; commit the file",
    );
}

/** Providers that a synthesized stack declares: `hashicorp/google`. */
export function declaredProviders({ terraform }: TerraformJson): string[] {
  const required = argument(terraform, "required_providers") ?? {};
  return Object.values(required).map((provider) => String(argument(provider, "source")));
}

/**
 * A state is code: Terraform installs and starts each provider that it names.
 * @throws {CliError} when a stack's state names one that the stack does not declare
 */
export function refuseForeignProviders(
  stack: string,
  state: TerraformState | undefined,
  declared: readonly string[],
): void {
  const foreign = foreignProviders(state, declared);
  if (foreign.length > 0)
    throw new CliError(
      `the state of ${stack} names ${foreign.join(" and ")}, which its program does not declare: Terraform would install and ` +
        "start that, as you. Nothing was started. If the program had it once, declare it again until what it made is gone; " +
        "if it never had, somebody wrote that into the state: docs/runbooks/foreign-provider.md",
      EXIT.refused,
    );
}

/** Providers that a state names beyond those. */
export function foreignProviders(state: TerraformState | undefined, declared: readonly string[]): string[] {
  return (state?.providers ?? []).filter((provider) => !declared.includes(provider));
}
