import type { TerraformResourceLifecycle } from "cdktf";
import type { Construct, IConstruct } from "constructs";

const takingAny = new WeakSet<IConstruct>();

/** Lets constructs in this tree take any props: samples in place of values, whose checks say nothing. */
export function takeAnyProps(root: IConstruct): void {
  takingAny.add(root);
}

/** Throws one error that lists every problem of a construct's props after its path; does nothing without problems. */
export function rejectProps(construct: Construct, problems: readonly string[]): void {
  if (problems.length === 0 || construct.node.scopes.some((scope) => takingAny.has(scope))) return;
  throw new Error(`${construct.node.path}: ${problems.join("\n  ")}`);
}

/**
 * An output that a construct has when a prop is given.
 * @throws when it was not, with the prop to give
 */
export function optionalOutput<T>(
  construct: Construct,
  output: string,
  value: T | undefined,
  prop: string,
): T {
  if (value === undefined) throw new Error(`${construct.node.path} has no ${output}: give it ${prop}.`);
  return value;
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
 * What keeps a text from being the name of a Compute Engine or GKE resource; undefined when nothing does.
 *
 * @param maxLength 63 for most, fewer where other names are derived from this one
 * @see https://cloud.google.com/compute/docs/naming-resources
 */
export function nameProblem(name: string, maxLength = 63): string | undefined {
  if (/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= maxLength) return undefined;
  return `"${name}" is not a valid name: at most ${maxLength} lower-case letters, digits and -, first a letter, last no -`;
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
