import { createRequire } from "node:module";
import { join } from "node:path";
import type * as TypeScript from "typescript-stock";
import { ModuleGapError } from "./definition";
import { type Field, type Shape, snakeCase } from "./fields";

export interface Exceptions {
  /** Props to leave out. */
  readonly without: readonly string[];
  /** Props that are not to be looked into, and read as texts. */
  readonly opaque: readonly string[];
}

/** Props of constructs and their docstrings, from the sources. */
export interface Sources {
  /** Fields of an interface; props are named by their path. */
  fields(file: string, type: string, except: Exceptions): Field[];
  /** First sentences of the docstrings of a class's members, by member. */
  members(file: string, type: string): Map<string, string>;
}

/**
 * Reads the interfaces of constructs by TypeScript's type checker.
 *
 * @param root the checkout
 * @param files what is asked about later, below the checkout
 * @throws {ModuleGapError} on what no variable can hold, and without the compiler
 */
export function readSources(root: string, files: readonly string[]): Sources {
  const ts = compiler(root);
  const program = ts.createProgram(
    files.map((file) => join(root, file)),
    {
      strict: true,
      noLib: false,
      skipLibCheck: true,
      types: [],
      lib: ["lib.es2023.d.ts"],
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
    },
  );
  const checker = program.getTypeChecker();

  function typeNamed(file: string, name: string): TypeScript.Type {
    const source = program.getSourceFile(join(root, file));
    const module = source && checker.getSymbolAtLocation(source);
    const symbol = module && checker.getExportsOfModule(module).find((each) => each.name === name);
    if (!symbol) throw new ModuleGapError(`${file} exports no ${name}.`);
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return checker.getDeclaredTypeOfSymbol(target);
  }

  function fieldsOf(type: TypeScript.Type, except: Exceptions, path: string): Field[] {
    return checker.getPropertiesOfType(type).flatMap((symbol) => {
      const where = path ? `${path}.${symbol.name}` : symbol.name;
      if (except.without.includes(where)) return [];
      const declared = checker.getTypeOfSymbol(symbol);
      const members = declared.isUnion() ? declared.types : [declared];
      const isFalse = (each: TypeScript.Type) => checker.typeToString(each) === "false";
      const orFalse = members.some(isFalse) && !members.some((each) => checker.typeToString(each) === "true");
      const rest = members.filter(
        (each) => !(each.flags & ts.TypeFlags.Undefined) && !(orFalse && isFalse(each)),
      );
      return {
        prop: symbol.name,
        name: snakeCase(symbol.name),
        optional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
        orFalse,
        shape: except.opaque.includes(where) ? { kind: "string" } : shapeOf(rest, except, where),
        description: descriptionOf(symbol) || descriptionOfType(rest),
      };
    });
  }

  function shapeOf(types: readonly TypeScript.Type[], except: Exceptions, path: string): Shape {
    const flags = types.reduce((all, { flags }) => all | flags, 0);
    if (types.every((type) => type.flags & ts.TypeFlags.StringLiteral))
      return { kind: "string", values: types.map((type) => (type as TypeScript.StringLiteralType).value) };
    if (flags & ts.TypeFlags.StringLike) return { kind: "string" };
    if (flags & ts.TypeFlags.NumberLike) return { kind: "number" };
    if (flags & ts.TypeFlags.BooleanLike) return { kind: "boolean" };
    const [type] = types;
    if (type && types.length === 1) {
      const item = `${path}.*`;
      if (checker.isArrayType(type))
        return {
          kind: "list",
          item: shapeOf(parts(checker.getTypeArguments(type as never)[0]), except, item),
        };
      const indexed = checker.getIndexInfoOfType(type, ts.IndexKind.String);
      if (indexed) return { kind: "map", item: shapeOf(parts(indexed.type), except, item) };
      if (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))
        return { kind: "object", fields: fieldsOf(type, except, path) };
    }
    throw new ModuleGapError(
      `${path}: a Terraform variable cannot be ${types.map((each) => checker.typeToString(each)).join(" | ")}; in the module's file in tools/modules/definitions, put a text in its place (\`replaced\`) or leave it at its default (\`fixed\`).`,
    );
  }

  function parts(type: TypeScript.Type | undefined): readonly TypeScript.Type[] {
    return type?.isUnion() ? type.types : type ? [type] : [];
  }

  /** What the one interface says of itself. */
  function descriptionOfType([type, ...more]: readonly TypeScript.Type[]): string {
    const symbol = type?.aliasSymbol ?? type?.getSymbol();
    const isOwn = symbol?.declarations?.some((each) => !/node_modules/.test(each.getSourceFile().fileName));
    return symbol && isOwn && more.length === 0 ? descriptionOf(symbol) : "";
  }

  function descriptionOf(symbol: TypeScript.Symbol): string {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
    const plain = text.replace(/\s+/g, " ").trim();
    // Names of props in backticks; a word before a colon is a key of something else.
    return plain.replace(/`[^`]*`/g, (quoted) =>
      quoted.replace(/\b[a-z]+(?:[A-Z][a-z]+)+\b(?!:)/g, (prop) => snakeCase(prop)),
    );
  }

  return {
    fields: (file, type, except) => fieldsOf(typeNamed(file, type), except, ""),
    members: (file, type) =>
      new Map(
        checker
          .getPropertiesOfType(typeNamed(file, type))
          .map((symbol) => [symbol.name, descriptionOf(symbol)]),
      ),
  };
}

function compiler(root: string): typeof TypeScript {
  try {
    return createRequire(join(root, "package.json"))("typescript-stock");
  } catch {
    throw new ModuleGapError(
      `Modules are made of the constructs' sources, and TypeScript's compiler is not installed in ${root}: run npm ci, with development dependencies.`,
    );
  }
}
