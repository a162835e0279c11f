import { mapReferences } from "../../lib/hcl/references";
import { valueToHcl } from "../../lib/hcl/value";
import type { ModuleDefinition } from "./definition";
import { ModuleGapError } from "./definition";
import { shapesByPath } from "./fields";
import type { General } from "./generalize";
import { onOneLine } from "./readme";
import { Choice, type Condition, isWithin, replacePlaceholders, type TreeObject } from "./tree";

/** What a part of a path is called where one is: the entry of a loop, the content of an optional object. */
export interface Scope {
  readonly path: string;
  readonly value: string;
  readonly key?: string;
}

export interface Context {
  readonly scopes: readonly Scope[];
  /** Paths known not to be null, and switches known to be on. */
  readonly known: ReadonlySet<string>;
}

export const TOP: Context = { scopes: [], known: new Set() };

/** An expression in HCL's spelling, as Terraform's JSON has it. */
export const sequence = (expression: string) => `\${${expression}}`;

/** Variables, conditions and references in Terraform's words, as they are where something stands. */
export class Expressions {
  protected readonly shapes;
  /** Conditions under which an element is there, by address. */
  private readonly counted: ReadonlyMap<string, readonly string[]>;

  constructor(
    protected readonly definition: ModuleDefinition,
    protected readonly general: General,
  ) {
    this.shapes = shapesByPath(general.fields);
    const bodies = Object.entries(general.tree["elements"] as TreeObject);
    this.counted = new Map(
      bodies.flatMap(([address, body]) =>
        body instanceof Choice && this.within(address).length === 0
          ? [[address, this.presence(body, TOP)] as const]
          : [],
      ),
    );
  }

  protected within(address: string): readonly string[] {
    return this.general.elements.get(address)?.entries ?? [];
  }

  /** Under which conditions something is there. */
  protected presence(choice: Choice, context: Context): string[] {
    const conditions = this.conditions(choice);
    if (choice.base === undefined)
      return [
        choice.others
          .filter(([, other]) => other !== undefined)
          .map(([condition]) => this.taken(condition, context))
          .join(" || "),
      ];
    return conditions.map((condition) => this.present(condition, context));
  }

  /** The conditions that take it away; one inside an optional object says that the object is there. */
  protected conditions(choice: Choice): Condition[] {
    const all = choice.others
      .filter(([, other]) => (choice.base === undefined ? other !== undefined : other === undefined))
      .map(([condition]) => condition);
    return all.filter(
      ({ path, is }) =>
        is !== "absent" ||
        !all.some(
          (other) => other.path !== path && isWithin(other.path, path) && typeof other.is === "object",
        ),
    );
  }

  /** What is known where the base is. */
  protected facts(choice: Choice): string[] {
    if (choice.base === undefined)
      return choice.others.flatMap(([{ path, is }, other]) =>
        other !== undefined && is !== "absent" ? [parent(path)] : [],
      );
    return choice.others.flatMap(([{ path, is }]) => (is === "absent" ? [path] : [parent(path), path]));
  }

  protected taken({ path, is }: Condition, context: Context): string {
    const value = this.path(path, context);
    if (is === "absent") return `${value} == null`;
    return is === "off" ? `!${value}` : `${value} == ${JSON.stringify(is.value)}`;
  }

  protected present({ path, is }: Condition, context: Context): string {
    const value = this.path(path, context);
    if (is === "absent") return `${value} != null`;
    return is === "off" ? value : `${value} == ${JSON.stringify(is.otherwise)}`;
  }

  protected text(template: string, context: Context): string {
    const filled = replacePlaceholders(template, (path) => sequence(this.path(path, context)));
    const referred = mapReferences(filled, ({ address, attribute }) =>
      this.reference(address, attribute, context),
    );
    // Inside an expression, quotes around nothing but an interpolation.
    return referred.replace(/(?<!\\)"\$\{([^{}"]*)\}"/g, "$1");
  }

  /** A reference to an element that is there for each entry, or only sometimes. */
  private reference(address: string, attribute: string, context: Context): string | undefined {
    if (!this.general.elements.has(address)) return undefined;
    const [entry] = this.within(address);
    if (entry) {
      const scope = context.scopes.find(({ path }) => path === entry);
      if (scope?.key) return `${address}[${scope.key}]${attribute}`;
      throw new ModuleGapError(
        `module ${this.definition.name}: ${address} exists for each ${entry}, and is wanted outside of it`,
      );
    }
    const conditions = this.counted.get(address);
    if (!conditions) return undefined;
    const sure = conditions.every((condition) => this.isSure(condition, context));
    return sure ? `${address}[0]${attribute}` : `one(${address}[*]${attribute})`;
  }

  private isSure(condition: string, context: Context): boolean {
    return [...context.known].some((path) => {
      const value = path && this.path(path, TOP);
      return value !== "" && (condition === `${value} != null` || condition === value);
    });
  }

  /**
   * A variable, or a part of one.
   * @param looped to be gone through: null is an empty collection then
   */
  protected path(path: string, { scopes, known }: Context, looped = false): string {
    const isKey = path.endsWith(".@");
    const sought = isKey ? `${path.slice(0, -2)}.*` : path;
    const scope = [...scopes].reverse().find((each) => isWithin(sought, each.path));
    if (isKey) {
      if (scope?.path !== sought || !scope.key) throw this.unsayable(path);
      return scope.key;
    }
    const rest = scope ? path.slice(scope.path.length) : `.${path}`;
    if (rest.includes("*")) throw this.unsayable(path);
    const expression = scope ? scope.value + rest : `var${rest}`;
    // An attribute of an object that may be null.
    const owners = path
      .split(".")
      .map((_, index, all) => all.slice(0, index).join("."))
      .filter(Boolean);
    const risky = owners.filter(
      (owner) =>
        (!scope || owner.length > scope.path.length) &&
        this.general.defaults.get(owner) === null &&
        !known.has(owner) &&
        this.isOptional(owner),
    );
    const safe = risky.length > 0 ? `try(${expression}, null)` : expression;
    const empty = this.shapes.get(path)?.kind === "list" ? "[]" : "{}";
    return looped && this.general.defaults.get(path) === null && !known.has(path) && this.isOptional(path)
      ? `coalesce(${safe}, ${empty})`
      : safe;
  }

  private isOptional(path: string): boolean {
    return this.general.defaults.has(path);
  }

  private unsayable(path: string): Error {
    return new ModuleGapError(`module ${this.definition.name}: ${path} is wanted outside of its collection`);
  }
}

export function inside(context: Context, scope: Scope): Context {
  return { ...context, scopes: [...context.scopes, scope] };
}

export function conjunction(conditions: readonly string[]): string {
  return conditions.length === 1
    ? (conditions[0] as string)
    : conditions.map((each) => (each.includes(" || ") ? `(${each})` : each)).join(" && ");
}

/** A value of Terraform JSON as an expression on one line. */
export function text(value: unknown): string {
  return onOneLine(valueToHcl(value, "template", 0));
}

function parent(path: string): string {
  return path.split(".").slice(0, -1).join(".");
}
