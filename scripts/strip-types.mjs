// Bundles parts of the program without their types, for Node to run; packages stay where they are.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
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
 * The bundle is gone when the process ends. Stack traces name the source under `NODE_OPTIONS=--enable-source-maps`; not
 * by default, since Node would then read the maps of every package as well.
 * @param {string} source a TypeScript module, as if it stood in the checkout's root
 * @returns {{folder: string, bundle: string}} a folder of this process, and what to `require` in it
 */
export function stripTypes(source) {
  const { buildSync } = require("esbuild");
  const folder = mkdtempSync(join(root, "node_modules", ".plue-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const bundle = join(folder, "bundle.cjs");
  buildSync({
    stdin: { contents: source, resolveDir: root, loader: "ts" },
    outfile: bundle,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
    // The error that is thrown says it all; the app command shows the compiler's message instead.
    logLevel: "silent",
  });
  return { folder, bundle };
}
