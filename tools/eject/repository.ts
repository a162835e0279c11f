import type { Project } from "../../lib/environments/system";
import { variableValuesToHcl } from "../../lib/hcl/body";
import type { HclStack } from "../../lib/hcl/hcl-stack";
import { renderModule } from "../../lib/hcl/module";
import { writeFiles } from "../generated-folder";
import { type ModuleUse, moduleFiles, moduleUses } from "../modules/files";
import { synthesize } from "../synthesis";
import { type Environment, environmentOf } from "./environment";
import { type EjectedEnvironment, readme } from "./readme";
import { type MarkedValue, markInstallation, parameterize } from "./variables";

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

/** A stack as it is, and as it comes out with markers in the configuration. */
export interface StackPair {
  readonly stack: HclStack;
  readonly marked: HclStack;
}

export interface RepositoryProps {
  readonly stacks: readonly StackPair[];
  /** What the markers stand for. */
  readonly values: readonly MarkedValue[];
  /** Texts of the modules, by path below `modules/`. */
  readonly modules: Readonly<Record<string, string>>;
  /** The modules that a stack uses. */
  readonly usesOf: (stack: HclStack) => readonly ModuleUse[];
}

/** What Terraform leaves behind. A state or a plan may hold what belongs into no repository. */
const GITIGNORE = `.terraform/
*.tfstate
*.tfstate.*
*.tfplan
`;

const MOVED_COMMENT = `# Where a state written by "cdktf deploy" has each resource. Once this environment has been applied, this file has done
# its work: delete it.
`;

/**
 * The files of a Terraform repository that carries on where the stacks left off: `modules/`, and an environment for each
 * stack with the same backend. Charts come beside them, into `charts/`.
 *
 * @returns text by path
 */
export function repositoryFiles({
  stacks,
  values,
  modules,
  usesOf,
}: RepositoryProps): Record<string, string> {
  const files: Record<string, string> = { ".gitignore": GITIGNORE };
  for (const [path, text] of Object.entries(modules)) files[`modules/${path}`] = text;
  const environments: EjectedEnvironment[] = [];
  for (const { stack, marked } of stacks) {
    const uses = usesOf(stack);
    const environment = environmentOf(stack, uses);
    const { config } = environmentOf(marked, usesOf(marked));
    const name = stack.node.id;
    const texts = environmentFiles(stack, environment, config, values);
    for (const [file, text] of Object.entries(texts)) files[`environments/${name}/${file}`] = text;
    environments.push({
      name,
      modules: [...new Set(uses.map((use) => use.module))],
      moves: movesOf(environment).length,
    });
  }
  files["README.md"] = readme(environments);
  return files;
}

function environmentFiles(
  stack: HclStack,
  environment: Environment,
  marked: Environment["config"],
  values: readonly MarkedValue[],
): Record<string, string> {
  const { config } = environment;
  const parameterized = parameterize(config, marked, values);
  const variable = { ...parameterized.variables, ...(config["variable"] as object | undefined) };
  const { schemas, origin } = stack.hclOptions(config);
  const files = renderModule({ ...parameterized.config, variable }, { schemas, origin });
  if (Object.keys(parameterized.values).length > 0)
    files["terraform.tfvars"] = variableValuesToHcl(parameterized.values);
  const moves = movesOf(environment);
  if (moves.length > 0)
    files["moved.tf"] = `${MOVED_COMMENT}\n${renderModule({ moved: moves }, { schemas })["main.tf"]}`;
  return files;
}

/** What the state knows by another address: managed resources. */
function movesOf({ places }: Environment): { from: string; to: string }[] {
  return [...places]
    .filter(([from]) => !/^(data|ephemeral|local)\./.test(from))
    .map(([from, to]) => ({ from, to }));
}
