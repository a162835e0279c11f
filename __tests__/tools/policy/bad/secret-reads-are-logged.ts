import { AuditLogging, type AuditLoggingProps } from "../../../../lib/google/audit-logging";
import { Secrets } from "../../../../lib/google/secret-manager";
import type { BadStacks } from "../../../support/bad-stacks";

const secrets =
  (services?: AuditLoggingProps["services"]): BadStacks[string] =>
  ({ stack, projectId, labels }) => {
    new Secrets(stack, "secrets", {
      projectId,
      secrets: { "api-key": {} },
      deletionProtection: false,
      labels,
    });
    if (services) new AuditLogging(stack, "audit", { projectId, services });
  };

export default {
  "no log of who reads the cluster's Secrets": (bad) => {
    bad.cluster();
    bad.override("cluster-audit/container", "service", "pubsub.googleapis.com");
  },
  "no audit log": secrets(),
  "an audit log of something else": secrets({ "storage.googleapis.com": { DATA_READ: {} } }),
  "an audit log of writes": secrets({ "secretmanager.googleapis.com": { DATA_WRITE: {} } }),
  "somebody who reads unseen": secrets({
    "secretmanager.googleapis.com": { DATA_READ: { exemptedMembers: ["user:alice@plue.dev"] } },
  }),
} satisfies BadStacks;
