import { replaceBillingAccount, replaceFields } from "../../../lib/environments/installation";
import type { InstallationValue } from "../../../lib/environments/system";
import type { EnvironmentName, PlueConfig } from "./index";

/**
 * The configuration with other values of what belongs to the installation.
 *
 * Domains stay, as addresses in state are made of them, and so do state buckets, as a backend takes no variables.
 *
 * @param replace called with each of the values in the same order every time
 */
export function replaceInstallation(
  config: PlueConfig,
  replace: (value: InstallationValue) => string,
): PlueConfig {
  const [staging, production] = [
    replaceFields(config.staging, "staging", replace),
    replaceFields(config.production, "production", replace),
  ];
  const { dnsZone } = config.staging;
  const zoneId = (value: string, environment?: EnvironmentName) =>
    replace({
      variable: "cloudflare_zone_id",
      environment,
      description: "Cloudflare zone of the domain.",
      value,
      form: "hexadecimal",
    });
  const cloudflareZoneId = zoneId(config.cloudflareZoneId, dnsZone && "production");
  const stagingZone = dnsZone && {
    ...dnsZone,
    cloudflareZoneId: zoneId(dnsZone.cloudflareZoneId, "staging"),
  };
  const billingAccount = replaceBillingAccount(config.billingAccount, replace);
  return {
    ...config,
    staging: { ...staging, ...(stagingZone && { dnsZone: stagingZone }) },
    production,
    cloudflareZoneId,
    billingAccount,
  };
}
