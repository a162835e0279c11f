import { workflowIdentities } from "../../lib/environments/workflow-identities";
import type { EnvironmentFields } from "../../lib/input/configuration";
import type { EnvironmentName } from "./config";

/** What every name begins with. */
export const PREFIX = "copy-that";

/** Names of an environment's stacks, in the order of a first deployment. */
export function stackNames(environment: EnvironmentName) {
  const application = `${PREFIX}-${environment}`;
  return { bootstrap: `${application}-bootstrap`, base: `${application}-base`, application };
}

/** Name of one thing in an environment: `copy-that-db-staging`. */
export function nameOf(what: string, environment: EnvironmentName): string {
  return `${PREFIX}-${what}-${environment}`;
}

/** Id of the service account by which an environment's workflows deploy. */
export function deployerId(environment: EnvironmentName): string {
  return `github-actions-${environment}`;
}

/** How the workflows of an environment log in. */
export function identitiesOf(environment: EnvironmentName, fields: EnvironmentFields) {
  return workflowIdentities(fields, deployerId(environment));
}

/** Ids of the secrets that people fill in. */
export const SECRETS = { DATABASE_URL: "database-url", REDIS_URL: "redis-url", SECRET_KEY: "app-secret-key" };

/** The secret that a function rotates. */
export const ROTATED = SECRETS.SECRET_KEY;

/** Hosts of production's API: of everybody, and of the revision that is being tried. */
export function hostsOf(domain: string) {
  return { api: `api.${domain}`, canary: `canary.${domain}` };
}

/**
 * What the base stack makes and the application stack names: texts, not references, so that the hash of a revision is known
 * before anything is deployed.
 */
export function shared(environment: EnvironmentName, { projectId, region }: EnvironmentFields) {
  const network = `${PREFIX}-vpc-${environment}`;
  const account = (accountId: string) => {
    const email = `${accountId}@${projectId}.iam.gserviceaccount.com`;
    return { email, name: `projects/${projectId}/serviceAccounts/${email}`, grants: [] };
  };
  return {
    networkId: `projects/${projectId}/global/networks/${network}`,
    subnet: {
      id: `projects/${projectId}/regions/${region}/subnetworks/${network}-run`,
      region,
    },
    connectionName: `${projectId}:${region}:${nameOf("db", environment)}`,
    registryUrl: `${region}-docker.pkg.dev/${projectId}/${IMAGES}`,
    api: account(ACCOUNTS.api),
    migrations: account(ACCOUNTS.migrations),
  };
}

/** Repository of the application's images. */
export const IMAGES = "images";

/** Ids of the service accounts that containers run as. */
export const ACCOUNTS = { api: "copy-that-api", migrations: "copy-that-migrations" } as const;
