import { stagingCapacity } from "../../stacks/staging-capacity";
import type { Project } from "../config/project";
import { estimateProgram, type ProgramCost } from "../cost/program";
import { engineerNames } from "../engineer-names";
import { engineerLimits } from "../staging-capacity";
import type { Stacks } from "../terraform-json";

/** What the program's stacks cost. */
export function programCost({ config, registry }: Project, stacks: Stacks): ProgramCost {
  const engineers = registry.engineers.map(({ name }) => engineerNames(name, config.staging.projectId).stack);
  return estimateProgram({
    stacks,
    engineers,
    limits: engineerLimits(stagingCapacity(engineers.length)),
  });
}
