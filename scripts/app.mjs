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
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const outdir = resolve(process.env.CDKTF_OUTDIR ?? join(root, "cdktf.out"));
process.chdir(root);

const checked = checkTypes();
const { main, output } = stripTypes();
mkdirSync(dirname(outdir), { recursive: true });
const partial = mkdtempSync(`${outdir}.`);
process.on("exit", () => rmSync(partial, { recursive: true, force: true }));
process.env.CDKTF_OUTDIR = partial;

let failure;
try {
  require(main);
} catch (error) {
  failure = error;
}
const diagnostics = await checked;
if (diagnostics) fail(`${diagnostics.trimEnd()}\nThe program does not type-check: nothing was written.`);
if (failure) fail(explain(failure));
const { publish, summarize } = require(output);
publish(partial, outdir);
console.log(summarize(outdir));

/** @returns {Promise<string>} the compiler's complaints, empty if there are none */
async function checkTypes() {
  const tsc = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
  const child = spawn(process.execPath, [tsc, "--noEmit", "--pretty", "false", "-p", root], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, "close");
  return code === 0 ? "" : text || `tsc ended with ${code}`;
}

/** Strips the program's types; packages stay where they are. */
function stripTypes() {
  const { buildSync } = require("esbuild");
  const stripped = mkdtempSync(join(root, "node_modules", ".plue-"));
  process.on("exit", () => rmSync(stripped, { recursive: true, force: true }));
  buildSync({
    entryPoints: { main: join(root, "main.ts"), output: join(root, "lib", "output.ts") },
    outdir: stripped,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
  });
  process.setSourceMapsEnabled(true);
  return { main: join(stripped, "main.cjs"), output: join(stripped, "output.cjs") };
}

/** What went wrong, for a person: the message alone where it is about input, the trace where it is a defect. */
function explain(error) {
  const defect = !(error instanceof Error) || /^(Type|Reference|Range|Syntax)Error$/.test(error.name);
  return defect ? (error?.stack ?? String(error)) : error.message;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
