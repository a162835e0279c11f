/** The files of a module in HCL, in the order in which they are joined where one text is wanted. */
export const MODULE_FILES = [
  "versions.tf",
  "backend.tf",
  "providers.tf",
  "variables.tf",
  "main.tf",
  "outputs.tf",
] as const;

export type ModuleFile = (typeof MODULE_FILES)[number];

/** Every file that synthesis may leave in a stack's folder, in JSON or in HCL. */
export const STACK_FILES: readonly string[] = ["cdk.tf.json", "cdk.tf", "metadata.json", ...MODULE_FILES];
