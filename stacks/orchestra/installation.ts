import { type ReplaceValue, replaceBillingAccount, replaceFields } from "../../lib/environments/installation";
import { type OrchestraConfig, PRODUCTION } from "./config";

/**
 * The configuration with other values of what belongs to the installation. The domain stays, as addresses in state are made of
 * it, and so does the state bucket, as a backend takes no variables.
 *
 * @param replace called with each of the values in the same order every time
 */
export function replaceInstallation(config: OrchestraConfig, replace: ReplaceValue): OrchestraConfig {
  return {
    ...config,
    [PRODUCTION]: replaceFields(config[PRODUCTION], undefined, replace),
    billingAccount: replaceBillingAccount(config.billingAccount, replace),
  };
}
