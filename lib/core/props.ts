import type { TerraformResourceLifecycle } from "cdktf";
import type { Construct } from "constructs";
import { InvalidPropsError } from "./invalid-props";

/**
 * An output that a construct has when a prop is given.
 * @throws {InvalidPropsError} when it was not, with the prop to give
 */
export function optionalOutput<T>(
  construct: Construct,
  output: string,
  value: T | undefined,
  prop: string,
): T {
  if (value !== undefined) return value;
  const problem = { prop: [prop], problem: `is missing, so there is no ${output}`, instead: "give it" };
  throw new InvalidPropsError(construct.node.path, [problem]);
}

/** An object with a value for each key. The compiler knows which keys it has. */
export function recordOf<Key extends string, Value>(
  keys: readonly Key[],
  toValue: (key: Key) => Value,
): Record<Key, Value> {
  return Object.fromEntries(keys.map((key) => [key, toValue(key)])) as Record<Key, Value>;
}

/** An object with the same keys and other values. The compiler knows which keys it has. */
export function mapValues<Key extends string, From, To>(
  record: Readonly<Record<Key, From>>,
  toValue: (value: From, key: Key) => To,
): Record<Key, To> {
  return recordOf(Object.keys(record) as Key[], (key) => toValue(record[key], key));
}

/**
 * The `lifecycle` block of a resource that may be protected; none when there is nothing to say.
 *
 * `prevent_destroy` holds only while the block is in the code: Terraform destroys a protected resource whose block is
 * removed. What must survive that has a protection in its state too (`deletion_protection`, `deletion_policy`).
 */
export function lifecycle(
  preventDestroy: boolean,
  ignoreChanges: readonly string[] = [],
): TerraformResourceLifecycle | undefined {
  if (!preventDestroy && ignoreChanges.length === 0) return undefined;
  return {
    ...(preventDestroy && { preventDestroy }),
    ...(ignoreChanges.length > 0 && { ignoreChanges: [...ignoreChanges] }),
  };
}

export const SECONDS_PER_DAY = 86_400;

/** Days as Google's APIs write a duration: `7` is `"604800s"`. */
export function days(count: number): string {
  return `${count * SECONDS_PER_DAY}s`;
}
