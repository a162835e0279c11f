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
