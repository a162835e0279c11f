import type { InstallationValue } from "../../../lib/environments/system";
import type { EnvironmentConfig, EnvironmentName, PlueConfig } from "./index";

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
  const replaceIn = (environment: EnvironmentName): EnvironmentConfig => {
    const { projectId, region, zones, alertEmails, ...rest } = config[environment];
    const named = (variable: string, description: string, value: string) =>
      replace({ variable, environment, description, value, form: "name" });
    const newProject = named("project_id", "Google Cloud project.", projectId);
    const newRegion = named("region", "Google Cloud region.", region);
    const description = "Addresses that alerts go to, by channel.";
    return {
      ...rest,
      projectId: newProject,
      region: newRegion,
      zones: zones?.map((zone) => zone.replace(region, newRegion)),
      alertEmails: Object.fromEntries(
        Object.entries(alertEmails).map(([key, value]) => [
          key,
          replace({ variable: "alert_emails", key, environment, description, value, form: "email" }),
        ]),
      ),
    };
  };
  const [staging, production] = [replaceIn("staging"), replaceIn("production")];
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
  const billingAccount =
    config.billingAccount &&
    replace({
      variable: "billing_account",
      description: "Billing account of the project.",
      value: config.billingAccount,
      form: "capitals",
    });
  return {
    ...config,
    staging: { ...staging, ...(stagingZone && { dnsZone: stagingZone }) },
    production,
    cloudflareZoneId,
    billingAccount,
  };
}
