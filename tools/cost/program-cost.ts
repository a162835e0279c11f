import type { Stacks } from "../../lib/core/terraform-json";
import { engineerLimits } from "../../lib/environments/capacity";
import { stagingCapacity } from "../../stacks/plue/capacity";
import type { Project } from "../../stacks/plue/config/project";
import { engineerNames } from "../../stacks/plue/registry/engineer-names";
import { estimateProgram, type ProgramCost } from "./program";

/** What the program's stacks cost. */
export function programCost({ config, registry }: Project, stacks: Stacks): ProgramCost {
  const engineers = registry.engineers.map(({ name }) => engineerNames(name, config.staging.projectId).stack);
  return estimateProgram({
    stacks,
    engineers,
    limits: engineerLimits(stagingCapacity(engineers.length)),
  });
}
