import { type ReplaceValue, replaceBillingAccount, replaceFields } from "../../lib/environments/installation";
import type { CopyThatConfig } from "./config";

/**
 * The configuration with other values of what belongs to the installation. The domain stays, as addresses in state are made of
 * it, and so do state buckets, as a backend takes no variables.
 *
 * @param replace called with each of the values in the same order every time
 */
export function replaceInstallation(config: CopyThatConfig, replace: ReplaceValue): CopyThatConfig {
  return {
    ...config,
    staging: replaceFields(config.staging, "staging", replace),
    production: replaceFields(config.production, "production", replace),
    billingAccount: replaceBillingAccount(config.billingAccount, replace),
  };
}
