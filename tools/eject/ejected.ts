import type { HclStack } from "../../lib/hcl/hcl-stack";
import { Charts } from "../../stacks/plue/charts";
import type { PlueConfig } from "../../stacks/plue/config";
import type { Project } from "../../stacks/plue/config/project";
import { writeFiles } from "../generated-folder";
import { moduleFiles, moduleUses } from "../modules/files";
import { synthesize } from "../synthesis";
import { repositoryFiles } from "./repository";
import { markConfig } from "./variables";

/** A plain Terraform repository for all stacks, not written yet. */
export interface EjectedRepository {
  readonly environments: readonly string[];
  readonly modules: readonly string[];
  /** Writes all files into an empty folder. */
  readonly write: (folder: string) => void;
}

/** Makes a Terraform repository of the program. Types are not checked. */
export function ejectedRepository({ config, registry }: Project): EjectedRepository {
  const charts = new Charts();
  const declared = (config: PlueConfig) => synthesize({ config, registry }, charts).stacks;
  const marked = markConfig(config);
  const markedStacks = new Map(declared(marked.config).map((stack) => [stack.node.id, stack]));
  const stacks = declared(config).map((stack) => ({
    stack,
    marked: markedStacks.get(stack.node.id) as HclStack,
  }));
  const modules = moduleFiles();
  const files = repositoryFiles({ stacks, values: marked.values, modules, usesOf: moduleUses });
  return {
    environments: stacks.map(({ stack }) => stack.node.id),
    modules: [...new Set(Object.keys(modules).map((path) => path.split("/")[0] as string))],
    write: (folder) => {
      writeFiles(folder, files);
      charts.stage(folder);
    },
  };
}
