import { ComplexList, ComplexMap, ComplexObject, type TerraformElement, type TerraformProvider } from "cdktf";
import { attributes, blocks, type Grammar } from "./grammar";
import { HclError } from "./tokens";

/**
 * How the schemas of a provider nest: those written with Terraform's plug-in SDK have blocks, those written with its
 * plug-in framework have attributes that hold objects. The generated bindings do not tell one from the other.
 */
export interface ProviderNesting {
  readonly nested: "blocks" | "attributes";
  /**
   * Exceptions, as `type.key`: attributes of object type among blocks.
   * @default none
   */
  readonly objectAttributes?: readonly string[];
}

/** Nesting by source address. Checked against the schemas of google 6.50, cloudflare 5, helm 3, kubernetes 2.38, random 3. */
export const PROVIDER_NESTING: Readonly<Record<string, ProviderNesting>> = {
  "terraform.io/builtin/terraform": { nested: "attributes" },
  "hashicorp/google": { nested: "blocks" },
  "hashicorp/google-beta": { nested: "blocks" },
  "hashicorp/kubernetes": { nested: "blocks", objectAttributes: ["kubernetes_manifest.wait_for"] },
  "hashicorp/helm": { nested: "attributes" },
  "hashicorp/random": { nested: "attributes" },
  "cloudflare/cloudflare": { nested: "attributes" },
};

/** Does only an attribute or only a schema tell what this value is? */
function isStructured(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0 || value.some(isStructured);
  return typeof value === "object" && value !== null;
}

/**
 * The schema of an element: what its generated class knows of its structure, by the provider's way of nesting.
 *
 * @param element what the bindings generated; undefined for what an override declares
 * @param type its type, for exceptions and errors
 * @param source source address of its provider
 */
export function schemaOf(
  element: TerraformElement | undefined,
  type: string,
  source: string,
  nesting: ProviderNesting | undefined,
): Grammar {
  if (nesting?.nested === "attributes") return attributes;
  const structured = nesting
    ? blocks
    : () => {
        throw new HclError(
          `block or attribute? The bindings do not say, and how ${source} nests is not known: add it to the provider nesting.`,
        );
      };
  const exceptions = new Set(nesting?.objectAttributes);
  const nested = element && "tfResourceType" in element.constructor ? structureOf(element) : undefined;
  if (!nested)
    return (_, value) => {
      if (!isStructured(value)) return "template";
      throw new HclError(`block or attribute? There is no binding of ${type} that would say.`);
    };
  const grammar =
    (structure: Structure, path: string): Grammar =>
    (key) => {
      const inner = structure.get(key);
      if (!inner || exceptions.has(`${path}.${key}`)) return "template";
      return structured(grammar(inner(), `${path}.${key}`));
    };
  return grammar(nested, type);
}

/** Keys with a structure of their own, and what that is. */
type Structure = ReadonlyMap<string, () => Structure>;

/** What generated classes of structured attributes have in common; collections also `get`. */
interface StructuredField {
  readonly terraformAttribute: string;
  get(key: string | number): object;
}

/** The field that leads back to what a structured attribute belongs to. */
const PARENT = "terraformResource";

const structures = new WeakMap<object, Structure>();

/** Read off the fields of a generated class: all that is structured is held in an object of its own. */
function structureOf(instance: object): Structure {
  const known = structures.get(instance.constructor);
  if (known) return known;
  const structure = new Map<string, () => Structure>();
  for (const [name, field] of Object.entries(instance)) {
    if (name === PARENT) continue;
    const isCollection = field instanceof ComplexList || field instanceof ComplexMap;
    if (!isCollection && !(field instanceof ComplexObject)) continue;
    const { terraformAttribute, get } = field as unknown as StructuredField;
    structure.set(terraformAttribute, () => structureOf(isCollection ? get.call(field, 0) : field));
  }
  structures.set(instance.constructor, structure);
  return structure;
}

/**
 * The schema of a provider. Its bindings hold plain values, which tell what is structured only where it is set.
 *
 * @param configurations all configurations (aliases) of the one provider
 */
export function providerSchemaOf(
  configurations: readonly TerraformProvider[],
  source: string,
  nesting: ProviderNesting | undefined,
): Grammar {
  if (nesting?.nested === "attributes") return attributes;
  const grammar =
    (known: readonly HclAttributes[]): Grammar =>
    (key, value) => {
      if (!isStructured(value)) return "template";
      const set = known.map((attributes) => attributes[key]).filter((attribute) => attribute !== undefined);
      if (set.length > 0 && !set.some(({ isBlock }) => isBlock)) return "template";
      if (!nesting || set.length === 0)
        throw new HclError(`block or attribute? Neither the bindings nor the nesting of ${source} say.`);
      return blocks(grammar(set.flatMap(({ value }) => [value].flat() as HclAttributes[])));
    };
  return grammar(
    configurations.map((provider) => provider["synthesizeHclAttributes"]() as unknown as HclAttributes),
  );
}

/** What bindings tell of arguments that are set; the value of a structured one is of this type again. */
interface HclAttributes {
  readonly [key: string]: { readonly isBlock?: boolean; readonly value: unknown };
}
