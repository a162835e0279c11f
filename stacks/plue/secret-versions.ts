import { InvalidInputError, quote } from "../../lib/input/problems";
import type { EnvironmentConfig, EnvironmentName } from "./config";
import { API_SECRETS, RELEASE_SECRETS } from "./names";

/** Version of a secret that is in use: the configuration's, or else the first. */
export function secretVersion({ secretVersions }: EnvironmentConfig, secretId: string): number {
  return secretVersions[secretId] ?? 1;
}

/** Secrets of the API for its release, each in the version that is in use. */
export function releaseSecrets(environment: EnvironmentConfig) {
  const versions = Object.values(API_SECRETS).map((id) => [id, secretVersion(environment, id)]);
  return { ...RELEASE_SECRETS, versions: Object.fromEntries(versions) as Record<string, number> };
}

/**
 * @param secretIds secrets whose version the program sets
 * @throws {InvalidInputError} on the version of another, which would change nothing
 */
export function checkSecretVersions(
  { secretVersions }: EnvironmentConfig,
  name: EnvironmentName,
  secretIds: readonly string[],
): void {
  const unknown = Object.keys(secretVersions).filter((secretId) => !secretIds.includes(secretId));
  if (unknown.length === 0) return;
  throw new InvalidInputError(
    unknown.map((secretId) => ({
      file: "cdktf.json",
      path: ["context", "plue", name, "secretVersions"],
      message: `${quote(secretId)} has no version to set: there are ${secretIds.join(", ")}`,
    })),
  );
}
