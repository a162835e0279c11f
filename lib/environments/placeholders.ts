import { valueAt } from "../input/source-document";

/** A value of the configuration that is still the zeros that it came with: of the right form, and nobody's. */
export interface Placeholder {
  /** Where it stands in the system's configuration: `staging.projectNumber`. */
  readonly path: string;
  readonly value: string;
  /** The environment that it is a value of; all have the others. */
  readonly environment?: string;
}

const ZEROS = /^[0-]{6,}$/;

/**
 * The placeholders of a system's configuration, in its order.
 * @param environments names of those of its keys that are environments
 */
export function findPlaceholders(config: unknown, environments: readonly string[]): Placeholder[] {
  const found: Placeholder[] = [];
  const visit = (path: readonly string[]) => {
    const value = valueAt(config, path);
    const [first = ""] = path;
    if (typeof value === "object" && value !== null)
      for (const key of Object.keys(value)) visit([...path, key]);
    else if (typeof value === "string" && ZEROS.test(value))
      found.push({
        path: path.join("."),
        value,
        ...(environments.includes(first) && { environment: first }),
      });
  };
  visit([]);
  return found;
}

/** Those that an environment has. */
export function placeholdersOf(placeholders: readonly Placeholder[], environment: string): Placeholder[] {
  return placeholders.filter(({ environment: own = environment }) => own === environment);
}

/**
 * Those that a stack of an environment holds, and would be deployed with.
 * @param text its `cdk.tf.json`
 */
export function placeholdersIn(
  placeholders: readonly Placeholder[],
  environment: string,
  text: string,
): Placeholder[] {
  return placeholdersOf(placeholders, environment).filter(({ value }) =>
    new RegExp(`(?<![0-9a-fA-F-])${value}(?![0-9a-fA-F-])`).test(text),
  );
}

/** `cdktf.json: still zeros: billingAccount, staging.projectNumber: npx plue init asks for them` */
export function placeholderMessage(placeholders: readonly Placeholder[]): string {
  const paths = placeholders.map(({ path }) => path).join(", ");
  return `cdktf.json: still zeros: ${paths}: npx plue init asks for them`;
}
