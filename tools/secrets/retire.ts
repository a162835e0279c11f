import type { Command } from "commander";
import { confirm } from "../command-line/confirm";
import { CliError, EXIT } from "../command-line/errors";
import { examples, tell } from "../command-line/output";
import { findSecret } from "./declared";
import { SecretManager } from "./secret-manager";
import { refuseMade } from "./set";

/** Registers `plue secrets retire`. */
export function registerRetire(secrets: Command): void {
  const command = secrets
    .command("retire")
    .description(
      "destroy the versions before the one in use; Secret Manager keeps them disabled for a week first",
    )
    .argument("<environment>")
    .argument("<secret>")
    .option("-y, --yes", "do not ask")
    .action(retire);
  examples(command, {
    "npx plue secrets retire production anthropic-api-key": "once every release has the new version",
  });
}

async function retire(
  environment: string,
  secretId: string,
  { yes }: { readonly yes?: boolean },
): Promise<void> {
  const secret = findSecret(environment, secretId);
  refuseMade(secret);
  const manager = new SecretManager(secret.projectId);
  const versions = await manager.versions(secretId);
  const inUse = secret.version ?? versions.find(({ state }) => state === "ENABLED")?.number;
  if (!versions.some(({ number, state }) => number === inUse && state === "ENABLED"))
    throw new CliError(
      `${secretId} of ${environment}: version ${inUse ?? 1} is to be in use and is not there, or not enabled. Nothing was destroyed.`,
      EXIT.refused,
    );
  const old = versions.filter(
    ({ number, state, destroyedAt }) => number < (inUse as number) && state !== "DESTROYED" && !destroyedAt,
  );
  if (old.length === 0) {
    tell(`${secretId} of ${environment} has no version before ${inUse}, which is in use. Nothing to do.`);
    return;
  }
  const numbers = old.map(({ number }) => number).join(", ");
  tell(
    [
      `Destroying version ${numbers} of ${secretId} of ${secret.projectId}; version ${inUse} is in use.`,
      "A release that was not deployed since keeps the old value in its namespace, and does not learn that it is gone.",
      "First take the old value back where it came from: destroying a copy does not revoke a key.",
    ].join("\n"),
  );
  await confirm(`Destroy version ${numbers}?`, yes);
  for (const { number } of old) {
    const { destroyedAt } = await manager.destroy(secretId, number);
    const until = destroyedAt
      ? `disabled, and destroyed on ${destroyedAt.toISOString().slice(0, 10)}; until then gcloud secrets versions enable ${number} --secret=${secretId} --project=${secret.projectId} brings it back`
      : "destroyed";
    tell(`Version ${number} is ${until}.`);
  }
}
