import { mapValues } from "../../lib/core/props";
import type { InstallationValue } from "../../lib/environments/system";
import { type OrchestraConfig, PRODUCTION } from "./config";

/**
 * The configuration with other values of what belongs to the installation. The domain stays, as addresses in state are made of
 * it, and so does the state bucket, as a backend takes no variables.
 *
 * @param replace called with each of the values in the same order every time
 */
export function replaceInstallation(
  config: OrchestraConfig,
  replace: (value: InstallationValue) => string,
): OrchestraConfig {
  const fields = config[PRODUCTION];
  const named = (variable: string, description: string, value: string) =>
    replace({ variable, description, value, form: "name" });
  return {
    ...config,
    [PRODUCTION]: {
      ...fields,
      projectId: named("project_id", "Google Cloud project.", fields.projectId),
      region: named("region", "Google Cloud region.", fields.region),
      alertEmails: mapValues(fields.alertEmails, (value, key) =>
        replace({
          variable: "alert_emails",
          key,
          description: "Addresses that alerts go to, by channel.",
          value,
          form: "email",
        }),
      ),
    },
    billingAccount:
      config.billingAccount &&
      replace({
        variable: "billing_account",
        description: "Billing account of the project.",
        value: config.billingAccount,
        form: "capitals",
      }),
  };
}
