import type { EnvironmentFields } from "../input/configuration";
import type { InstallationValue } from "./system";

/** A value in the place of one of the installation's. */
export type ReplaceValue = (value: InstallationValue) => string;

/** How a system's configuration gets other values: calls `replace` with each, in the same order every time. */
export type ReplaceAll<Config> = (config: Config, replace: ReplaceValue) => Config;

/** What of a configuration belongs to the installation. */
export function installationOf<Config>(config: Config, replaceAll: ReplaceAll<Config>): InstallationValue[] {
  const values: InstallationValue[] = [];
  replaceAll(config, (value) => {
    values.push(value);
    return value.value;
  });
  return values;
}

/** The configuration with these values in their places, in the order of {@link installationOf}. */
export function withValues<Config>(
  config: Config,
  values: readonly string[],
  replaceAll: ReplaceAll<Config>,
): Config {
  const next = values.values();
  return replaceAll(config, ({ value }) => next.next().value ?? value);
}

/** Another billing account, where there is one. */
export function replaceBillingAccount<Account extends string | undefined>(
  value: Account,
  replace: ReplaceValue,
): Account | string {
  if (!value) return value;
  const description = "Billing account of the project.";
  return replace({ variable: "billing_account", description, value, form: "capitals" });
}

/**
 * Fields of an environment with other values of what belongs to the installation: project, region with its zones, and
 * addresses of alerts.
 *
 * @param environment its name, unless the system has this one alone
 * @param replaceValue called with each of the values, in the same order every time
 */
export function replaceFields<Fields extends EnvironmentFields>(
  fields: Fields,
  environment: string | undefined,
  replaceValue: ReplaceValue,
): Fields {
  const replace = (value: InstallationValue) =>
    replaceValue({ ...value, ...(environment !== undefined && { environment }) });
  const { projectId, region, zones, alertEmails } = fields;
  const named = (variable: string, description: string, value: string) =>
    replace({ variable, description, value, form: "name" });
  const newProject = named("project_id", "Google Cloud project.", projectId);
  const newRegion = named("region", "Google Cloud region.", region);
  const description = "Addresses that alerts go to, by channel.";
  return {
    ...fields,
    projectId: newProject,
    region: newRegion,
    zones: zones?.map((zone) => zone.replace(region, newRegion)),
    alertEmails: Object.fromEntries(
      Object.entries(alertEmails).map(([key, value]) => [
        key,
        replace({ variable: "alert_emails", key, description, value, form: "email" }),
      ]),
    ),
  };
}
