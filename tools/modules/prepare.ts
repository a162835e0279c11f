import type { Grammar } from "../../lib/hcl/grammar";
import { type ModuleDefinition, outputName } from "./definition";
import type { Field } from "./fields";
import { liftCollections } from "./lift";
import type { Variant } from "./samples";
import { type Synthesis, synthesizeSamples } from "./synthesize";
import { isObject, type Tree, type TreeObject } from "./tree";

/** Sections of Terraform JSON that hold elements, by type and name. */
const SECTIONS = ["resource", "data", "ephemeral"] as const;

/** A synthesis as a tree: `elements` by address, `locals` and `output` by name. */
export interface Prepared extends Synthesis {
  readonly tree: TreeObject;
}

/** Synthesizes with samples and finds the collections. */
export function prepare(
  definition: ModuleDefinition,
  fields: readonly Field[],
  variants: readonly Variant[] = [],
  round: 0 | 1 = 0,
): Prepared {
  const synthesis = synthesizeSamples(definition, fields, variants, round);
  const { config, elements, hclOptions } = synthesis;
  const bodies = elementsOf(config).map(({ section, type, address, body }) => {
    const own = withoutEmptyBlocks(body, hclOptions.schemas(section, type));
    return [address, liftCollections(own, elements.get(address)?.entries ?? [])] as const;
  });
  const tree: Record<string, Tree> = { elements: Object.fromEntries(bodies) };
  tree["locals"] = liftCollections((config["locals"] ?? {}) as Tree, []);
  const outputs = (config["output"] ?? {}) as Record<string, TreeObject>;
  tree["output"] = Object.fromEntries(
    definition.outputs
      .map(outputName)
      .map((name) => [name, liftCollections(outputs[name]?.["value"] ?? null, [])]),
  );
  return { ...synthesis, tree };
}

function withoutEmptyBlocks(body: TreeObject, grammar: Grammar): TreeObject {
  return Object.fromEntries(
    Object.entries(body).flatMap(([key, value]) => {
      const kind = grammar(key, value);
      if (typeof kind !== "object" || key === "lifecycle") return value === null ? [] : [[key, value]];
      const inner = kind.body([]);
      const list = (Array.isArray(value) ? value : [value]) as readonly Tree[];
      const kept = list.map((item) => (isObject(item) ? withoutEmptyBlocks(item, inner) : item));
      return kept.length === 0 ? [] : [[key, kept]];
    }),
  );
}

interface Element {
  readonly section: (typeof SECTIONS)[number];
  readonly type: string;
  readonly address: string;
  readonly body: TreeObject;
}

function elementsOf(config: TreeObject): Element[] {
  return SECTIONS.flatMap((section) =>
    Object.entries((config[section] ?? {}) as Record<string, TreeObject>).flatMap(([type, named]) =>
      Object.entries(named).map(([name, body]) => ({
        section,
        type,
        address: addressOf(section, type, name),
        body: body as TreeObject,
      })),
    ),
  );
}

function addressOf(section: string, type: string, name: string): string {
  return `${section === "resource" ? "" : `${section}.`}${type}.${name}`;
}
