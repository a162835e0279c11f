import type { Command } from "commander";
import { CliError, EXIT } from "../command-line/errors";
import { examples, tell } from "../command-line/output";
import { addVersion, nextSteps } from "./add-version";
import { type DeclaredSecret, findSecret } from "./declared";
import { SecretManager } from "./secret-manager";

/** Registers `plue secrets set`. */
export function registerSet(secrets: Command): void {
  const command = secrets
    .command("set")
    .description("store a secret's first value, from standard input or typed without being shown")
    .argument("<environment>")
    .argument("<secret>")
    .action(set);
  examples(command, {
    "npx plue secrets set staging anthropic-api-key": "asks for it",
    "npx plue secrets set production github-app-private-key < key.pem": "a file",
  });
}

async function set(environment: string, secretId: string): Promise<void> {
  const secret = findSecret(environment, secretId);
  refuseMade(secret);
  const manager = new SecretManager(secret.projectId);
  const enabled = (await manager.versions(secretId)).find(({ state }) => state === "ENABLED");
  if (enabled)
    throw new CliError(
      `${secretId} of ${environment} has a value, version ${enabled.number}: npx plue secrets rotate ${environment} ${secretId} replaces it.`,
      EXIT.refused,
    );
  const added = await addVersion(secret, manager);
  if (secret.version !== undefined && secret.version !== added.number) tell(nextSteps(secret));
}

/** @throws {CliError} for a secret whose values Terraform makes */
export function refuseMade({ secretId, environment, stack, madeBy }: DeclaredSecret): void {
  if (madeBy === "terraform")
    throw new CliError(
      `${secretId} is made and replaced by Terraform, and nobody types it: npx plue secrets rotate ${environment} ${secretId}, and deploy ${stack}.`,
      EXIT.refused,
    );
}
