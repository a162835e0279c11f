import { Charts } from "../../stacks/charts";
import type { PlueConfig } from "../config";
import type { Project } from "../config/project";
import { writeFiles } from "../eject/publish";
import { repositoryFiles } from "../eject/repository";
import { markConfig } from "../eject/variables";
import type { HclStack } from "../hcl/hcl-stack";
import { moduleFiles, moduleUses } from "../modules";
import { synthesize } from "./synthesized";

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
