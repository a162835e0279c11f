import type { EngineerNames } from "../../../lib/environments/registry";
import { plain } from "../../../lib/input/fields";
import { NOBODYS_HOST } from "../names";

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

/**
 * Names no engineer may have, each with the reason. Whoever adds a namespace, a stack `staging-*` or a host below
 * the staging domain adds its name here.
 */
export const RESERVED_NAMES: Readonly<Record<string, string>> = {
  base: "staging-base is the stack of the shared cloud resources",
  platform: "staging-platform is the stack of the shared in-cluster services, and platform their namespace",
  access: "staging-access is the stack of the engineers' identities",
  production: "production is a stack, a namespace and an image tag",
  app: "production-app is a stack, and staging-app would read as its counterpart",
  staging: "it is the name of the environment that all engineers share",
  plue: "it is the name of the release in every namespace",
  default: "it is a namespace of every Kubernetes cluster",
  workflows: "it is the namespace of workflow runs in older deployments",
  "external-secrets": "it is the namespace of the External Secrets operator",
  "database-grants": "it is the namespace of the job that keeps the databases' rights",
  [NOBODYS_HOST]: "it is the host name by which the Gateway is watched, where nobody may answer",
  www: "it is a host name of the web site",
  api: "it is a host name of the API",
  constructor: "it is a property of every JavaScript object",
};

/** Beginnings no engineer's name may have, each with the reason. */
export const RESERVED_PREFIXES: Readonly<Record<string, string>> = {
  bootstrap: "staging-bootstrap is the stack of the state bucket and of those who deploy",
  "kube-": "Kubernetes keeps these namespaces for itself",
  "gke-": "GKE keeps these namespaces for itself",
  "gmp-": "Google's managed Prometheus keeps these namespaces for itself",
  gateway: "the namespace gateway holds the shared Gateway",
  "istio-": "Istio and GKE's service mesh keep these namespaces for themselves",
  "xn--": "DNS keeps these labels for names in other scripts",
};

/** Why nobody may have this name; undefined if somebody may. */
export function whyReserved(name: string): string | undefined {
  if (Object.hasOwn(RESERVED_NAMES, name)) return RESERVED_NAMES[name];
  return Object.entries(RESERVED_PREFIXES).find(([prefix]) => name.startsWith(prefix))?.[1];
}

/**
 * The name that a wrong one stands for: lower-case ASCII, with hyphens for other separators; undefined if that cannot
 * be told. A right name stands for itself, so two that stand for the same one cannot both be in the registry.
 */
export function canonicalName(name: string): string | undefined {
  const canonical = plain(name)
    .replace(/@.*$/, "")
    .replace(/['"]/g, "")
    .replace(/[\s._/]/g, "-")
    .replace(/^-+|-+$/g, "");
  return /^[a-z0-9-]+$/.test(canonical) ? canonical : undefined;
}
