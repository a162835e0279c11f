import type { Field, Shape } from "./fields";
import { isObject, placeholder, type Tree } from "./tree";

/** What samples look like, in each round. */
const TEXTS = [/zq(\d+)z/g, /yq(\d+)y/g] as const;
/** Far apart and odd: what a sum or a product makes of one is none of the others. */
const NUMBERS = [/\b77(\d{3})137\b/g, /\b88(\d{3})211\b/g] as const;

/** How one synthesis differs from the one in which everything is given and switched on. */
export interface Variant {
  readonly path: string;
  readonly is: "absent" | "off" | "empty" | { readonly value: string };
}

/** A kind of entry of a collection that the construct treats in a way of its own. */
export interface EntryKind {
  /** Logical id of its resources. */
  readonly name: string;
  /** The attribute that tells the kinds apart, and whether entries of this kind have it. */
  readonly by: string;
  readonly has: boolean;
}

export interface SampleOptions {
  /** Values where not any text will do, by path: one for each of two rounds. */
  readonly samples: Readonly<Record<string, readonly [string, string]>>;
  readonly kinds: Readonly<Record<string, readonly EntryKind[]>>;
  readonly cases: Readonly<Record<string, readonly string[]>>;
}

/** Sample props, each of whose values can be told from all others wherever it turns up. */
export class Samples {
  private readonly paths: string[] = [];
  private readonly known = new Map<string, string>();
  private readonly kinds = new Map<string, number>();

  /** @param round another round, other values: what is then still the same does not depend on them */
  constructor(
    private readonly options: SampleOptions,
    private readonly round: 0 | 1,
  ) {}

  props(fields: readonly Field[], variants: readonly Variant[] = []): Record<string, unknown> {
    return this.object(fields, "", variants);
  }

  /** Puts placeholders where the samples went; drops comments. */
  replace(tree: Tree): Tree {
    if (typeof tree === "string") return this.replaceIn(tree);
    if (typeof tree === "number") {
      const replaced = this.replaceIn(String(tree));
      return replaced === String(tree) ? tree : replaced;
    }
    if (Array.isArray(tree)) return tree.map((item) => this.replace(item));
    if (!isObject(tree)) return tree;
    return Object.fromEntries(
      Object.entries(tree)
        .filter(([key]) => key !== "//")
        .map(([key, value]) => [this.replaceIn(key), this.replace(value)]),
    );
  }

  replaceIn(text: string): string {
    let result = text;
    for (const [sample, path] of this.known) result = result.replaceAll(sample, placeholder(path));
    for (const pattern of [TEXTS[this.round], NUMBERS[this.round]])
      result = result.replace(pattern, (_, index) => placeholder(this.paths[Number(index)] as string));
    return result;
  }

  /** Which kind of entry a key stands for, where there are several. */
  kindOf(key: string): number | undefined {
    return this.kinds.get(key);
  }

  private object(
    fields: readonly Field[],
    path: string,
    variants: readonly Variant[],
  ): Record<string, unknown> {
    return Object.fromEntries(
      fields.flatMap((field) => {
        const where = path ? `${path}.${field.name}` : field.name;
        const taken = variants.find((variant) => variant.path === where)?.is;
        if (taken === "absent") return [];
        if (taken === "off") return [[field.prop, false]];
        return [[field.prop, this.value(field.shape, where, variants, taken)]];
      }),
    );
  }

  private value(shape: Shape, path: string, variants: readonly Variant[], taken?: Variant["is"]): unknown {
    if (typeof taken === "object") return taken.value;
    const empty = taken === "empty";
    switch (shape.kind) {
      case "object":
        return empty
          ? this.object(
              shape.fields.filter(({ optional }) => !optional),
              path,
              [],
            )
          : this.object(shape.fields, path, variants);
      case "list":
        return empty ? [] : [this.value(shape.item, `${path}.*`, variants)];
      case "map":
        return empty ? {} : this.map(shape.item, path, variants);
      case "number":
        return (this.round === 0 ? 77_000_137 : 88_000_211) + 1000 * this.index(path);
      default:
        // A switch, too, is a text that counts as true: where it is only passed on, it shows.
        return this.text(path);
    }
  }

  private map(item: Shape, path: string, variants: readonly Variant[]): Record<string, unknown> {
    const kinds = this.options.kinds[path];
    if (!kinds) return { [this.text(`${path}.@`)]: this.value(item, `${path}.*`, variants) };
    return Object.fromEntries(
      kinds.map(({ by, has }, kind) => {
        const value = this.value(item, `${path}.*`, variants) as Record<string, unknown>;
        if (!has) delete value[by];
        const key = this.mark(`${path}.@`);
        this.kinds.set(key, kind);
        return [key, value];
      }),
    );
  }

  private text(path: string): string {
    const [usual] = this.options.cases[path] ?? [];
    if (usual !== undefined) return usual;
    const sample = this.options.samples[path]?.[this.round];
    if (sample === undefined) return this.mark(path, this.index(path));
    this.known.set(sample, path);
    return sample;
  }

  private mark(path: string, index = this.paths.push(path) - 1): string {
    return this.round === 0 ? `zq${index}z` : `yq${index}y`;
  }

  private index(path: string): number {
    const index = this.paths.indexOf(path);
    return index >= 0 ? index : this.paths.push(path) - 1;
  }
}

/** Every way in which a synthesis may differ, for which the construct has to be asked. */
export function variantsOf(
  fields: readonly Field[],
  cases: Readonly<Record<string, readonly string[]>>,
): Variant[] {
  const walk = (all: readonly Field[], path: string): Variant[] =>
    all.flatMap((field) => {
      const where = path ? `${path}.${field.name}` : field.name;
      return [
        ...(field.optional ? [{ path: where, is: "absent" } as const] : []),
        ...(field.optional &&
        field.shape.kind !== "string" &&
        field.shape.kind !== "number" &&
        field.shape.kind !== "boolean"
          ? [{ path: where, is: "empty" } as const]
          : []),
        ...(field.orFalse || field.shape.kind === "boolean" ? [{ path: where, is: "off" } as const] : []),
        ...(cases[where] ?? []).slice(1).map((value) => ({ path: where, is: { value } })),
        ...inside(field.shape, where),
      ];
    });
  const inside = (shape: Shape, path: string): Variant[] => {
    if (shape.kind === "object") return walk(shape.fields, path);
    return shape.kind === "list" || shape.kind === "map" ? inside(shape.item, `${path}.*`) : [];
  };
  return walk(fields, "");
}
