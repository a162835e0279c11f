import type { Stacks } from "../../lib/core/terraform-json";
import type { Project } from "../../lib/environments/system";
import { estimateProgram, type ProgramCost } from "./program";

/** What the program's stacks cost. */
export function programCost(project: Project, stacks: Stacks): ProgramCost {
  return estimateProgram({ stacks, declared: project.declared, limits: project.room() });
}
