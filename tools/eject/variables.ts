import type { JsonObject } from "../../lib/hcl/body";
import type { EnvironmentConfig, EnvironmentName, PlueConfig } from "../../stacks/plue/config";

/** A value of the configuration that becomes a variable of the environments in which it occurs. */
export interface InstallationValue {
  /** Name of the variable. */
  readonly variable: string;
  /** Where the variable is a map, the key of this value in it. */
  readonly key?: string;
  /** The environment that it is a value of; both have the others. */
  readonly environment?: EnvironmentName;
  readonly description: string;
  readonly value: string;
  /** Stands for the value while the stacks are synthesized to find out where it occurs. */
  readonly marker: string;
}

/** A configuration with markers instead of what belongs to the installation. */
export interface MarkedConfig {
  readonly config: PlueConfig;
  readonly values: readonly InstallationValue[];
}

/** How a marker is made of a value: what is replaced, by a character that begins it and two that number it. */
interface Form {
  readonly replaced: RegExp;
  readonly characters: readonly [start: string, zero: string, one: string];
}

const NAME: Form = { replaced: /[a-z]/g, characters: ["z", "q", "x"] };
const EMAIL: Form = { replaced: /[a-z0-9](?=.*@)/g, characters: ["z", "q", "x"] };
const HEXADECIMAL: Form = { replaced: /[0-9a-f]/g, characters: ["e", "c", "d"] };
const CAPITALS: Form = { replaced: /[0-9A-F]/g, characters: ["E", "C", "D"] };

/**
 * Puts markers into a configuration. Each is as valid and as long as what it stands for, so that nothing else changes.
 * Domains stay, as addresses in state are made of them, and so do state buckets, as a backend takes no variables.
 */
export function markConfig(config: PlueConfig): MarkedConfig {
  const values: InstallationValue[] = [];
  const mark = (form: Form, value: Omit<InstallationValue, "marker">): string => {
    const [start, zero, one] = form.characters;
    const number = values.length;
    let place = -1;
    const marker = value.value.replace(form.replaced, () => {
      place++;
      return place === 0 ? start : (number >> (place - 1)) & 1 ? one : zero;
    });
    values.push({ ...value, marker });
    return marker;
  };
  const markEnvironment = (environment: EnvironmentName): EnvironmentConfig => {
    const { projectId, region, zones, alertEmails, ...rest } = config[environment];
    const named = (variable: string, description: string, value: string) =>
      mark(NAME, { variable, environment, description, value });
    const markedProject = named("project_id", "Google Cloud project.", projectId);
    const markedRegion = named("region", "Google Cloud region.", region);
    const description = "Addresses that alerts go to, by channel.";
    return {
      ...rest,
      projectId: markedProject,
      region: markedRegion,
      zones: zones?.map((zone) => zone.replace(region, markedRegion)),
      alertEmails: Object.fromEntries(
        Object.entries(alertEmails).map(([key, value]) => [
          key,
          mark(EMAIL, { variable: "alert_emails", key, environment, description, value }),
        ]),
      ),
    };
  };
  const [staging, production] = [markEnvironment("staging"), markEnvironment("production")];
  const cloudflareZoneId = mark(HEXADECIMAL, {
    variable: "cloudflare_zone_id",
    description: "Cloudflare zone of the domain.",
    value: config.cloudflareZoneId,
  });
  const billingAccount =
    config.billingAccount &&
    mark(CAPITALS, {
      variable: "billing_account",
      description: "Billing account of the project.",
      value: config.billingAccount,
    });
  return { config: { ...config, staging, production, cloudflareZoneId, billingAccount }, values };
}

/** A stack with variables, and what they are set to. */
export interface Parameterized {
  readonly config: JsonObject;
  /** `variable` blocks by name. */
  readonly variables: Readonly<Record<string, JsonObject>>;
  /** Values by name of the variable. */
  readonly values: JsonObject;
}

/** Top-level blocks whose arguments are templates. */
const TEMPLATES = ["resource", "data", "ephemeral", "locals", "provider", "module", "import"];

/**
 * Writes a variable wherever a marker shows that a text holds an installation's value. A text that was computed from
 * the value otherwise (a name cut off, an address) stays as it is: with the values put in, the result is always the
 * original.
 *
 * @param original Terraform JSON of a stack
 * @param marked of the same stack with the marked configuration
 */
export function parameterize(
  original: JsonObject,
  marked: JsonObject,
  values: readonly InstallationValue[],
): Parameterized {
  const used = new Set<InstallationValue>();
  const holding = (text: string, other: string): readonly InstallationValue[] => {
    const found = values.filter(({ marker }) => other.includes(marker));
    return put(found, other, ({ value }) => value) === text ? found : [];
  };
  mergeTemplates(original, marked, (text, other) => {
    for (const value of holding(text, other)) used.add(value);
    return text;
  });
  const named = nameVariables(values.filter((value) => used.has(value)));
  const config = mergeTemplates(original, marked, (text, other) => {
    const found = holding(text, other);
    return found.length === 0
      ? text
      : put(found, other, ({ marker, key }) => {
          const index = key === undefined ? "" : `["${key}"]`;
          return `\${var.${named.get(marker)}${index}}`;
        });
  });
  return { config, ...declarations(named, values) };
}

function put(
  values: readonly InstallationValue[],
  text: string,
  replacement: (value: InstallationValue) => string,
): string {
  return values.reduce((result, value) => result.replaceAll(value.marker, () => replacement(value)), text);
}

/** Names of the variables by marker: with the environment where a stack has that value of both. */
function nameVariables(used: readonly InstallationValue[]): Map<string, string> {
  const isShared = ({ variable, environment }: InstallationValue) =>
    used.some((other) => other.variable === variable && other.environment !== environment);
  return new Map(
    used.map((value) => [
      value.marker,
      isShared(value) ? `${value.environment}_${value.variable}` : value.variable,
    ]),
  );
}

/** The configuration with strings merged wherever Terraform reads them as templates. */
function mergeTemplates(original: JsonObject, marked: JsonObject, merge: Merge): JsonObject {
  const config: Record<string, unknown> = { ...original };
  for (const section of TEMPLATES)
    if (original[section]) config[section] = mergeStrings(original[section], marked[section], merge);
  const others = (marked["output"] ?? {}) as Record<string, JsonObject>;
  const outputs = Object.entries((original["output"] ?? {}) as Record<string, JsonObject>);
  if (outputs.length > 0)
    config["output"] = Object.fromEntries(
      outputs.map(([name, output]) => [
        name,
        { ...output, value: mergeStrings(output["value"], others[name]?.["value"], merge) },
      ]),
    );
  return config;
}

type Merge = (text: string, other: string) => string;

/** A value with strings merged that are at the same place in both; where the other has none, it stays. */
function mergeStrings(value: unknown, other: unknown, merge: Merge): unknown {
  if (typeof value === "string") return typeof other === "string" ? merge(value, other) : value;
  if (Array.isArray(value))
    return value.map((item, index) =>
      mergeStrings(item, Array.isArray(other) ? other[index] : undefined, merge),
    );
  if (typeof value !== "object" || value === null) return value;
  const others = typeof other === "object" && other !== null ? (other as JsonObject) : {};
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mergeStrings(item, others[key], merge)]),
  );
}

function declarations(
  named: ReadonlyMap<string, string>,
  installation: readonly InstallationValue[],
): Pick<Parameterized, "variables" | "values"> {
  const variables: Record<string, JsonObject> = {};
  const values: Record<string, unknown> = {};
  for (const { marker, key, description, value } of installation) {
    const name = named.get(marker);
    if (name === undefined) continue;
    variables[name] = { type: key === undefined ? "string" : "map(string)", description };
    values[name] = key === undefined ? value : { ...(values[name] as JsonObject | undefined), [key]: value };
  }
  return { variables, values };
}
