import type { Grammar, SchemaKind } from "../../lib/hcl/grammar";
import type { ModuleDefinition } from "./definition";
import { type Context, conjunction, inside, sequence, TOP, text } from "./expressions";
import type { General } from "./generalize";
import { collectionPath, keyPath, singular } from "./lift";
import { Values } from "./render-values";
import { Choice, contentOf, Each, isObject, solePath, type Tree, type TreeObject } from "./tree";

type Json = unknown;

/** A general construct as the Terraform JSON of a module; without variables and the `terraform` block. */
export function renderConfig(definition: ModuleDefinition, general: General): Record<string, Json> {
  return new Renderer(definition, general).config();
}

class Renderer extends Values {
  config(): Record<string, Json> {
    const { tree } = this.general;
    const elements = Object.entries(tree["elements"] as TreeObject).map(([address, body]) => {
      const parts = address.split(".");
      const [section = "", type = "", name = ""] = parts.length === 2 ? ["resource", ...parts] : parts;
      return { section: section as SchemaKind, type, name, body, address };
    });
    const place = (address: string) => this.general.elements.get(address)?.index ?? 0;
    elements.sort((one, other) => place(one.address) - place(other.address));
    const result: Record<string, Record<string, Json>> = {};
    const locals = this.value(tree["locals"] ?? {}, TOP) as object;
    if (Object.keys(locals).length > 0) result["locals"] = { ...locals };
    for (const { section, type, name, body, address } of elements) {
      const types = (result[section] ?? {}) as Record<string, Record<string, Json>>;
      const rendered = this.element(body, address, this.general.schemas(section, type));
      result[section] = { ...types, [type]: { ...types[type], [name]: rendered } };
    }
    const outputs = Object.entries(tree["output"] as TreeObject);
    result["output"] = Object.fromEntries(
      outputs.map(([name, value]) => [name, { value: this.value(value, TOP) }]),
    );
    return result;
  }

  private element(tree: Tree, address: string, grammar: Grammar): Json {
    const [entry] = this.within(address);
    const body = contentOf(tree) as TreeObject;
    let context = TOP;
    const meta: Record<string, Json> = {};
    if (entry) {
      context = { scopes: [{ path: entry, value: "each.value", key: "each.key" }], known: new Set() };
      meta["for_each"] = sequence(this.entries(tree, address, entry));
    } else if (tree instanceof Choice) {
      const conditions = this.presence(tree, TOP);
      context = { scopes: [], known: new Set(this.facts(tree)) };
      meta["count"] = sequence(`${flip(conditions)}`);
    }
    const { lifecycle, depends_on, provider, ...rest } = body;
    const own = [
      ...new Set((this.dependencies(depends_on) ?? []).filter((target) => this.general.elements.has(target))),
    ];
    return {
      ...meta,
      ...(provider !== undefined && { provider }),
      ...this.body(rest, grammar, context),
      ...this.lifecycle(lifecycle),
      ...(own.length > 0 && { depends_on: own }),
    };
  }

  private dependencies(tree: Tree | undefined): string[] {
    if (tree instanceof Choice)
      return [tree.base, ...tree.others.map(([, other]) => other)].flatMap((each) => this.dependencies(each));
    if (Array.isArray(tree)) return tree.flatMap((item) => this.dependencies(item));
    return typeof tree === "string" ? [tree] : [];
  }

  /** Terraform takes no variables here: as it is with everything switched on. */
  private lifecycle(tree: Tree | undefined): object {
    const base = tree instanceof Choice ? tree.base : tree;
    const block = (Array.isArray(base) ? base[0] : base) as TreeObject | undefined;
    if (!isObject(block)) return {};
    return { lifecycle: { ...block, ...("prevent_destroy" in block && { prevent_destroy: true }) } };
  }

  /** What an element exists for each of. */
  private entries(tree: Tree, address: string, entry: string): string {
    const collection = this.path(collectionPath(entry), TOP);
    const { kind } = this.general.elements.get(address) ?? { kind: 0 };
    const split = this.definition.kinds?.[collectionPath(entry)]?.[kind];
    const isList = this.shapes.get(collectionPath(entry))?.kind === "list";
    const all = isList ? `toset(${collection})` : collection;
    const one = singular(collectionPath(entry));
    const loop: Context = { scopes: [{ path: entry, value: one, key: "key" }], known: new Set() };
    const filters = [
      ...(split ? [`${this.path(`${entry}.${split.by}`, loop)} ${split.has ? "!=" : "=="} null`] : []),
      ...(tree instanceof Choice ? this.presence(tree, loop) : []),
    ];
    if (filters.length === 0) return all;
    return isList
      ? `toset([for ${one} in ${collection} : ${one} if ${filters.join(" && ")}])`
      : `{ for key, ${one} in ${collection} : key => ${one} if ${filters.join(" && ")} }`;
  }

  private body(body: TreeObject, grammar: Grammar, context: Context): Record<string, Json> {
    const result: Record<string, Json> = {};
    const dynamic: Record<string, Json> = {};
    for (const [key, tree] of Object.entries(body)) {
      const kind = grammar(key, plain(tree));
      if (typeof kind !== "object") result[key] = this.value(tree, context);
      else {
        const { still, moving } = this.blocks(key, tree, kind.body([]), context);
        if (still.length > 0) result[key] = still;
        if (moving.length > 0) dynamic[key] = moving.length === 1 ? moving[0] : moving;
      }
    }
    return { ...result, ...(Object.keys(dynamic).length > 0 && { dynamic }) };
  }

  /** Blocks of one type: as they stand, and dynamic ones. */
  private blocks(
    label: string,
    tree: Tree,
    grammar: Grammar,
    context: Context,
  ): { still: Json[]; moving: Json[] } {
    const items = Array.isArray(tree) ? tree : [tree];
    const merged = this.mergedBlocks(label, items, context);
    if (merged) return { still: [], moving: [merged] };
    const still: Json[] = [];
    const moving: Json[] = [];
    for (const item of items) {
      if (item instanceof Each) {
        const scope = { path: item.entry, value: `${label}.value`, key: `${label}.key` };
        const for_each = sequence(this.path(collectionPath(item.entry), context, true));
        const content = this.body(item.content as TreeObject, grammar, inside(context, scope));
        moving.push({ for_each, content });
      } else if (item instanceof Choice) {
        const content = contentOf(item);
        const [condition] = this.conditions(item);
        const object =
          condition?.is === "absent" && item.base !== undefined && item.others.length === 1
            ? condition.path
            : undefined;
        const scope = object && { path: object, value: `${label}.value` };
        const for_each = object
          ? `${this.path(object, context)}[*]`
          : `${conjunction(this.presence(item, context))} ? [true] : []`;
        const within = { ...context, known: new Set([...context.known, ...this.facts(item)]) };
        for (const block of Array.isArray(content) ? content : [content])
          moving.push({
            for_each: sequence(for_each),
            content: this.body(block as TreeObject, grammar, scope ? inside(within, scope) : within),
          });
      } else still.push(this.body(item as TreeObject, grammar, context));
    }
    return { still, moving };
  }

  /** Blocks of names and values, some of them fixed: a variable of the same name wins. */
  private mergedBlocks(label: string, items: readonly Tree[], context: Context): Json | undefined {
    const each = items.find((item) => item instanceof Each);
    if (!each || items.length === 1) return undefined;
    const content = Object.entries(each.content as TreeObject);
    const keyed = content.find(([, value]) => solePath(value) === keyPath(each.entry))?.[0];
    const valued = content.find(([, value]) => solePath(value) === each.entry)?.[0];
    if (!keyed || !valued || content.length !== 2) return undefined;
    const one = (item: TreeObject) => ({
      [item[keyed] as string]: this.value(item[valued] as Tree, context),
    });
    const parts: string[] = [];
    let fixed: Record<string, Json> = {};
    for (const item of items) {
      if (item instanceof Each) continue;
      if (item instanceof Choice)
        parts.push(
          `${conjunction(this.presence(item, context))} ? ${text(one(item.base as TreeObject))} : {}`,
        );
      else fixed = { ...fixed, ...one(item as TreeObject) };
    }
    const all = [text(fixed), ...parts, this.path(collectionPath(each.entry), context, true)];
    return {
      for_each: sequence(`merge(${all.join(", ")})`),
      content: { [keyed]: sequence(`${label}.key`), [valued]: sequence(`${label}.value`) },
    };
  }
}

/** `count` of what may be there: read from the side that is shorter. */
function flip(conditions: readonly string[]): string {
  const [only, ...more] = conditions;
  const missing = more.length === 0 && /^(.*) != null$/.exec(only ?? "")?.[1];
  return missing ? `${missing} == null ? 0 : 1` : `${conjunction(conditions)} ? 1 : 0`;
}

/** What a schema wants to see of a tree: whether it is structured. */
function plain(tree: Tree): unknown {
  return typeof tree === "object" && tree !== null ? [{}] : tree;
}
