import type { Command } from "commander";
import { registerList } from "./list";
import { registerRetire } from "./retire";
import { registerRotate } from "./rotate";
import { registerSet } from "./set";

/** Registers `plue secrets`. */
export function registerSecrets(program: Command): void {
  const secrets = program
    .command("secrets")
    .description(
      "the values in Secret Manager: which are there, which are due; sets, rotates and retires them",
    );
  registerList(secrets);
  registerSet(secrets);
  registerRotate(secrets);
  registerRetire(secrets);
}
