import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { AuditLogging, type AuditLoggingProps } from "../../../lib/google/audit-logging";
import { synthesize } from "../../support/synth";

function auditLogging(services: AuditLoggingProps["services"]) {
  return synthesize((stack) => {
    new GoogleProvider(stack, "google");
    new AuditLogging(stack, "audit", { projectId: "project", services });
  }).resources("google_project_iam_audit_config");
}

describe("AuditLogging", () => {
  test("declares the log types of each service, with their exceptions", () => {
    const exemptedMembers = ["serviceAccount:metrics@project.iam.gserviceaccount.com"];
    const configs = auditLogging({
      allServices: { ADMIN_READ: {}, DATA_WRITE: {} },
      "secretmanager.googleapis.com": { DATA_READ: { exemptedMembers } },
    });
    expect(configs["audit_all_services"]).toMatchObject({
      project: "project",
      service: "allServices",
      audit_log_config: [{ log_type: "ADMIN_READ" }, { log_type: "DATA_WRITE" }],
    });
    expect(configs["audit_secretmanager"]).toMatchObject({
      service: "secretmanager.googleapis.com",
      audit_log_config: [{ log_type: "DATA_READ", exempted_members: exemptedMembers }],
    });
    expect(Object.keys(configs)).toHaveLength(2);
  });

  test("takes an account that the same stack makes as an exception", () => {
    const configs = synthesize((stack) => {
      new GoogleProvider(stack, "google");
      const account = new ServiceAccount(stack, "scraper", { accountId: "prometheus" });
      const services = { allServices: { DATA_READ: { exemptedMembers: [account.member] } } };
      new AuditLogging(stack, "audit", { projectId: "project", services });
    }).resources("google_project_iam_audit_config");
    expect(configs["audit_all_services"]?.["audit_log_config"]).toEqual([
      { log_type: "DATA_READ", exempted_members: ["${google_service_account.scraper.member}"] },
    ]);
  });

  test("of all services may be without a scraper's reads", () => {
    const exemptedMembers = ["serviceAccount:prometheus@project.iam.gserviceaccount.com"];
    const configs = auditLogging({
      allServices: {
        ADMIN_READ: { exemptedMembers },
        DATA_WRITE: { exemptedMembers },
        DATA_READ: { exemptedMembers },
      },
    });
    expect(configs).toEqual({
      audit_all_services: expect.objectContaining({
        service: "allServices",
        audit_log_config: ["ADMIN_READ", "DATA_WRITE", "DATA_READ"].map((log_type) => ({
          log_type,
          exempted_members: exemptedMembers,
        })),
      }),
    });
  });
});
