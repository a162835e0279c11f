import { ProjectIamAuditConfig } from "@cdktf/provider-google/lib/project-iam-audit-config";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { type PropProblem, rejectProps } from "../core/invalid-props";

/** Data Access logs, which Google writes only when told to. Admin Activity logs are always written, free. */
export type AuditLogType = "ADMIN_READ" | "DATA_READ" | "DATA_WRITE";

/** One log type of one service. */
export interface AuditLogProps {
  /** IAM members whose use is not logged, such as a scraper's service account. @default none */
  readonly exemptedMembers?: readonly string[];
}

export interface AuditLoggingProps {
  /** Id of the Google Cloud project. */
  readonly projectId: string;
  /**
   * What to log, by service (`secretmanager.googleapis.com`, or `allServices`): log types, each with its exceptions.
   * A service logs what it and what `allServices` asks for; an exempted member of either is exempt.
   */
  readonly services: Record<string, Partial<Record<AuditLogType, AuditLogProps>>>;
}

/**
 * Data Access audit logs of a project, by service and log type. 0.50 USD per GB after the first 50 GB a month: DATA_READ
 * of everything can be the most expensive log of all.
 *
 * It owns the settings of the services it names: what is declared elsewhere for the same service is overwritten.
 *
 * Source: OctoLLM document, section "Audit Logging".
 * @see https://cloud.google.com/logging/docs/audit/configure-data-access
 * @throws when there is no service, a service has no log type or is none, or an exempted member is not an IAM member
 * @example
 * ```ts
 * new AuditLogging(stack, "audit", {
 *   projectId: "acme-prod",
 *   services: {
 *     "secretmanager.googleapis.com": { ADMIN_READ: {}, DATA_READ: {}, DATA_WRITE: {} },
 *     "storage.googleapis.com": {
 *       DATA_READ: { exemptedMembers: ["serviceAccount:backup@acme-prod.iam.gserviceaccount.com"] },
 *     },
 *   },
 * });
 * ```
 */
export class AuditLogging extends Construct {
  constructor(scope: Construct, id: string, props: AuditLoggingProps) {
    super(scope, id);
    rejectProps(this, problems(props));
    for (const [service, logTypes] of Object.entries(props.services))
      new ProjectIamAuditConfig(
        this,
        service.replace(".googleapis.com", "").replace("allServices", "all-services"),
        {
          project: props.projectId,
          service,
          auditLogConfig: Object.entries(logTypes).map(([logType, { exemptedMembers }]) => ({
            logType,
            exemptedMembers: exemptedMembers && [...exemptedMembers],
          })),
        },
      );
  }
}

function problems({ services }: AuditLoggingProps): PropProblem[] {
  const found: PropProblem[] = [];
  if (Object.keys(services).length === 0)
    found.push({ prop: ["services"], problem: "is empty", instead: "name one at least" });
  for (const [service, logTypes] of Object.entries(services)) {
    const prop = ["services", service];
    if (service !== "allServices" && !/^[a-z0-9-]+\.googleapis\.com$/.test(service))
      found.push({
        prop,
        problem: `"${service}" is no service`,
        instead: 'give one such as "storage.googleapis.com", or "allServices"',
      });
    if (Object.keys(logTypes).length === 0)
      found.push({ prop, problem: "has no log type", instead: "give ADMIN_READ, DATA_READ or DATA_WRITE" });
    for (const [type, { exemptedMembers = [] }] of Object.entries(logTypes))
      for (const [index, member] of exemptedMembers.entries())
        if (
          !Token.isUnresolved(member) &&
          !/^(user|group|domain|serviceAccount|principal|principalSet):\S+$/.test(member)
        )
          found.push({
            prop: [...prop, type, "exemptedMembers", index],
            problem: `is "${member}"`,
            instead: 'give an IAM member such as "serviceAccount:…"',
          });
  }
  return found;
}
