import type { SecretManagerSecretReplication } from "@cdktf/provider-google/lib/secret-manager-secret";
import type { KmsKey } from "./kms";

/** Days for which a destroyed version of a secret can be brought back, unless its construct says otherwise. */
export const VERSION_DESTROY_DELAY_DAYS = 7;

/**
 * Replication of a Secret Manager secret, with its encryption: in the regions, or automatic, wherever Google chooses.
 *
 * @param keys by region; with automatic replication one of location `global`, as `global`
 */
export function secretReplication(
  regions: readonly string[] | undefined,
  keys: Readonly<Record<string, KmsKey>> = {},
): SecretManagerSecretReplication {
  const encryption = (location: string) => {
    const key = keys[location];
    return key ? { customerManagedEncryption: { kmsKeyName: key.id } } : {};
  };
  if (!regions) return { auto: encryption("global") };
  return { userManaged: { replicas: regions.map((location) => ({ location, ...encryption(location) })) } };
}
