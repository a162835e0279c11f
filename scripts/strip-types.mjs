// Bundles parts of the program without their types, for Node to run; packages stay where they are.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);

/** The checkout that these scripts belong to. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * The result is gone when the process ends. Stack traces name the source under `NODE_OPTIONS=--enable-source-maps`; not
 * by default, since Node would then read the maps of every package as well.
 * @param {Record<string, string>} entryPoints a file of the checkout by the name of its bundle
 * @returns {Record<string, string>} what to `require`, by the same names
 */
export function stripTypes(entryPoints) {
  const { buildSync } = require("esbuild");
  const stripped = mkdtempSync(join(root, "node_modules", ".plue-"));
  process.on("exit", () => rmSync(stripped, { recursive: true, force: true }));
  buildSync({
    entryPoints: Object.fromEntries(
      Object.entries(entryPoints).map(([name, file]) => [name, join(root, file)]),
    ),
    outdir: stripped,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
    // The error that is thrown says it all; the app command shows the compiler's message instead.
    logLevel: "silent",
  });
  return Object.fromEntries(Object.keys(entryPoints).map((name) => [name, join(stripped, `${name}.cjs`)]));
}
