import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { App } from "cdktf";
import ts from "typescript-stock";
import type { Stack } from "../../lib/core/stack";

/** The code of an `@example` in a docstring. */
export interface Example {
  readonly file: string;
  /** Line of the file in which the code begins, from 1. */
  readonly line: number;
  /** Name of the class or function that the docstring is of. */
  readonly of: string;
  readonly code: string;
}

/** An exported class, not abstract, that extends Construct. */
export interface ConstructClass {
  readonly file: string;
  readonly name: string;
}

/** Examples as one program. */
export interface Compiled {
  /** What is wrong with types: `lib/google/budget.ts:48: Property 'amount' is missing …`. */
  readonly problems: readonly string[];
  /** The constructs of the sources. */
  readonly constructs: readonly ConstructClass[];
  /** Runs an example. */
  declare(example: Example, stack: Stack, app: App): void;
}

const ROOT = resolve(".");
/** Where the examples seem to be. Nothing is written there. */
const FOLDER = join(ROOT, "examples-in-docstrings");

/** The sources in a folder and those below, as paths from the checkout. */
export function sourcesIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file))
    .sort();
}

/**
 * The examples of a source.
 * @throws on one whose code does not stand between lines "```ts" and "```"
 */
export function examplesIn(file: string, text: string = readFileSync(file, "utf8")): Example[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  return source.statements.flatMap((statement) =>
    ts.getJSDocCommentsAndTags(statement).flatMap((comment) => {
      const start = source.getLineAndCharacterOfPosition(comment.getStart()).line + 1;
      const lines = comment.getText().split("\n");
      const texts = lines.map((line) => line.replace(/^\s*\* ?/, ""));
      return texts.flatMap((tag, index) => {
        if (!tag.startsWith("@example")) return [];
        const end = texts.indexOf("```", index);
        if (texts[index + 1] !== "```ts" || end < 0)
          throw new Error(
            `${file}:${start + index}: put the code of @example between lines "\`\`\`ts" and "\`\`\`".`,
          );
        const code = texts.slice(index + 2, end).join("\n");
        return { file, line: start + index + 2, of: nameOf(statement), code };
      });
    }),
  );
}

/**
 * Compiles examples together. An example imports what comes from packages, by lines at its beginning. What the sources
 * export it uses without, and so `stack` to declare constructs in and `app` to declare stacks in.
 */
export function compileExamples(sources: readonly string[], examples: readonly Example[]): Compiled {
  const exported = exportsOf(sources);
  const texts = new Map(
    examples.map((example, index) => [join(FOLDER, `${index}.ts`), wrap(example, exported)]),
  );
  const paths = new Map([...texts.keys()].map((path, index) => [examples[index], path]));
  const program = programOf([...sources.map((file) => join(ROOT, file)), ...texts.keys()], texts);
  const sourceOf = (example: Example) => program.getSourceFile(paths.get(example) as string) as ts.SourceFile;
  return {
    problems: examples.flatMap((example) => problemsOf(example, sourceOf(example), program)),
    constructs: sources.flatMap((file) => constructsIn(file, program)),
    declare(example, stack, app) {
      const module = { declare: (_stack: Stack, _app: App) => {} };
      program.emit(sourceOf(example), (_, code) => new Function("require", "exports", code)(load, module));
      module.declare(stack, app);
    },
  };
}

function load(path: string): unknown {
  return require(path.startsWith(".") ? join(FOLDER, path) : path);
}

/** The compiler with the repository's options, and with texts that are on no disk. */
function programOf(files: readonly string[], texts: ReadonlyMap<string, string>): ts.Program {
  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const host = ts.createCompilerHost({ ...options, noEmit: false });
  const { readFile, fileExists } = host;
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  return ts.createProgram(files, { ...options, noEmit: false }, host);
}

/** Files that export a name, by name: two systems may have a name in common. */
function exportsOf(sources: readonly string[]): Map<string, string[]> {
  const declaration = /^export (?:abstract )?(?:class|const|function|interface|type) (\w+)/gm;
  const found = new Map<string, string[]>();
  for (const file of sources)
    for (const [, name = ""] of readFileSync(file, "utf8").matchAll(declaration))
      found.set(name, [...(found.get(name) ?? []), file]);
  return found;
}

/** The one that has most folders in common with the file. */
function nearestTo(file: string, files: readonly string[]): string | undefined {
  const folders = file.split("/");
  const shared = (other: string) => other.split("/").findIndex((part, depth) => part !== folders[depth]);
  return files.find((other) => other === file) ?? [...files].sort((a, b) => shared(b) - shared(a))[0];
}

/** The example as a module, on its own lines. Of the imports the compiler drops those that are of no use. */
function wrap({ code, file }: Example, exported: ReadonlyMap<string, readonly string[]>): string {
  const words = new Set(["Stack", ...(code.match(/\b[A-Za-z]\w*/g) ?? [])]);
  const imports = [...words].flatMap((name) => {
    const from = nearestTo(file, exported.get(name) ?? []);
    return from ? [`import { ${name} } from "../${from.replace(/\.ts$/, "")}";`] : [];
  });
  const body = code.replace(/^(import .*\n)*/, "$&export function declare(stack: Stack, app: App): void { ");
  return `import type { App } from "cdktf"; ${imports.join(" ")} ${body}\n}`;
}

function problemsOf({ file, line }: Example, source: ts.SourceFile, program: ts.Program): string[] {
  const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  return found.map(({ start = 0, messageText }) => {
    const below = source.getLineAndCharacterOfPosition(start).line;
    return `${file}:${line + below}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

function constructsIn(file: string, program: ts.Program): ConstructClass[] {
  const checker = program.getTypeChecker();
  const isConstruct = (type: ts.Type): boolean =>
    type.symbol.name === "Construct" || checker.getBaseTypes(type as ts.InterfaceType).some(isConstruct);
  const classes = (program.getSourceFile(join(ROOT, file)) as ts.SourceFile).statements.filter(
    (each) => ts.isClassDeclaration(each) && isExported(each) && isConstruct(checker.getTypeAtLocation(each)),
  );
  return classes.map((each) => ({ file, name: nameOf(each) }));
}

/** As something to make: an abstract class is not. */
function isExported(declaration: ts.ClassDeclaration): boolean {
  const flags = ts.getCombinedModifierFlags(declaration);
  return (flags & ts.ModifierFlags.Export) !== 0 && (flags & ts.ModifierFlags.Abstract) === 0;
}

function nameOf(statement: ts.Statement): string {
  return (statement as ts.DeclarationStatement).name?.getText() ?? "";
}
