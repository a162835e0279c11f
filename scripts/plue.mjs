#!/usr/bin/env node
// The command line: npx plue, npm run plue -- …. Strips the types of tools/ and runs it in this process.
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { stripTypes } from "./strip-types.mjs";

const { cli } = stripTypes({ cli: "tools/index.ts" });
const { run } = createRequire(import.meta.url)(cli);
// Now, and not at the end only: whoever is interrupted leaves nothing behind.
rmSync(dirname(cli), { recursive: true, force: true });
// npm runs scripts in the folder of package.json and says where it was started itself.
const byNpm = ["plue", "modules", "eject", "policy"].includes(process.env.npm_lifecycle_event);
const startedIn = byNpm ? process.env.INIT_CWD : process.cwd();
process.exitCode = await run(process.argv.slice(2), startedIn);
