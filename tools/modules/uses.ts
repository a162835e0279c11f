import { TerraformElement, TerraformOutput, type TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import type { JsonObject } from "../../lib/hcl/body";
import { resolveTemplates } from "../../lib/hcl/literal-text";
import { namingIds } from "../../lib/hcl/module";
import { type ModuleDefinition, ModuleGapError } from "./definition";
import { ENABLED, type Field, type Shape } from "./fields";
import type { General } from "./generalize";
import { collectionPath } from "./lift";
import type { TerraformModule } from "./module";
import { Choice, Each, isObject, Merged, replacePlaceholders, type Tree, type TreeObject } from "./tree";

/** A construct of a stack, and the call of its module that means the same. */
export interface ModuleUse {
  readonly construct: Construct;
  /** Name of the module. */
  readonly module: string;
  /** Values of the module's variables; references are to addresses in the stack. */
  readonly arguments: JsonObject;
  /** Addresses of the stack's elements inside the module. */
  readonly addresses: ReadonlyMap<string, string>;
  /**
   * What stands behind `module.<name>.` for a reference to one of its elements; undefined without an output for it.
   * @param attribute with the dot before it: `.id`
   */
  output(address: string, attribute: string): string | undefined;
}

/** An element of a construct, and where it is in the module. */
interface Place {
  /** Without key: `google_compute_subnetwork.subnet`. */
  readonly address: string;
  readonly key?: string;
  /** Among those that `count` makes. */
  readonly index?: number;
}

/**
 * The calls of modules that stand for a stack's constructs. Where a prop says what the module has fixed otherwise there is none:
 * the construct's resources stay the stack's own.
 */
export function usesOf(stack: TerraformStack, modules: readonly TerraformModule[]): ModuleUse[] {
  return stack.node.findAll().flatMap((construct) => {
    const module = modules.find(({ definition }) => definition.isInstance(construct));
    return module && isSaidBy(module, construct) ? [useOf(construct, module, stack)] : [];
  });
}

/** Whether the module has a variable for every prop of the construct that is not as the module has it. */
function isSaidBy({ definition }: TerraformModule, construct: Construct): boolean {
  return fixedProps(propsOf(construct), Object.keys(definition.fixed)).length === 0;
}

const propsOf = (construct: Construct) => (construct as unknown as { props: object }).props;

function useOf(construct: Construct, module: TerraformModule, stack: TerraformStack): ModuleUse {
  const { definition, general, fields } = module;
  const props = propsOf(construct);
  const places = new Map<string, Place>(
    elementsBelow(construct).flatMap((element) => {
      const type = element["_elementType"];
      if (!type || element instanceof TerraformOutput || element instanceof TerraformVariable) return [];
      return [[`${type}.${element.friendlyUniqueId}`, placeOf(element, type, construct, module)] as const];
    }),
  );
  const own = elementsBelow(construct).filter((element) => element instanceof TerraformVariable);
  const read = definition.read ?? ((all) => all);
  return {
    construct,
    module: definition.name,
    arguments: {
      ...(resolveTemplates(stack, variableValues(read(props), fields)) as JsonObject),
      ...Object.fromEntries(own.map(({ friendlyUniqueId: name }) => [name, `\${var.${name}}`])),
    },
    addresses: new Map([...places].map(([address, place]) => [address, insideAddress(place)])),
    output: (address, attribute) => {
      const place = places.get(address);
      return place && outputFor(place, attribute, general);
    },
  };
}

function elementsBelow(construct: Construct): TerraformElement[] {
  return construct.node.findAll().filter(TerraformElement.isTerraformElement);
}

function placeOf(
  element: TerraformElement,
  type: string,
  construct: Construct,
  module: TerraformModule,
): Place {
  const { elements, tree } = module.general;
  const { scopes } = element.node;
  const path = namingIds(scopes.slice(scopes.indexOf(construct) + 1).map(({ node }) => node.id));
  const [numbered, number] = /^(.*?)(\d+)$/.exec(path.join("_"))?.slice(1) ?? [];
  const counted = module.definition.counted?.[`${numbered}#`];
  if (counted) return { address: `${type}.${counted}`, index: Number(number) - 1 };
  // A path that is there as such comes before one that any entry has.
  const patterns = [...elements].sort(([, one], [, other]) => one.entries.length - other.entries.length);
  for (const [address, pattern] of patterns) {
    if (address.slice(0, address.lastIndexOf(".")) !== type || pattern.path.length !== path.length) continue;
    let key: string | undefined;
    const matches = pattern.path.every((segment, index) => {
      if (!segment.startsWith("\uE000")) return segment === path[index];
      key = path[index];
      return true;
    });
    if (!matches || (key !== undefined && !isOfKind(module.definition, pattern, key, construct))) continue;
    const body = (tree["elements"] as TreeObject)[address];
    return { address, key, index: key === undefined && body instanceof Choice ? 0 : undefined };
  }
  throw new ModuleGapError(`${element.node.path}: the module ${module.definition.name} has no counterpart`);
}

/** Do the props give this entry what its kind has? */
function isOfKind(
  { kinds = {} }: ModuleDefinition,
  { entries, kind }: { readonly entries: readonly string[]; readonly kind: number },
  key: string,
  construct: Construct,
): boolean {
  const collection = collectionPath(entries[0] ?? "");
  const split = kinds[collection]?.[kind];
  if (!split) return true;
  const { props } = construct as unknown as {
    props: Record<string, Record<string, Record<string, unknown>>>;
  };
  const prop = collection.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return (props[prop]?.[key]?.[split.by] !== undefined) === split.has;
}

function insideAddress({ address, key, index }: Place): string {
  if (key !== undefined) return `${address}[${JSON.stringify(key)}]`;
  return index === undefined ? address : `${address}[${index}]`;
}

function outputFor({ address, key }: Place, attribute: string, { tree }: General): string | undefined {
  const sought = `\${${address}${attribute}}`;
  for (const [name, value] of Object.entries(tree["output"] as TreeObject)) {
    const behind = find(value, sought, key);
    if (behind !== undefined) return name + behind;
  }
  return undefined;
}

/** What has to follow an output's name to get at a reference in it. */
function find(tree: Tree | undefined, sought: string, key: string | undefined): string | undefined {
  if (tree === sought) return key === undefined ? "" : undefined;
  if (tree instanceof Choice)
    return [tree.base, ...tree.others.map(([, other]) => other)]
      .map((each) => find(each, sought, key))
      .find((found) => found !== undefined);
  if (tree instanceof Each && tree.content === sought && key !== undefined) return `[${JSON.stringify(key)}]`;
  if (tree instanceof Merged)
    return tree.parts.map((part) => find(part, sought, key)).find((found) => found !== undefined);
  if (!isObject(tree)) return undefined;
  const found = Object.entries(tree).find(([, value]) => value === sought && key === undefined);
  return found && `[${JSON.stringify(replacePlaceholders(found[0], (path) => path))}]`;
}

/**
 * Props as values of variables.
 *
 * @param fields what the module has variables for
 */
function variableValues(props: object, fields: readonly Field[]): JsonObject {
  return Object.fromEntries(
    fields.flatMap(({ prop, name, shape, orFalse }) => {
      const value = (props as Record<string, unknown>)[prop];
      if (value === undefined) return [];
      return [[name, orFalse && value === false ? { [ENABLED]: false } : toValue(value, shape)]];
    }),
  );
}

function toValue(value: unknown, shape: Shape): unknown {
  if (typeof value !== "object" || value === null) return value;
  switch (shape.kind) {
    case "object":
      return variableValues(value, shape.fields);
    case "list":
      return Array.isArray(value) ? value.map((item) => toValue(item, shape.item)) : value;
    case "map":
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toValue(item, shape.item)]));
    default:
      return value;
  }
}

/** Props that the module has fixed and that say something else, by their path. */
function fixedProps(props: unknown, fixed: readonly string[]): string[] {
  return fixed.filter((path) => given(props, path.split(".")));
}

function given(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return value !== undefined;
  if (typeof value !== "object" || value === null) return false;
  if (key === "*") return Object.values(value).some((item) => given(item, rest));
  return given((value as Record<string, unknown>)[key], rest);
}
