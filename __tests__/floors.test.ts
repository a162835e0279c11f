import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import ts from "typescript-stock";

/** Text of each source, by its path below the checkout. */
type Sources = ReadonlyMap<string, string>;

/** A rule about which floor may know which. */
interface FloorRule {
  readonly rule: string;
  /** @param from a source, @param to the source that it imports */
  readonly breaks: (from: string, to: string) => boolean;
}

/** `plue` for `stacks/plue/stacks.ts`; undefined for what is no part of a system. */
const systemOf = (path: string) => /^stacks\/([^/]+)\//.exec(path)?.[1];
const isMain = (path: string) => /(^|\/)main\.ts$/.test(path);
/** The system that a main.ts starts: the folder's, or Plue at the top. */
const startedBy = (path: string) => systemOf(path) ?? "plue";

const RULES: readonly FloorRule[] = [
  {
    rule: "lib imports neither stacks nor tools",
    breaks: (from, to) => from.startsWith("lib/") && /^(stacks|tools)\//.test(to),
  },
  {
    rule: "no system imports another",
    breaks: (from, to) => {
      const [one, other] = [systemOf(from), systemOf(to)];
      return one !== undefined && other !== undefined && one !== other;
    },
  },
  {
    rule: "stacks import no tools",
    breaks: (from, to) => from.startsWith("stacks/") && to.startsWith("tools/"),
  },
  {
    rule: "a main.ts imports one system, and no tools",
    breaks: (from, to) =>
      isMain(from) && (to.startsWith("tools/") || (systemOf(to) ?? startedBy(from)) !== startedBy(from)),
  },
  {
    rule: "tools import no stacks: they take the program beside cdktf.json",
    breaks: (from, to) => from.startsWith("tools/") && to.startsWith("stacks/"),
  },
];

/** What breaks a rule: file, line and rule. */
function violations(sources: Sources): string[] {
  return [...sources].flatMap(([from, text]) =>
    importsOf(from, text).flatMap(({ line, specifier }) => {
      const to = normalize(join(dirname(from), specifier));
      return RULES.filter(({ breaks }) => breaks(from, `${to}/`) || breaks(from, to)).map(
        ({ rule }) => `${from}:${line}: ${rule}: ${specifier}`,
      );
    }),
  );
}

/** Relative imports, of types too: `import`, `export … from`, `import()`, `typeof import()`, `require()`. */
function importsOf(file: string, text: string): { line: number; specifier: string }[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: { line: number; specifier: string }[] = [];
  const visit = (node: ts.Node) => {
    const specifier = specifierOf(node);
    if (specifier?.text.startsWith("."))
      found.push({
        line: source.getLineAndCharacterOfPosition(specifier.getStart()).line + 1,
        specifier: specifier.text,
      });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function specifierOf(node: ts.Node): ts.StringLiteralLike | undefined {
  const given =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
        ? node.argument.literal
        : ts.isCallExpression(node) &&
            (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === "require")
          ? node.arguments[0]
          : ts.isExternalModuleReference(node)
            ? node.expression
            : undefined;
  return given && ts.isStringLiteralLike(given) ? given : undefined;
}

function committed(): Map<string, string> {
  const folders = ["lib", "stacks", "tools"].filter((folder) => existsSync(folder));
  const inside = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(
        ({ name, parentPath }) =>
          name.endsWith(".ts") && !/(^|\/)(cdktf\.out|node_modules)(\/|$)/.test(parentPath),
      )
      .map(({ parentPath, name }) => relative(".", join(parentPath, name))),
  );
  return new Map(["main.ts", ...inside].map((file) => [file, readFileSync(file, "utf8")]));
}

test("arrows go down only", () => {
  const sources = committed();
  expect(sources.size).toBeGreaterThan(100);
  expect(violations(sources)).toEqual([]);
});

test.each([
  [
    "lib/google/budget.ts",
    'import { plue } from "../../stacks/plue";',
    "lib imports neither stacks nor tools",
  ],
  ["lib/core/app.ts", 'const x = require("../../tools/index");', "lib imports neither stacks nor tools"],
  ["lib/core/app.ts", 'type T = import("../../tools").Start;', "lib imports neither stacks nor tools"],
  ["lib/core/app.ts", 'export * from "../../stacks/plue/names";', "lib imports neither stacks nor tools"],
  ["stacks/octollm/config.ts", 'import { names } from "../plue/names";', "no system imports another"],
  ["stacks/plue/stacks.ts", 'import { run } from "../../tools";', "stacks import no tools"],
  ["main.ts", 'import { octollm } from "./stacks/octollm";', "a main.ts imports one system, and no tools"],
  [
    "stacks/octollm/main.ts",
    'import { run } from "../../tools";',
    "a main.ts imports one system, and no tools",
  ],
  ["tools/cost/index.ts", 'import { plue } from "../../stacks/plue";', "tools import no stacks"],
])("an import that is planted is found: %s: %s", (file, line, rule) => {
  const found = violations(new Map([[file, `// A comment.\n${line}\n`]]));
  expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${file}:2: ${rule}`)));
});

test.each([
  ["lib/google/budget.ts", 'import { rejectProps } from "../core/props";'],
  ["stacks/plue/production.ts", 'import { names } from "./names";'],
  ["main.ts", 'import { plue } from "./stacks/plue";'],
  ["stacks/octollm/main.ts", 'import { octollm } from "./system";'],
  ["tools/cost/index.ts", 'import type { Project } from "../../lib/environments/system";'],
])("an import that goes down is none: %s: %s", (file, line) => {
  expect(violations(new Map([[file, line]]))).toEqual([]);
});
