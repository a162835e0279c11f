import type { Project } from "../../lib/environments/system";
import type { HclStack } from "../../lib/hcl/hcl-stack";
import { writeFiles } from "../generated-folder";
import { moduleFiles, moduleUses } from "../modules/files";
import { synthesize } from "../synthesis";
import { repositoryFiles } from "./repository";
import { markInstallation } from "./variables";

/** A plain Terraform repository for all stacks, not written yet. */
export interface EjectedRepository {
  readonly environments: readonly string[];
  readonly modules: readonly string[];
  /** Writes all files into an empty folder. */
  readonly write: (folder: string) => void;
}

/** Makes a Terraform repository of the program. Types are not checked. */
export function ejectedRepository(project: Project): EjectedRepository {
  const values = markInstallation(project.installation);
  const marked = project.withInstallation(values.map(({ marker }) => marker));
  const markedStacks = new Map(synthesize(marked).stacks.map((stack) => [stack.node.id, stack]));
  const stacks = synthesize(project).stacks.map((stack) => ({
    stack,
    marked: markedStacks.get(stack.node.id) as HclStack,
  }));
  const modules = moduleFiles();
  const files = repositoryFiles({ stacks, values, modules, usesOf: moduleUses });
  return {
    environments: stacks.map(({ stack }) => stack.node.id),
    modules: [...new Set(Object.keys(modules).map((path) => path.split("/")[0] as string))],
    write: (folder) => {
      writeFiles(folder, files);
      project.stage(folder);
    },
  };
}
