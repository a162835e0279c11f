import { mapValues } from "../../lib/core/props";
import type { InstallationValue } from "../../lib/environments/system";
import type { CopyThatConfig, EnvironmentName } from "./config";

/**
 * The configuration with other values of what belongs to the installation. The domain stays, as addresses in state are made of
 * it, and so do state buckets, as a backend takes no variables.
 *
 * @param replace called with each of the values in the same order every time
 */
export function replaceInstallation(
  config: CopyThatConfig,
  replace: (value: InstallationValue) => string,
): CopyThatConfig {
  const replaceIn = <E extends EnvironmentName>(environment: E): CopyThatConfig[E] => {
    const fields = config[environment];
    const named = (variable: string, description: string, value: string) =>
      replace({ variable, environment, description, value, form: "name" });
    return {
      ...fields,
      projectId: named("project_id", "Google Cloud project.", fields.projectId),
      region: named("region", "Google Cloud region.", fields.region),
      alertEmails: mapValues(fields.alertEmails, (value, key) =>
        replace({
          variable: "alert_emails",
          key,
          environment,
          description: "Addresses that alerts go to, by channel.",
          value,
          form: "email",
        }),
      ),
    };
  };
  return {
    ...config,
    staging: replaceIn("staging"),
    production: replaceIn("production"),
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
