#!/usr/bin/env node
// The command line: npx plue, npm run plue -- …. Runs tools/ in this process, with the program of the folder where it was
// started: the main.ts beside the cdktf.json there or above.
import "./requirements.mjs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadProgram, projectFolder } from "./strip-types.mjs";

// npm runs scripts in the folder of package.json and says where it was started itself.
const byNpm = ["plue", "modules", "eject", "policy"].includes(process.env.npm_lifecycle_event);
const startedIn = byNpm ? process.env.INIT_CWD : process.cwd();
const folder = projectFolder(startedIn);
const main = folder && join(folder, "main.ts");
let loaded;
try {
  loaded = loadProgram(`
    export { run } from "./tools";
    ${main && existsSync(main) ? `export const loadSystem = () => require(${JSON.stringify(main)}).system;` : ""}
  `);
} catch (error) {
  // What is no program is esbuild's to say; anything else is a defect.
  if (!error.errors) throw error;
  for (const { location, text } of error.errors)
    console.error(
      `${location ? `${location.file}:${location.line}:${location.column + 1}: ` : ""}${text.replaceAll("\n", " ")}`,
    );
  console.error("The program cannot be loaded: npm run typecheck says all that is wrong with it.");
  process.exit(1);
}
const { program, readable } = loaded;
const { run, loadSystem } = program;
process.exitCode = await run(process.argv.slice(2), { startedIn, folder, loadSystem, readable });
