import { mapReferences } from "../../lib/hcl/references";
import { ModuleGapError } from "./definition";
import { type Context, conjunction, Expressions, inside, sequence, text } from "./expressions";
import { collectionPath, singular } from "./lift";
import {
  Choice,
  type Condition,
  contentOf,
  Each,
  isObject,
  isWithin,
  Merged,
  Raw,
  solePath,
  type Tree,
  type TreeObject,
} from "./tree";

/** Arguments' values as Terraform JSON. */
export class Values extends Expressions {
  /** A value of Terraform JSON; what depends on something is an expression in it. */
  protected value(tree: Tree, context: Context): unknown {
    if (tree instanceof Raw) return tree.value;
    if (typeof tree === "string") return this.text(tree, context);
    if (tree instanceof Choice) return this.choice(tree, context);
    if (tree instanceof Each) return sequence(this.loop(tree, context));
    if (tree instanceof Merged)
      return sequence(`merge(${tree.parts.map((part) => this.expression(part, context)).join(", ")})`);
    if (Array.isArray(tree)) {
      if (!tree.some((item) => item instanceof Each || item instanceof Choice))
        return tree.map((item) => this.value(item, context));
      const parts = tree.map((item) => {
        if (item instanceof Each) return this.loop(item, context);
        const element = `[${this.expression(item instanceof Choice ? (item.base as Tree) : item, context)}]`;
        return item instanceof Choice
          ? `${conjunction(this.presence(item, context))} ? ${element} : []`
          : element;
      });
      return sequence(parts.length === 1 ? (parts[0] as string) : `concat(${parts.join(", ")})`);
    }
    if (!isObject(tree)) return tree;
    return this.object(tree, context);
  }

  /** An object; keys that are there only sometimes are merged into it. */
  private object(tree: TreeObject, context: Context): unknown {
    const sometimes = Object.entries(tree).filter(
      ([, value]) =>
        value instanceof Choice &&
        (value.base === undefined || value.others.some(([, other]) => other === undefined)),
    );
    const always = Object.entries(tree).filter((entry) => !sometimes.some(([key]) => key === entry[0]));
    const fixed = Object.fromEntries(
      always.map(([key, value]) => [this.text(key, context), this.value(value, context)]),
    );
    if (sometimes.length === 0) return fixed;
    const parts = sometimes.map(([key, value]) => {
      const choice = value as Choice;
      const content = contentOf(choice);
      const within = { ...context, known: new Set([...context.known, ...this.facts(choice)]) };
      return `${conjunction(this.presence(choice, context))} ? ${text({ [key]: this.value(content, within) })} : {}`;
    });
    return sequence(`merge(${[text(fixed), ...parts].join(", ")})`);
  }

  private loop(each: Each, context: Context): string {
    const one = singular(collectionPath(each.entry));
    const [, address = "", attribute = ""] =
      /^\$\{((?:data\.)?\w+\.\w+)(\.[\w.]+)\}$/.exec(String(each.content)) ?? [];
    // Of nothing but the element that there is for each entry: the elements themselves.
    if (each.key !== undefined && this.within(address).includes(each.entry))
      return `{ for key, ${one} in ${address} : key => ${one}${attribute} }`;
    const collection = this.path(collectionPath(each.entry), context, true);
    // Entries of a list are their own keys.
    const isList = this.shapes.get(collectionPath(each.entry))?.kind === "list";
    const within = inside(context, { path: each.entry, value: one, key: isList ? one : "key" });
    const content = this.expression(each.content, within);
    const loop = `for ${isList ? one : `key, ${one}`} in ${collection} :`;
    if (each.key === undefined) return `[${loop} ${content}]`;
    return `{ ${loop} ${this.expression(each.key, within)} => ${content} }`;
  }

  private expression(tree: Tree, context: Context): string {
    return text(this.value(tree, context));
  }

  private choice(choice: Choice, context: Context): unknown {
    const others = choice.others.filter(([condition, other]) => !this.saysItself(choice, condition, other));
    const [first, ...more] = others;
    if (!first) return this.value(choice.base ?? null, context);
    const [condition, other] = first;
    const { path, is } = condition;
    if (more.some(([each]) => each.path !== path))
      throw new ModuleGapError(
        `module ${this.definition.name}: ${others.map(([each]) => each.path).join(" and ")} decide one argument together; say how by \`computed\` in tools/modules/definitions/${this.definition.name}.ts.`,
      );
    const rest = new Choice(choice.base, more);
    const named = solePath(choice.base);
    // The words of an enumeration, each where it is chosen: the variable itself.
    if (
      typeof is === "object" &&
      choice.base === is.otherwise &&
      others.every(
        ([each, value]) => typeof each.is === "object" && each.path === path && each.is.value === value,
      )
    )
      return sequence(this.path(path, context));
    const alternative = other === undefined ? null : other;
    if (is === "absent" && named === path && more.length === 0)
      return alternative === null
        ? sequence(this.path(path, context))
        : sequence(`coalesce(${this.path(path, context)}, ${this.expression(alternative, context)})`);
    const within = {
      ...context,
      known: new Set([...context.known, ...this.facts(new Choice(null, [[condition, undefined]]))]),
    };
    const whether = [choice.base, other].every((value) => typeof value === "boolean") && more.length === 0;
    if (whether)
      return sequence(other === true ? this.taken(condition, context) : this.present(condition, context));
    const holds = this.taken(condition, context);
    const base = text(this.choice(rest, is === "absent" ? within : { ...context, known: within.known }));
    const taken = this.expression(alternative, context);
    if (is === "off") return sequence(`${this.path(path, context)} ? ${base} : ${taken}`);
    return sequence(`${holds} ? ${taken} : ${base}`);
  }

  /** Is nothing to be said of a choice, as the base is already null then: a reference to what is not there. */
  private saysItself(choice: Choice, condition: Condition, other: Tree | undefined): boolean {
    if (other !== undefined && other !== null) return false;
    const named = solePath(choice.base);
    if (named !== undefined && condition.is === "absent" && named === condition.path) return false;
    if (named !== undefined && condition.is === "absent" && isWithin(named, condition.path)) return true;
    if (typeof choice.base !== "string") return false;
    const [target] = this.targets(choice.base);
    const gone = target === undefined ? undefined : (this.general.tree["elements"] as TreeObject)[target];
    return (
      gone instanceof Choice &&
      gone.others.some(
        ([when, body]) => body === undefined && JSON.stringify(when) === JSON.stringify(condition),
      )
    );
  }

  private targets(value: string): string[] {
    const found: string[] = [];
    mapReferences(value, ({ address }) => {
      found.push(address);
      return undefined;
    });
    return found;
  }
}
