import type { Arguments } from "../../../lib/core/terraform-json";
import { BUDGET_PUBLISHER } from "../../../lib/google/budget";
import { list, type Program } from "./rule";

/** Attributes of IAM principals that a member may refer to. */
const IDENTITY =
  /^(?:(?:data\.)?google_(?:service_account|project_service_identity|bigquery_default_service_account|storage_project_service_account|logging_project_sink)\.\w+\.(?:email|email_address|member|writer_identity)|google_redis_instance\.\w+\.persistence_iam_identity)$/;

/** Pods of the cluster that the stack makes. */
const POD = /^serviceAccount:\$\{google_container_cluster\.[^}]+\.workload_pool\}\[[a-z0-9-]+\/[a-z0-9-]+\]$/;

/** Memorystore for Redis, whose agent no data source tells. */
const REDIS_AGENT =
  /^serviceAccount:service-\$\{data\.google_project\.\w+\.number\}@cloud-redis\.iam\.gserviceaccount\.com$/;

/** Cloud Storage, where it writes the usage logs of buckets. @see https://cloud.google.com/storage/docs/access-logs */
const USAGE_LOGS = "group:cloud-storage-analytics@google.com";

/** The members that a grant names. */
export function membersOf(args: Arguments): string[] {
  return [...list(args["member"]), ...list(args["members"])].map(String);
}

/**
 * What is wrong with an IAM member; undefined when it comes from the configuration, the registry or the stacks.
 *
 * @param accounts e-mail addresses of the service accounts that the stacks make
 */
export function unknownMember(
  member: string,
  { project }: Program,
  accounts: ReadonlySet<string>,
): string | undefined {
  if (POD.test(member) || REDIS_AGENT.test(member) || member === USAGE_LOGS) return undefined;
  const references = [...member.matchAll(/\$\{([^}]+)\}/g)].map(([, reference = ""]) => reference);
  if (references.length > 0) {
    const strange = references.find((reference) => !IDENTITY.test(reference));
    return strange && `refers to ${strange}, which is no identity: refer to a service account of this stack`;
  }
  const [, kind = "", name = ""] = /^(\w+):(.+)$/.exec(member) ?? [];
  const environments = Object.values(project.environments);
  if (project.members.includes(member) || member === BUDGET_PUBLISHER) return undefined;
  switch (kind) {
    case "user":
      return "is nobody in engineers.json, nor of platformTeam in cdktf.json: add the person there, and take the address from it";
    case "serviceAccount": {
      const [, pods] = /^(.+)\.svc\.id\.goog\[[a-z0-9-]+\/[a-z0-9-]+\]$/.exec(name) ?? [];
      if (environments.some(({ projectId }) => projectId === pods)) return undefined;
      return accounts.has(name)
        ? undefined
        : "is no account that a stack makes: declare it, and refer to its member";
    }
    case "projectOwner":
      // Who that is stands in the project's own policy, where nobody is owner by a stack.
      return environments.some(({ projectId }) => projectId === name)
        ? undefined
        : "are the owners of another project";
    case "principal":
    case "principalSet": {
      const [, number, attribute] =
        /\/projects\/(\d+)\/locations\/global\/workloadIdentityPools\/[\w-]+\/(?:attribute\.\w+|subject)\/(.+)$/.exec(
          name,
        ) ?? [];
      const ours = environments.some(({ projectNumber }) => projectNumber === number);
      return ours && attribute && attribute !== "*"
        ? undefined
        : "is not one of our pools with an attribute that narrows it: build it with githubPrincipals";
    }
    default:
      return "is not in cdktf.json: add it to platformTeam, or grant to a person of engineers.json";
  }
}
