import {
  argument,
  type Block,
  blocksOf,
  type Mode,
  type Stacks,
  type TerraformJson,
} from "../../../lib/core/terraform-json";
import type { Project } from "../../../lib/environments/system";
import type { KubernetesObject, RenderedRelease } from "../rendered-charts";

/** All that a rule may look at: what people wrote, and what was synthesized from it. */
export interface Program {
  readonly project: Project;
  readonly stacks: Stacks;
  /** What the stacks' releases of our charts would make. */
  readonly releases: readonly RenderedRelease[];
}

/** What a rule found: where, what is wrong there, and what to write instead. */
export interface Finding {
  /** Id of the rule. */
  readonly rule: string;
  readonly stack: string;
  /** `google_sql_user.admin`, `output.url`, `provider.google`; of a release's object, `ClusterRole/deployer`. */
  readonly address: string;
  readonly message: string;
}

/** A property that every synthesized stack has to have. Pure: the same program, the same findings. */
export interface Rule {
  /** Kebab-case; its bad examples are in the test folder's file of that name. */
  readonly id: string;
  /** The property, as a sentence. */
  readonly title: string;
  /** What goes wrong without it. */
  readonly why: string;
  check(program: Program): readonly Finding[];
}

/** What a rule found, before it is named. */
export type Found = Omit<Finding, "rule">;

/** A rule, of what it looks for. */
export function rule(
  id: string,
  { title, why, find }: Pick<Rule, "title" | "why"> & { find(program: Program): Iterable<Found> },
): Rule {
  return { id, title, why, check: (program) => [...find(program)].map((found) => ({ rule: id, ...found })) };
}

/** A block, and the stack that it is in. */
export interface StackBlock extends Block {
  readonly stack: string;
  readonly json: TerraformJson;
}

/** Every resource of these types, or of all, stack by stack. */
export function resources(program: Program, types?: string | RegExp, mode: Mode = "resource"): StackBlock[] {
  const matches = (type: string) =>
    types === undefined || (typeof types === "string" ? types === type : types.test(type));
  return [...program.stacks].flatMap(([stack, json]) =>
    blocksOf(json, [mode])
      .filter(({ type }) => matches(type))
      .map((block) => ({ ...block, stack, json })),
  );
}

/** An object that a chart would make, and the stack whose release that is. */
export interface StackObject {
  readonly stack: string;
  /** `ClusterRole/deployer` */
  readonly address: string;
  readonly object: KubernetesObject;
}

/** Every object of these kinds that a release of a stack would make. */
export function rendered(program: Program, kinds: RegExp): StackObject[] {
  return program.releases.flatMap(({ stack, objects }) =>
    objects
      .filter(({ object }) => kinds.test(object.kind))
      .map(({ object }) => ({ stack, address: `${object.kind}/${object.metadata.name}`, object })),
  );
}

/** What is wrong with a block, or with an object of a release. */
export function at({ stack, address }: Pick<StackBlock, "stack" | "address">, message: string): Found {
  return { stack, address, message };
}

/** A list of blocks or values, of which one alone may stand without its list. */
export function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A value inside a JSON document, and the keys that lead to it. */
export interface Leaf {
  readonly path: readonly string[];
  readonly value: string | number | boolean | null;
}

/** Every scalar of a JSON value, without CDKTF's comments. */
export function leaves(value: unknown, path: readonly string[] = []): Leaf[] {
  if (typeof value !== "object" || value === null) return [{ path, value: value as Leaf["value"] }];
  return Object.entries(value).flatMap(([key, child]) => (key === "//" ? [] : leaves(child, [...path, key])));
}

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
