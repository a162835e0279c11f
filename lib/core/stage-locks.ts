import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type App, type TerraformProvider, TerraformStack } from "cdktf";
import { LOCK_FILE, LockFileError, parseLock, STACK_LOCK_FILE } from "./provider-lock";

/** Providers that a stack declares, each once, as `hashicorp/google` with its version. */
export function providersOf(stack: TerraformStack): Map<string, string> {
  return new Map(stack.allProviders().map((provider) => [sourceOf(provider), versionOf(provider)]));
}

/**
 * Writes beside each synthesized stack the lock file of its providers and no others: Terraform told to keep it
 * (`-lockfile=readonly`) installs nothing else, whatever else the stack's state names.
 *
 * @throws where the lock file lacks a provider of theirs, or has another version
 */
export function stageLocks(app: App, file: string): void {
  const locked = parseLock(readFileSync(file, "utf8"), LOCK_FILE);
  for (const stack of app.node.findAll().filter(TerraformStack.isStack)) {
    const blocks = [...providersOf(stack)].map(([source, version]) => {
      const found = locked.find((provider) => provider.source === source);
      if (found?.version === version) return found.text;
      const has = found ? `version ${found.version}` : "none";
      throw new LockFileError(
        `${stack.node.id} needs ${source} ${version}, and ${LOCK_FILE} has ${has}: run npx plue lock`,
      );
    });
    const { workingDirectory } = app.manifest.forStack(stack);
    const text = `# Of ${stack.node.id}'s providers, from the checkout's own: manual edits are lost.\n`;
    writeFileSync(join(app.outdir, workingDirectory, STACK_LOCK_FILE), [text, ...blocks.sort()].join("\n"));
  }
}

function sourceOf({ terraformProviderSource, terraformResourceType }: TerraformProvider): string {
  const source = terraformProviderSource ?? terraformResourceType;
  return source.includes("/") ? source : `hashicorp/${source}`;
}

function versionOf({ terraformGeneratorMetadata: metadata }: TerraformProvider): string {
  return metadata?.providerVersion ?? metadata?.providerVersionConstraint ?? "";
}
