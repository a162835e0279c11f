#!/usr/bin/env node
// npx cdktf …: npm looks for a command in package.json first, and in node_modules only then. What it does stands in tools/cdktf.
process.argv.splice(2, 0, "cdktf");
await import("./plue.mjs");
