// npm run bench: the app command against the stock CDKTF template's `npx ts-node main.ts`, on the same program and
// in the same run, at 2, 100 and 1,000 engineers. Ratios are what to quote; seconds are this machine's.
//
//   node scripts/bench.mjs [--engineers 2,100,1000] [--runs 3]
import "./requirements.mjs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadProgram, root } from "./strip-types.mjs";

const { values } = parseArgs({
  options: { engineers: { type: "string", default: "2,100,1000" }, runs: { type: "string", default: "3" } },
});
const runs = Number(values.runs);
const { sweepTemporaryFolders, temporaryFolder } = loadProgram(
  'export * from "./lib/core/temporary-folder";',
).program;
sweepTemporaryFolders();
const project = temporaryFolder("bench");
process.on("exit", () => rmSync(project, { recursive: true, force: true }));
for (const name of [
  "main.ts",
  "lib",
  "stacks",
  "tools",
  "helm",
  "scripts",
  "cdktf.json",
  "package.json",
  "terraform.lock.hcl",
  "tsconfig.json",
])
  cpSync(join(root, name), join(project, name), { recursive: true });
symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
createRequire(import.meta.url)("esbuild").buildSync({
  entryPoints: [join(project, "main.ts")],
  outfile: join(project, "stripped.cjs"),
  bundle: true,
  packages: "external",
  platform: "node",
});

const commands = {
  "stock: npx ts-node main.ts": ["npx", "ts-node", "--compiler", "typescript-stock", "main.ts"],
  "types stripped ahead": [process.execPath, "stripped.cjs"],
  "app command": [process.execPath, "scripts/app.mjs"],
  // To be compared with the same without HCL: "of stripped" of the first of them is what rendering HCL costs.
  "types stripped ahead, HCL": ["env", "SYNTH_HCL_OUTPUT=true", process.execPath, "stripped.cjs"],
  "app command, HCL": ["env", "SYNTH_HCL_OUTPUT=true", process.execPath, "scripts/app.mjs"],
};
console.log(`median of ${runs} after one warm-up\n`);
console.log(
  "engineers  command                       wall s   of stock  of stripped  largest MB  together MB",
);
for (const count of values.engineers.split(",").map(Number)) {
  const engineers = Array.from({ length: count }, (_, i) => `e${i}`).map((name) => ({
    name,
    email: `${name}@plue.dev`,
  }));
  writeFileSync(join(project, "engineers.json"), JSON.stringify({ engineers }));
  const measured = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let run = 0; run <= runs; run++)
    for (const [name, command] of Object.entries(commands)) {
      const figures = await measure(command);
      if (run > 0) measured[name].push(figures);
    }
  const wall = (name) => median(measured[name].map((m) => m.seconds));
  for (const name of Object.keys(commands)) {
    const ratio = (of) => (wall(name) / wall(of)).toFixed(2);
    const peak = (figure) => {
      const most = Math.max(...measured[name].map((m) => m[figure]));
      return (most ? most.toFixed(0) : "n/a").padStart(11);
    };
    console.log(
      `${String(count).padStart(9)}  ${name.padEnd(28)}  ${wall(name).toFixed(2).padStart(6)}  ${ratio(Object.keys(commands)[0]).padStart(9)}  ${ratio(Object.keys(commands)[1]).padStart(11)}  ${peak("largestMb").slice(1)}  ${peak("togetherMb")}`,
    );
  }
}

/** Runs a command to its end. Memory, on Linux only: of its largest process, and of all at one time. */
async function measure([file, ...args]) {
  rmSync(join(project, "cdktf.out"), { recursive: true, force: true });
  const start = performance.now();
  const child = spawn(file, args, { cwd: project, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  let largestMb = 0;
  let togetherMb = 0;
  const sampling = setInterval(() => {
    const megabytes = processesOf(child.pid).map((bytes) => bytes / 2 ** 20);
    largestMb = Math.max(largestMb, ...megabytes);
    togetherMb = Math.max(
      togetherMb,
      megabytes.reduce((sum, own) => sum + own, 0),
    );
  }, 20);
  const [code] = await once(child, "close");
  clearInterval(sampling);
  if (code !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${code}:\n${stderr}`);
  return { seconds: (performance.now() - start) / 1000, largestMb, togetherMb };
}

/** Resident bytes of a process and of each below it. */
function processesOf(pid) {
  try {
    const own = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096;
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean),
    );
    return [own, ...children.flatMap(processesOf)];
  } catch {
    return [];
  }
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
