import type { EnvironmentFields } from "../input/configuration";
import type { InstallationValue } from "./system";

/**
 * Fields of an environment with other values of what belongs to the installation: project, region with its zones, and
 * addresses of alerts.
 *
 * @param replace called with each of the values, in the same order every time
 */
export function replaceFields<Fields extends EnvironmentFields>(
  fields: Fields,
  environment: string,
  replace: (value: InstallationValue) => string,
): Fields {
  const { projectId, region, zones, alertEmails } = fields;
  const named = (variable: string, description: string, value: string) =>
    replace({ variable, environment, description, value, form: "name" });
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
        replace({ variable: "alert_emails", key, environment, description, value, form: "email" }),
      ]),
    ),
  };
}
