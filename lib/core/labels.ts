import { type Arguments, argument } from "./terraform-json";

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

/** By which a bucket says that everybody is meant to read it: policy refuses a public one without. */
export const PUBLIC_LABEL: Readonly<Record<string, string>> = { access: "public" };

/** Whether a bucket, by its arguments, says that everybody is meant to read it. */
export function saysPublic(args: Arguments): boolean {
  return Object.entries(PUBLIC_LABEL).every(([label, value]) => argument(args, "labels", label) === value);
}

/** What the description of a load balancer's backend begins with that has no Cloud Armor policy on purpose: the reason follows. */
export const WITHOUT_ARMOR = "Without Cloud Armor: ";
