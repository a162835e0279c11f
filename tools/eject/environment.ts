import type { JsonObject } from "../../lib/hcl/body";
import type { HclStack } from "../../lib/hcl/hcl-stack";
import { mapModuleStrings } from "../../lib/hcl/module-strings";
import { mapExpression, mapReferences, mapStrings, type Reference } from "../../lib/hcl/references";
import { ModuleGapError } from "../modules/definition";
import type { ModuleUse } from "../modules/files";

/** Ejected stack: a root module that calls a module for each construct which has one. */
export interface Environment {
  /** Terraform JSON. */
  readonly config: JsonObject;
  /** Where each element is now that is inside a module: resources, data sources, ephemeral resources and locals. */
  readonly places: ReadonlyMap<string, string>;
}

/** A module's call. */
interface Call {
  readonly name: string;
  readonly use: ModuleUse;
  /** What its elements depended on outside. */
  readonly dependsOn: Set<string>;
}

type Typed = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/**
 * Puts calls of modules in the place of the constructs that these cover. References to what is inside go through the
 * modules' outputs. `depends_on` to what is inside names the call, and a call depends on all that its elements
 * depended on: coarser than before, never less.
 *
 * @throws {ModuleGapError} when something refers to an attribute that a module has no output for
 */
export function environmentOf(stack: HclStack, uses: readonly ModuleUse[]): Environment {
  const calls = uses.map((use): Call => ({ name: callName(stack, use), use, dependsOn: new Set() }));
  const inside = new Map(calls.flatMap((call) => [...call.use.addresses.keys()].map((from) => [from, call])));

  const throughOutput = ({ address, attribute }: Reference): string | undefined => {
    const call = inside.get(address);
    if (!call) return undefined;
    const output = call.use.output(address, attribute);
    if (output !== undefined) return `module.${call.name}.${output}`;
    const what = `${call.use.construct.node.path}: module ${call.use.module}`;
    throw new ModuleGapError(
      `${what} has no output for ${address}${attribute}, which ${stack.node.id} refers to`,
    );
  };
  const rewritten = <T>(value: T): T => mapReferences(value, throughOutput);
  const rewrittenSection = (section: string, body: unknown) =>
    mapModuleStrings({ [section]: body }, (text, kind) => (kind === "template" ? rewritten(text) : text))[
      section
    ];
  const dependencies = (body: JsonObject): string[] =>
    ((body["depends_on"] ?? []) as string[]).map((target) =>
      mapExpression(target, ({ address }) => {
        const call = inside.get(address);
        return call && `module.${call.name}`;
      }),
    );

  const config: Record<string, unknown> = {};
  for (const [section, body] of Object.entries(stack.toTerraform() as JsonObject)) {
    if (section === "//") continue;
    if (["resource", "data", "ephemeral"].includes(section))
      config[section] = elements(section, body as Typed);
    else if (section === "locals") config[section] = rewritten(without(body as JsonObject, "local", inside));
    else config[section] = rewrittenSection(section, body);
  }
  if (calls.length > 0)
    config["module"] = Object.fromEntries(
      calls.map(({ name, use, dependsOn }) => [
        name,
        {
          source: `../../modules/${use.module}`,
          ...rewritten(use.arguments),
          ...(dependsOn.size > 0 && { depends_on: [...dependsOn].sort() }),
        },
      ]),
    );
  const places = new Map(
    calls.flatMap(({ name, use }) =>
      [...use.addresses].map(([from, to]) => [from, `module.${name}.${to}`] as const),
    ),
  );
  return { config, places };

  function elements(mode: string, types: Typed): Typed {
    const kept: Record<string, Record<string, JsonObject>> = {};
    for (const [type, named] of Object.entries(types))
      for (const [name, { "//": _, depends_on: __, lifecycle, ...args }] of Object.entries(named)) {
        const address = `${mode === "resource" ? "" : `${mode}.`}${type}.${name}`;
        const dependsOn = new Set(dependencies(named[name] as JsonObject));
        const call = inside.get(address);
        if (call) {
          dependsOn.delete(`module.${call.name}`);
          for (const target of dependsOn) call.dependsOn.add(target);
          continue;
        }
        kept[type] ??= {};
        kept[type][name] = {
          ...rewritten(args),
          ...(lifecycle !== undefined && { lifecycle: mapStrings(rewritten(lifecycle), inTerraformsWords) }),
          ...(dependsOn.size > 0 && { depends_on: [...dependsOn] }),
        };
      }
    return kept;
  }
}

/** The path of the construct below the stack, as logical ids are made of it. */
function callName(stack: HclStack, { construct }: ModuleUse): string {
  return construct.node.path.slice(stack.node.path.length + 1).replace(/[/-]/g, "_");
}

/** What a condition's message tells people to run. */
function inTerraformsWords(message: string): string {
  return message
    .replace(/npx cdktf deploy ([\w-]+)/g, "terraform apply in environments/$1")
    .replace(/Set \w+ in cdktf\.json/g, "Correct it in main.tf");
}

function without(locals: JsonObject, root: string, inside: ReadonlyMap<string, unknown>): JsonObject {
  return Object.fromEntries(Object.entries(locals).filter(([name]) => !inside.has(`${root}.${name}`)));
}
