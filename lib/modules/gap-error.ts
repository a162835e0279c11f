/** The program has what a module lacks: a resource, a variable or an output. The message names the construct. */
export class ModuleGapError extends Error {
  override readonly name = "ModuleGapError";
}
