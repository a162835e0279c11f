import type { EngineerNames } from "../../../lib/environments/engineer-names";

const RUNTIME_PREFIX = "staging-";
/** Prefix of a deployer's service account id, before the name. */
export const DEPLOYER_PREFIX = "tf-staging-";

/** A Google service account id has 6 to 30 characters. */
const MAX_ACCOUNT_ID_LENGTH = 30;

/**
 * Longest name of an engineer: what the tightest of all limits leaves (see `engineerNames`).
 * Raising it means giving the deployer's service account another prefix, which recreates it for everybody.
 */
export const MAX_NAME_LENGTH = MAX_ACCOUNT_ID_LENGTH - DEPLOYER_PREFIX.length;

/**
 * Derives all that is called after an engineer, here and nowhere else. Renaming an engineer therefore means a new
 * stack, namespace and database, and the old ones to destroy.
 *
 * What each limit leaves for the name, with the longest project id (30):
 *
 * | becomes                       | as                               | may have                     | leaves |
 * | ----------------------------- | -------------------------------- | ---------------------------- | ------ |
 * | deployer's service account id | `tf-staging-<name>`              | 6 to 30 of `a-z 0-9 -`       | 19     |
 * | database user                 | `staging-<name>@<project>.iam`   | 63 bytes, as any Postgres id | 20     |
 * | runtime service account id    | `staging-<name>`                 | 6 to 30 of `a-z 0-9 -`       | 22     |
 * | stack, and directory of it    | `staging-<name>`                 | 255                          | 247    |
 * | database                      | `plue_<name>`, `-` as `_`        | 63 bytes                     | 58     |
 * | namespace, label value        | `<name>`                         | 63 of `a-z 0-9 -`            | 63     |
 * | first label of the host       | `<name>`                         | 63 of `a-z 0-9 -`            | 63     |
 * | id of a secret named after it | `<name>` as a part               | 255 of `A-Za-z 0-9 _ -`      | > 200  |
 * | managed folder of the state   | `staging-<name>/`                | 1024 bytes                   | > 1000 |
 * | image tag, unless one is set  | `<name>`                         | 128                          | 128    |
 * | construct ids                 | `<name>`                         | must begin with a letter     |        |
 *
 * @param name an engineer's name as the registry accepts it, or `*` for how those of all look
 * @param projectId project of the staging environment
 * @see https://cloud.google.com/iam/docs/service-accounts-create
 * @see https://cloud.google.com/sql/docs/postgres/add-manage-iam-users
 * @see https://www.postgresql.org/docs/16/limits.html
 */
export function engineerNames(name: string, projectId: string): EngineerNames {
  const runtimeAccountId = `${RUNTIME_PREFIX}${name}`;
  const deployerAccountId = `${DEPLOYER_PREFIX}${name}`;
  const stack = `staging-${name}`;
  return {
    stack,
    namespace: name,
    database: `plue_${name.replaceAll("-", "_")}`,
    runtimeAccountId,
    runtimeEmail: accountEmail(runtimeAccountId, projectId),
    databaseUser: accountEmail(runtimeAccountId, projectId).replace(/\.gserviceaccount\.com$/, ""),
    deployerAccountId,
    deployerEmail: accountEmail(deployerAccountId, projectId),
    stateFolder: `${stack}/`,
    hostLabel: name,
  };
}

function accountEmail(accountId: string, projectId: string): string {
  return `${accountId}@${projectId}.iam.gserviceaccount.com`;
}
