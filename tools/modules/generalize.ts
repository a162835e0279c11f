import type { Schemas } from "../../lib/hcl/grammar";
import { rejectComputed, withComputed } from "./computed";
import { defaultOf } from "./defaults";
import type { ModuleDefinition } from "./definition";
import { ENABLED, type Field, type Shape, shapesByPath } from "./fields";
import { type Alternative, type Explains, mergeTrees } from "./merge";
import { type Prepared, prepare } from "./prepare";
import { type Variant, variantsOf } from "./samples";
import type { ElementOrigin } from "./synthesize";
import {
  type Condition,
  Each,
  equal,
  isObject,
  isWithin,
  solePath,
  type Tree,
  type TreeObject,
} from "./tree";

/** A construct for all props at once. */
export interface General {
  readonly fields: readonly Field[];
  /** Default of each optional variable, and of optional attributes inside, by path. Null where there is none. */
  readonly defaults: ReadonlyMap<string, unknown>;
  /** `elements` by address, `locals` and `output` by name. */
  readonly tree: TreeObject;
  readonly elements: ReadonlyMap<string, ElementOrigin>;
  /** What the construct declares itself, such as variables that are meant to be set at deployment. */
  readonly base: TreeObject;
  readonly schemas: Schemas;
}

type PreparedVariant = Variant & Prepared;

/**
 * Synthesizes a construct once with everything given and switched on, and once for each thing that may be left out,
 * switched off or chosen otherwise, and puts the results together.
 */
export function generalize(definition: ModuleDefinition, fields: readonly Field[]): General {
  const { cases = {}, computed = {} } = definition;
  const shapes = shapesByPath(fields);
  const base = prepare(definition, fields);
  rejectComputed(definition, base.tree, prepare(definition, fields, [], 1).tree);
  const variants = variantsOf(fields, cases).map((variant) => ({
    ...variant,
    ...prepare(definition, fields, [variant]),
  }));
  const defaults = defaultsOf(definition, shapes, base, variants);

  const alternativesOf = (all: readonly PreparedVariant[]): Alternative[] =>
    all.flatMap((variant): Alternative[] => {
      const { path, is, tree } = variant;
      if (is === "empty" || isKind(definition, path)) return [];
      if (is === "absent" && defaults.get(path) !== null) return [];
      if (typeof is === "object") {
        const condition = { path, is: { ...is, otherwise: cases[path]?.[0] as string } };
        return [[condition, withMoreElements(variant)]];
      }
      const isObjectOff = is === "off" && shapes.get(path)?.kind === "object";
      return [[{ path: isObjectOff ? `${path}.${ENABLED}` : path, is }, tree]];
    });

  /** What is there in this case only has been seen once so far: it may vary itself. */
  function withMoreElements(chosen: PreparedVariant): TreeObject {
    const bodies = elementsIn(chosen.tree);
    const more = Object.keys(bodies).filter((address) => !Object.hasOwn(elementsIn(base.tree), address));
    if (more.length === 0) return chosen.tree;
    const others = variantsOf(fields, cases).filter(
      ({ path, is }) => path !== chosen.path && typeof is !== "object",
    );
    const pairs = alternativesOf(
      others.map((other) => ({ ...other, ...prepare(definition, fields, [chosen, other]) })),
    );
    const general = more.map((address) => {
      const there = pairs.flatMap(([condition, tree]): Alternative[] => {
        const body = elementsIn(tree as TreeObject)[address];
        return body === undefined ? [] : [[condition, body]];
      });
      return [address, mergeTrees(bodies[address], there, explains)] as const;
    });
    return { ...chosen.tree, elements: { ...bodies, ...Object.fromEntries(general) } } as TreeObject;
  }

  const all: readonly Prepared[] = [base, ...variants];
  return {
    fields,
    defaults,
    tree: withComputed(mergeTrees(base.tree, alternativesOf(variants), explains) as TreeObject, computed),
    elements: new Map([...all].reverse().flatMap(({ elements }) => [...elements])),
    base: base.config,
    schemas: (kind, type) => {
      const known =
        all.find(({ config }) => isObject((config[kind] as TreeObject | undefined)?.[type])) ?? base;
      return known.hclOptions.schemas(kind, type);
    },
  };
}

function elementsIn(tree: TreeObject): TreeObject {
  return tree["elements"] as TreeObject;
}

/** Is it the attribute that tells kinds of entries apart, which are always both there? */
function isKind({ kinds = {} }: ModuleDefinition, path: string): boolean {
  return Object.entries(kinds).some(([collection, each]) =>
    each.some(({ by }) => path === `${collection}.*.${by}`),
  );
}

function defaultsOf(
  definition: ModuleDefinition,
  shapes: ReadonlyMap<string, Shape>,
  base: Prepared,
  variants: readonly PreparedVariant[],
): Map<string, unknown> {
  const { cases = {}, defaults = {} } = definition;
  const absent = variants.filter(({ is }) => is === "absent");
  return new Map(
    absent.map(({ path, tree }) => {
      if (isKind(definition, path)) return [path, null];
      if (path in defaults) return [path, defaults[path]];
      const variant = (is: Variant["is"]) =>
        variants.find((each) => each.path === path && equal(each.is as Tree, is as Tree))?.tree;
      const shape = shapes.get(path) as Shape;
      return [
        path,
        defaultOf({ path, shape, cases: cases[path] ?? [], base: base.tree, absent: tree, variant }),
      ];
    }),
  );
}

/** A variable stands where its value would be; null and nothing are the same. */
const explains: Explains = (base, other, { path, is }: Condition) => {
  if (is === "off") {
    const named = solePath(base);
    const owner = path.endsWith(`.${ENABLED}`) ? path.slice(0, -ENABLED.length - 1) : undefined;
    if (owner !== undefined && named !== undefined && isWithin(named, owner)) return other === undefined;
    return named === path && other === false;
  }
  if (is !== "absent") return false;
  const named = solePath(base);
  if (named !== undefined && isWithin(named, path)) return other === undefined || other === null;
  return isEachOf(base, path) && (other === undefined || (Array.isArray(other) && other.length === 0));
};

function isEachOf(tree: Tree | undefined, path: string): boolean {
  const [only, ...more] = Array.isArray(tree) ? tree : [];
  return only instanceof Each && more.length === 0 && only.entry === `${path}.*`;
}
