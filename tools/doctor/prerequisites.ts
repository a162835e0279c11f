import { argument, blocksOf, type Stacks, type TerraformJson } from "../../lib/core/terraform-json";
import type { DeclaredStack, Project } from "../../lib/environments/system";

/**
 * Stacks that are deployed before another, in their order: the shared ones of its environment that are declared before it,
 * and of other environments those whose outputs it reads or whose objects it names.
 */
export function prerequisitesOf(declared: DeclaredStack, project: Project, stacks: Stacks): string[] {
  const at = project.declared.findIndex(({ stack }) => stack === declared.stack);
  const named = namedStacks(declared.stack, stacks);
  return project.declared
    .filter(
      ({ stack, environment, owner }, index) =>
        named.has(stack) || (environment === declared.environment && !owner && index < at),
    )
    .map(({ stack }) => stack);
}

/**
 * Stacks whose objects a stack needs: it reads their outputs, or names a custom role, a service account or a ClusterRole
 * of theirs. Such a name is no reference, so Terraform does not wait for it.
 */
export function namedStacks(stack: string, stacks: Stacks): Set<string> {
  const text = JSON.stringify(stacks.get(stack));
  const json = stacks.get(stack) as TerraformJson;
  const read = blocksOf(json, ["data"])
    .filter(({ type }) => type === "terraform_remote_state")
    .map(({ args }) => String(argument(args, "config", "prefix")));
  const others = [...stacks].filter(([name]) => name !== stack);
  const named = others.filter(([, other]) => namesOf(other).some((name) => text.includes(name)));
  return new Set([...read, ...named.map(([name]) => name)]);
}

/** How others spell the objects of a stack. */
function namesOf(json: TerraformJson): string[] {
  return blocksOf(json).flatMap(({ type, args }) => {
    const at = (...path: string[]) => String(argument(args, ...path));
    switch (type) {
      case "google_project_iam_custom_role":
        return [`projects/${at("project")}/roles/${at("role_id")}"`];
      case "google_service_account":
        return [`${at("account_id")}@${at("project")}.iam.gserviceaccount.com`];
      case "kubernetes_cluster_role_v1":
        return [`"kind":"ClusterRole","name":"${at("metadata", "name")}"`];
      default:
        return [];
    }
  });
}
