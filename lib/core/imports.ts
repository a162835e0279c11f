import { type TerraformResource, TerraformStack } from "cdktf";

interface Import {
  readonly to: string;
  readonly id: string;
}

const imports = new WeakMap<TerraformStack, readonly Import[]>();

/**
 * Imports an object that is there already into the state, by an `import` block; once it is there, the block does
 * nothing. Where there is no such object, the plan fails.
 *
 * Not CDKTF's `importFrom`, which asks the installed Terraform for its version, and so cannot synthesize without one.
 *
 * @param id what `terraform import` takes
 * @see https://developer.hashicorp.com/terraform/language/import
 */
export function adopt(resource: TerraformResource, id: string): void {
  const stack = TerraformStack.of(resource);
  const to = `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
  const all = [...(imports.get(stack) ?? []), { to, id }];
  imports.set(stack, all);
  stack.addOverride("import", all);
}
