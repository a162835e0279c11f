import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The checkout's, under a name that Terraform does not look for where somebody runs it in the checkout. */
export const LOCK_FILE = "terraform.lock.hcl";
/** A stack's, as Terraform calls it. */
export const STACK_LOCK_FILE = ".terraform.lock.hcl";

/** Provider in one version, as a lock file allows it. */
export interface LockedProvider {
  /** Without its registry, of which OpenTofu has another: `hashicorp/google`. */
  readonly source: string;
  /** With it: `registry.terraform.io/hashicorp/google`. */
  readonly address: string;
  readonly version: string;
  /** Hashes of its packages for each platform. Without any Terraform takes what the registry's signature says. */
  readonly hashes: readonly string[];
  /** Its block. */
  readonly text: string;
}

/** A lock file that cannot be used; the message tells a person all there is to know. */
export class LockFileError extends Error {
  override readonly name = "LockFileError";
}

/**
 * The checkout's lock file: in the folder or above it, as every system's program has the same providers.
 * @throws where there is none
 */
export function findLock(folder: string): string {
  for (let here = resolve(folder); ; here = dirname(here)) {
    const file = join(here, LOCK_FILE);
    if (existsSync(file)) return file;
    if (here === dirname(here))
      throw new LockFileError(`${LOCK_FILE} is neither in ${folder} nor above it: npx plue lock writes it`);
  }
}

/**
 * What a lock file says, in Terraform's own layout.
 * @param file what to call it in messages
 * @throws where it holds something else
 */
export function parseLock(text: string, file: string): LockedProvider[] {
  const lines = text.replaceAll("\r\n", "\n");
  const blocks = [...lines.matchAll(/^provider "([\w.-]+\/([\w-]+\/[\w-]+))" \{\n((?: .*\n)*)\}\n/gm)];
  const rest = blocks.reduce((left, [block]) => left.replace(block, ""), lines);
  const providers = blocks.map(([block, address = "", source = "", body = ""]) => ({
    source,
    address,
    version: /^ {2}version += "([\w.+-]+)"$/m.exec(body)?.[1] ?? "",
    hashes: [...body.matchAll(/^ {4}"((?:h1|zh):[^"]+)",$/gm)].map(([, hash = ""]) => hash),
    text: block,
  }));
  if (/^(?!#)./m.test(rest) || providers.some(({ version }) => !version))
    throw new LockFileError(`${file} is not as Terraform writes it: npx plue lock does`);
  return providers;
}
