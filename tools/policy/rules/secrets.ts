import { argument } from "../../../lib/core/terraform-json";
import { exposedSecrets } from "./exposed-secrets";
import { at, leaves, list, type Rule, resources, rule } from "./rule";

/** Attributes that are no secret, and still not for everybody who sees a plan or a log. */
const CONFIDENTIAL =
  /\bgoogle_container_cluster\.\w+\.(endpoint|master_auth)\b|\bgoogle_sql_database_instance\.\w+\.server_ca_cert\b/;

/** What holds secrets, and the service that logs who reads them: a cluster has those of Kubernetes. */
const HOLDS_SECRETS: Readonly<Record<string, string>> = {
  google_secret_manager_secret: "secretmanager.googleapis.com",
  google_container_cluster: "container.googleapis.com",
};

export const SECRET_RULES: readonly Rule[] = [
  rule("secrets-stay-out-of-state", {
    title: "No secret lands in a state, a plan or an output",
    why: "A state is a file that every plan reads: whoever may plan would hold every password.",
    *find(program) {
      const names = new Set(
        resources(program, "google_secret_manager_secret").map(({ args }) => String(args["secret_id"])),
      );
      for (const [stack, json] of program.stacks)
        for (const found of exposedSecrets(json, names)) {
          const { address, argument, why } = placeOf(found);
          // Another rule says it better.
          if (/^(data\.)?google_(service_account_key|storage_hmac_key|apikeys_key)\b/.test(address)) continue;
          yield {
            stack,
            address,
            message: `${argument && `${argument}: `}${why}. Write it by a write-only argument (password_wo, secret_data_wo) from an ephemeral resource, or let the program read it from Secret Manager itself`,
          };
        }
    },
  }),
  rule("confidential-outputs", {
    title: "Outputs that show the way in are marked sensitive",
    why: "Terraform prints every other output after each apply, into the log of the workflow.",
    *find(program) {
      for (const [stack, json] of program.stacks)
        for (const [name, output] of Object.entries(json.output ?? {})) {
          const shown = leaves(output["value"]).find(({ value }) => CONFIDENTIAL.test(String(value)));
          if (shown && output["sensitive"] !== true)
            yield { stack, address: `output.${name}`, message: `shows ${shown.value}: set sensitive = true` };
        }
    },
  }),
  rule("secret-reads-are-logged", {
    title: "Every read of a secret is in the audit log, whoever reads it",
    why: "Google logs changes by itself and reads never: after a leak nobody would know who had the value.",
    *find(program) {
      for (const [stack, json] of program.stacks) {
        const one = { ...program, stacks: new Map([[stack, json]]) };
        for (const [type, service] of Object.entries(HOLDS_SECRETS)) {
          const [holder] = resources(one, type);
          const logged = resources(one, "google_project_iam_audit_config").some(
            ({ args }) =>
              ["allServices", service].includes(String(args["service"])) &&
              list(args["audit_log_config"]).some(
                (config) =>
                  argument(config, "log_type") === "DATA_READ" &&
                  list(argument(config, "exempted_members")).length === 0,
              ),
          );
          if (holder && !logged)
            yield at(
              holder,
              `is read without a trace: declare AuditLogging with ${service} DATA_READ, without exemptions`,
            );
        }
      }
    },
  }),
];

/** `resource.google_sql_user.u.password: a secret …`, taken apart: the block's address, the argument in it, and why. */
function placeOf(found: string): { address: string; argument: string; why: string } {
  const [place = "", ...why] = found.split(": ");
  const [section = "", ...names] = place.split(".");
  const labels = section === "resource" || section === "data" ? 2 : 1;
  const block = names.slice(0, labels);
  return {
    address: (section === "resource" ? block : [section, ...block]).join("."),
    argument: names.slice(labels).join("."),
    why: why.join(": "),
  };
}
