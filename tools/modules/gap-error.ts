/** A construct, or a program, says what a module cannot: the message names where, and what has to be said instead. */
export class ModuleGapError extends Error {
  override readonly name = "ModuleGapError";
}
