/**
 * Labels of everything that belongs to an environment and can have labels: by these the bill is split, and whoever finds
 * something in the console knows not to change it by hand. Policy refuses what lacks one of them.
 *
 * @param environment the environment's name: `staging`
 * @param further what else is said of one thing: `{owner: "alice"}`
 */
export function environmentLabels(
  environment: string,
  further: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return { environment, ...further, managed_by: "terraform" };
}
