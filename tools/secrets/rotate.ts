import type { Command } from "commander";
import { examples, tell } from "../command-line/output";
import { addVersion, nextSteps, useVersion } from "./add-version";
import { type DeclaredSecret, findSecret } from "./declared";
import { SecretManager } from "./secret-manager";

/** Registers `plue secrets rotate`. */
export function registerRotate(secrets: Command): void {
  const command = secrets
    .command("rotate")
    .description(
      "store a secret's next value and raise its version in cdktf.json; a password is made by the next deploy",
    )
    .argument("<environment>")
    .argument("<secret>")
    .action(rotate);
  examples(command, {
    "npx plue secrets rotate production anthropic-api-key": "asks for the new key",
    "npx plue secrets rotate staging plue-staging-db-password":
      "asks for nothing: Terraform makes the password",
  });
}

async function rotate(environment: string, secretId: string): Promise<void> {
  const secret = findSecret(environment, secretId);
  const number =
    secret.madeBy === "terraform"
      ? raise(secret)
      : (await addVersion(secret, new SecretManager(secret.projectId))).number;
  if (secret.version === undefined)
    tell("Whoever reads it takes the latest version: see docs/secrets.md for who does.");
  // The first value of a secret is the one that releases wait for: nothing to commit.
  else if (number !== secret.version) tell(nextSteps(secret));
}

/** A new number is what makes Terraform make a new password, in the secret and in the database at once. */
function raise(secret: DeclaredSecret): number {
  const version = (secret.version ?? 1) + 1;
  tell(`Raising ${secret.secretId} of ${secret.environment} to ${version} in cdktf.json.`);
  useVersion(secret, version);
  return version;
}
