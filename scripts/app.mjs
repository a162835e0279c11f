// The app command of cdktf.json and of `npm run synth`: type-checks and synthesizes side by side, and puts the
// result in place only when both succeeded.
//
// Stripping types without checking them would drop a property that a binding does not have in silence, so the
// native TypeScript compiler checks the program while esbuild strips it and Node runs it. Both work on a folder
// beside the output folder; a mistake in the program, the registry or the configuration leaves the output as it was.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { root, stripTypes } from "./strip-types.mjs";

const require = createRequire(import.meta.url);
const outdir = resolve(process.env.CDKTF_OUTDIR ?? join(root, "cdktf.out"));
process.chdir(root);

// Interrupted, Node would end without its exit handlers, which take the temporary folders away.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

// The compiler itself and not the script that finds it, which would be one more Node process. It starts before anything
// below keeps this process busy.
const { default: findCompiler } = await import(
  pathToFileURL(join(dirname(require.resolve("typescript/package.json")), "lib", "getExePath.js")).href
);
const checked = checkTypes(findCompiler());
mkdirSync(dirname(outdir), { recursive: true });
const partial = mkdtempSync(`${outdir}.`);
process.on("exit", () => rmSync(partial, { recursive: true, force: true }));
process.env.CDKTF_OUTDIR = partial;

let bundles;
let failure;
try {
  bundles = stripTypes({ main: "main.ts", output: "lib/core/publish.ts" });
  require(bundles.main);
} catch (error) {
  failure = error;
}
const diagnostics = await checked;
if (diagnostics) fail(`${diagnostics.trimEnd()}\nThe program does not type-check: nothing was written.`);
if (failure) fail(explain(failure));
const { publish, summarize } = require(bundles.output);
publish(partial, outdir);
console.log(summarize(outdir));

/**
 * @param {string} compiler its path
 * @returns {Promise<string>} the compiler's complaints, empty if there are none
 */
async function checkTypes(compiler) {
  const project = join(root, "scripts", "tsconfig.json");
  // One thread: the other processor is busy running the program.
  const child = spawn(compiler, ["--pretty", "false", "--singleThreaded", "-p", project], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { GOGC: "50", ...process.env },
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, "close");
  return code === 0 ? "" : text || `tsc ended with ${code}`;
}

/** What went wrong, for a person: the message alone where it is about input, the trace where it is a defect. */
function explain(error) {
  const defect = !(error instanceof Error) || /^(Type|Reference|Range|Syntax)Error$/.test(error.name);
  return defect
    ? `${error?.stack ?? error}\n(NODE_OPTIONS=--enable-source-maps shows lines of the source)`
    : error.message;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
