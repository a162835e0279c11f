// Parts of the program without their types, for Node to run; packages stay where they are.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);

/** The checkout that these scripts belong to. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** The folder of cdktf.json, here or above; undefined where there is none. */
export function projectFolder(from) {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "cdktf.json"))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * Runs a module without writing it anywhere: a checkout that may not be written will do, and whoever is interrupted leaves
 * nothing behind.
 * @param {string} source a TypeScript module, as if it stood in the checkout's root
 * @returns {{program: any, readable: (trace: string) => string}} what it exports; and a stack trace in lines of the sources
 */
export function loadProgram(source) {
  const { buildSync } = require("esbuild");
  const file = join(root, "program.cjs");
  const { outputFiles } = buildSync({
    stdin: { contents: source, resolveDir: root, loader: "ts" },
    outfile: file,
    write: false,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    sourcemap: "external",
    sourcesContent: false,
    // The error that is thrown says it all; the app command shows the compiler's message instead.
    logLevel: "silent",
  });
  const textOf = (end) => outputFiles.find(({ path }) => path.endsWith(end)).text;
  const map = textOf(".map");
  const Module = require("node:module");
  const module = new Module(file);
  module.filename = file;
  module.paths = Module._nodeModulePaths(root);
  module._compile(textOf(".cjs"), file);
  return { program: module.exports, readable: (trace) => inSources(trace, file, map) };
}

/** Only a trace that somebody reads is worth reading the map. */
function inSources(trace, file, map) {
  const { SourceMap } = require("node:module");
  const sources = new SourceMap(JSON.parse(map));
  return trace.replace(/\(?((?:\/|[A-Z]:\\)[^\s()]+):(\d+):(\d+)\)?$/gm, (place, path, line, column) => {
    if (path !== file) return place;
    const { originalSource, originalLine, originalColumn } = sources.findEntry(line - 1, column - 1);
    if (originalSource === undefined) return place;
    const source = relative(process.cwd(), resolve(root, originalSource));
    return `(${source}:${originalLine + 1}:${originalColumn + 1})`;
  });
}
