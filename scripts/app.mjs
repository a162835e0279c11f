// The app command of cdktf.json and of `npm run synth`: type-checks and synthesizes side by side, and puts the
// result in place only when both succeeded.
//
// Stripping types without checking them would drop a property that a binding does not have in silence, so the
// native TypeScript compiler checks the program while esbuild strips it and Node runs it. Both work on a folder
// beside the output folder; a mistake in the program, the registry or the configuration leaves the output as it was.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { projectFolder, root, stripTypes } from "./strip-types.mjs";

const require = createRequire(import.meta.url);
const { all, hcl } = parseOptions();
if (hcl) process.env.SYNTH_HCL_OUTPUT = "true";
if (all) process.exit(synthesizeAll());

// Started from elsewhere, it is about the checkout that it belongs to.
const folder = projectFolder(process.cwd()) ?? root;
const main = join(folder, "main.ts");
if (!existsSync(main))
  fail(`no main.ts beside ${join(folder, "cdktf.json")}: it exports what is to be synthesized`);
const outdir = resolve(process.env.CDKTF_OUTDIR ?? join(folder, "cdktf.out"));
process.chdir(folder);

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

let program;
let failure;
try {
  const { bundle } = stripTypes(`
    export { publish } from "./lib/core/publish";
    export { during } from "./tools/command-line/progress";
    export { summarize } from "./tools/command-line/summary";
    export { synthesize } from "./lib/environments/system";
    export const loadSystem = () => require(${JSON.stringify(main)}).system;
  `);
  program = require(bundle);
  program.during("Synthesizing the stacks", () => program.synthesize(program.loadSystem()));
} catch (error) {
  failure = error;
}
const diagnostics = await (program?.during("Checking types", () => checked) ?? checked);
if (diagnostics) fail(`${diagnostics.trimEnd()}\nThe program does not type-check: nothing was written.`);
if (failure) fail(explain(failure));
// The CLI alone sets this, to show errors of the program itself.
const startedByCli = process.env.CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS === "true";
for (const kept of program.publish(partial, outdir, startedByCli))
  console.error(
    `Moved to ${relative(process.cwd(), kept)}: what it holds cannot be made again, and its stack is gone.`,
  );
console.log(program.summarize(outdir, startedByCli));

function parseOptions() {
  try {
    const options = { all: { type: "boolean" }, hcl: { type: "boolean" } };
    return parseArgs({ options, args: process.argv.slice(2) }).values;
  } catch (error) {
    console.error(
      `${error.message}\nThere are: --all (every system's program), --hcl (HCL instead of JSON).`,
    );
    process.exit(2);
  }
}

/** Synthesizes the program of the checkout and those of the other systems, one after the other. */
function synthesizeAll() {
  const systems = readdirSync(join(root, "stacks"))
    .map((name) => join(root, "stacks", name))
    .filter((path) => existsSync(join(path, "cdktf.json")));
  const failed = [root, ...systems].filter((path) => {
    console.log(`${relative(root, path) || "."}:`);
    const app = fileURLToPath(import.meta.url);
    return spawnSync(process.execPath, [app], { cwd: path, stdio: "inherit" }).status !== 0;
  });
  return failed.length > 0 ? 1 : 0;
}

/**
 * @param {string} compiler its path
 * @returns {Promise<string>} the compiler's complaints, empty if there are none
 */
async function checkTypes(compiler) {
  // Of this system's program alone, with the options of the checkout.
  const configuration = join(root, "node_modules", `.plue-${process.pid}.tsconfig.json`);
  const files = [main, join(root, "tools/command-line/summary.ts"), join(root, "lib/core/publish.ts")];
  writeFileSync(configuration, JSON.stringify({ extends: join(root, "tsconfig.json"), include: [], files }));
  process.on("exit", () => rmSync(configuration, { force: true }));
  // One thread: the other processor is busy running the program.
  const child = spawn(compiler, ["--pretty", "false", "--singleThreaded", "-p", configuration], {
    cwd: root,
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
