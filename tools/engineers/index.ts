import type { Command } from "commander";
import { registerAdd } from "./add";
import { registerEdit } from "./edit";
import { registerMerge } from "./merge";
import { registerOffboard } from "./offboard";
import { registerRemove } from "./remove";
import { registerList, registerShow } from "./show";

/** Registers `plue engineers`. */
export function registerEngineers(program: Command): void {
  const engineers = program
    .command("engineers")
    .description("who has a staging environment: edits engineers.json");
  registerAdd(engineers);
  registerList(engineers);
  registerShow(engineers);
  registerEdit(engineers);
  registerOffboard(engineers);
  registerRemove(engineers);
  registerMerge(engineers);
}
