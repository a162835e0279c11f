#!/usr/bin/env node
// The command line: npx plue, npm run plue -- …. Runs tools/ in this process, with the program of the folder where it was
// started: the main.ts beside the cdktf.json there or above.
import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { projectFolder, stripTypes } from "./strip-types.mjs";

// npm runs scripts in the folder of package.json and says where it was started itself.
const byNpm = ["plue", "modules", "eject", "policy"].includes(process.env.npm_lifecycle_event);
const startedIn = byNpm ? process.env.INIT_CWD : process.cwd();
const folder = projectFolder(startedIn);
const main = folder && join(folder, "main.ts");
const { bundle, folder: temporary } = stripTypes(`
  export { run } from "./tools";
  ${main && existsSync(main) ? `export const loadSystem = () => require(${JSON.stringify(main)}).system;` : ""}
`);
const { run, loadSystem } = createRequire(import.meta.url)(bundle);
// Now, and not at the end only: whoever is interrupted leaves nothing behind.
rmSync(temporary, { recursive: true, force: true });
process.exitCode = await run(process.argv.slice(2), { startedIn, folder, loadSystem });
