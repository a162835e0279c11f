import { argument, type TerraformJson } from "../../../lib/core/terraform-json";
import { type Program, resources, type StackBlock } from "./rule";

/** The Google project that a stack works in; undefined for one without. */
export function projectOf(json: TerraformJson): unknown {
  return argument(json.provider?.["google"], "project");
}

/** Whether a stack is production's: it works in its project. */
export function isProduction(
  { project: { environments, production } }: Program,
  json: TerraformJson,
): boolean {
  return projectOf(json) === environments[production]?.projectId;
}

/** Resources of production, of a type or of all. */
export function inProduction(program: Program, types?: string | RegExp): StackBlock[] {
  return resources(program, types).filter(({ json }) => isProduction(program, json));
}

/** Names of the engineers' own stacks, which they deploy themselves. */
export function engineersStacks({ project }: Program): ReadonlySet<string> {
  return new Set(project.declared.filter(({ owner }) => owner).map(({ stack }) => stack));
}
