// The app command of cdktf.json and of `npm run synth`: type-checks and synthesizes side by side, and puts the
// result in place only when both succeeded.
//
// Stripping types without checking them would drop a property that a binding does not have in silence, so the
// native TypeScript compiler checks the program while esbuild strips it and Node runs it. Both work on a folder
// beside the output folder; a mistake in the program, the registry or the configuration leaves the output as it was.
import "./requirements.mjs";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
// Node 16 has no parseArgs: an import of it by name would fail before anybody is told that Node is too old.
import util from "node:util";
import { loadProgram, projectFolder, root } from "./strip-types.mjs";

/** As docs/cli.md says. */
const EXIT = { failed: 1, usage: 2, input: 3, interrupted: 130 };

const require = createRequire(import.meta.url);
const { all, hcl } = parseOptions();
if (hcl) process.env.SYNTH_HCL_OUTPUT = "true";
if (all) process.exit(synthesizeAll());

// A reader that has seen enough (npm run synth | head) is no error.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
});
// Interrupted, Node would end without its exit handlers, which take the temporary folder away.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => process.exit(EXIT.interrupted));

// Started from elsewhere, it is about the checkout that it belongs to.
const folder = projectFolder(process.cwd()) ?? root;
const main = join(folder, "main.ts");
if (!existsSync(main))
  fail(`no main.ts beside ${join(folder, "cdktf.json")}: it exports what is to be synthesized`);
const outdir = resolve(process.env.CDKTF_OUTDIR ?? join(folder, "cdktf.out"));
if (existsSync(outdir) && !statSync(outdir).isDirectory())
  fail(`${outdir} is a file, and the output is a folder: remove it, or set CDKTF_OUTDIR to another place`);
process.chdir(folder);

// The compiler itself and not the script that finds it, which would be one more Node process. It starts before anything
// below keeps this process busy.
const { default: findCompiler } = await import(
  pathToFileURL(join(dirname(require.resolve("typescript/package.json")), "lib", "getExePath.js")).href
);
const checked = checkTypes(findCompiler());
// Until the program says how.
let explain = (error) => error.message;
let during = (_what, work) => work();
let failure;
let finish;
try {
  const { program, readable } = loadProgram(`
    export { explainUnexpected } from "./lib/core/explain-error";
    export { publish } from "./lib/core/publish";
    export { sweepBeside, sweepTemporaryFolders, temporaryFolderBeside } from "./lib/core/temporary-folder";
    export { synthesize } from "./lib/environments/system";
    export { during } from "./tools/command-line/progress";
    export { summarize } from "./tools/command-line/summary";
    export const loadSystem = () => require(${JSON.stringify(main)}).system;
  `);
  explain = (error) => program.explainUnexpected(error, readable);
  during = program.during;
  finish = synthesize(program);
} catch (error) {
  failure = error;
}
const diagnostics = await during("Checking types", () => checked);
if (diagnostics) fail(`${diagnostics.trimEnd()}\nThe program does not type-check: nothing was written.`);
try {
  if (failure) throw failure;
  finish();
} catch (error) {
  fail(explain(error), error?.name === "InvalidInputError" ? EXIT.input : EXIT.failed);
}

/** Synthesizes into a folder beside the output. @returns what puts it in place */
function synthesize({
  publish,
  summarize,
  sweepBeside,
  sweepTemporaryFolders,
  temporaryFolderBeside,
  ...program
}) {
  sweepTemporaryFolders();
  sweepBeside(outdir);
  mkdirSync(dirname(outdir), { recursive: true });
  const partial = temporaryFolderBeside(outdir);
  process.on("exit", () => rmSync(partial, { recursive: true, force: true }));
  process.env.CDKTF_OUTDIR = partial;
  const warnings = during("Synthesizing the stacks", () => program.synthesize(program.loadSystem()));
  return () => {
    // The CLI alone sets this, to show errors of the program itself.
    const startedByCli = process.env.CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS === "true";
    for (const kept of publish(partial, outdir, startedByCli))
      console.error(
        `Moved to ${relative(process.cwd(), kept)}: what it holds cannot be made again, and its stack is gone.`,
      );
    console.log(summarize(outdir, startedByCli, warnings));
  };
}

function parseOptions() {
  try {
    const options = { all: { type: "boolean" }, hcl: { type: "boolean" } };
    return util.parseArgs({ options, args: process.argv.slice(2) }).values;
  } catch (error) {
    return fail(
      `${error.message}\nThere are: --all (every system's program), --hcl (HCL instead of JSON).`,
      EXIT.usage,
    );
  }
}

/** Synthesizes the program of the checkout and those of the other systems, one after the other. */
function synthesizeAll() {
  const systems = readdirSync(join(root, "stacks"))
    .map((name) => join(root, "stacks", name))
    .filter((path) => existsSync(join(path, "cdktf.json")));
  const statuses = [root, ...systems].map((path) => {
    console.log(`${relative(root, path) || "."}:`);
    const app = fileURLToPath(import.meta.url);
    return spawnSync(process.execPath, [app], { cwd: path, stdio: "inherit" }).status ?? EXIT.interrupted;
  });
  return statuses.find((status) => status !== 0) ?? 0;
}

/**
 * @param {string} compiler its path
 * @returns {Promise<string>} the compiler's complaints, empty if there are none
 */
async function checkTypes(compiler) {
  // Of this system's program and what is loaded beside it, with the options of the checkout. One thread: the other processor
  // is busy running the program.
  const { compilerOptions } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
  const options = Object.entries({
    ...compilerOptions,
    pretty: false,
    singleThreaded: true,
    ignoreConfig: true,
  });
  const child = spawn(
    compiler,
    [
      ...options.flatMap(([name, value]) => [`--${name}`, String(value)]),
      main,
      join(root, "lib/core/publish.ts"),
      join(root, "tools/command-line/summary.ts"),
    ],
    { cwd: root, stdio: ["ignore", "pipe", "inherit"], env: { GOGC: "50", ...process.env } },
  );
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, "close");
  return code === 0 ? "" : text || `tsc ended with ${code}`;
}

function fail(message, exitCode = EXIT.failed) {
  console.error(message);
  process.exit(exitCode);
}
