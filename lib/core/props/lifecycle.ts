import type { TerraformResourceLifecycle } from "cdktf";

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
