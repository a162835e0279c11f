import type { InstallationValue } from "../../lib/environments/system";
import type { JsonObject } from "../../lib/hcl/body";

/** A value of the installation that becomes a variable of the environments in which it occurs. */
export interface MarkedValue extends InstallationValue {
  /** Stands for the value while the stacks are synthesized to find out where it occurs. */
  readonly marker: string;
}

/** How a marker is made of a value: what is replaced, by a character that begins it and two that number it. */
interface Marking {
  readonly replaced: RegExp;
  readonly characters: readonly [start: string, zero: string, one: string];
}

const MARKINGS: Readonly<Record<InstallationValue["form"], Marking>> = {
  name: { replaced: /[a-z]/g, characters: ["z", "q", "x"] },
  email: { replaced: /[a-z0-9](?=.*@)/g, characters: ["z", "q", "x"] },
  hexadecimal: { replaced: /[0-9a-f]/g, characters: ["e", "c", "d"] },
  capitals: { replaced: /[0-9A-F]/g, characters: ["E", "C", "D"] },
};

/** Gives each value a marker, which is as valid and as long as what it stands for, so that nothing else changes. */
export function markInstallation(values: readonly InstallationValue[]): MarkedValue[] {
  return values.map((value, number) => {
    const { replaced, characters } = MARKINGS[value.form];
    const [start, zero, one] = characters;
    let place = -1;
    const marker = value.value.replace(replaced, () => {
      place++;
      return place === 0 ? start : (number >> (place - 1)) & 1 ? one : zero;
    });
    return { ...value, marker };
  });
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
  values: readonly MarkedValue[],
): Parameterized {
  const used = new Set<MarkedValue>();
  const holding = (text: string, other: string): readonly MarkedValue[] => {
    const found = values.filter(({ marker }) => other.includes(marker));
    return put(found, other, ({ value }, dollars) => dollars + value) === text ? found : [];
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
      : put(found, other, ({ marker, key }, dollars) => {
          const index = key === undefined ? "" : `["${key}"]`;
          // Directly behind `$` the reference would be escaped.
          return `${dollars && `\${"${dollars}"}`}\${var.${named.get(marker)}${index}}`;
        });
  });
  return { config, ...declarations(named, values) };
}

/** Puts something in place of markers and the `$` before them. */
function put(
  values: readonly MarkedValue[],
  text: string,
  replacement: (value: MarkedValue, dollars: string) => string,
): string {
  return values.reduce((result, value) => {
    const marker = value.marker.replace(/[^\w-]/g, "\\$&");
    return result.replace(new RegExp(`(\\$*)${marker}`, "g"), (_, dollars) => replacement(value, dollars));
  }, text);
}

/** Names of the variables by marker: with the environment where a stack has that value of both. */
function nameVariables(used: readonly MarkedValue[]): Map<string, string> {
  const isShared = ({ variable, environment }: MarkedValue) =>
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
  installation: readonly MarkedValue[],
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
