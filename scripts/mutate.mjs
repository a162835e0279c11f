// Leaves out each argument of policy/hardening.yaml, one after the other, and runs the tests: each has to make one fail. Writes
// docs/hardening.md, which says which. Works on copies, so an interruption leaves nothing behind.
//   npm run mutation [-- SOURCE…]    only these sources; the page keeps what it says of the others
//   npm run mutation -- --list       what would be left out, as JSON, after a look whether it is there
import "./requirements.mjs";
import { spawn } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { loadProgram, root } from "./strip-types.mjs";

// Packages: only after it is known that they are there.
const { parse } = await import("yaml");
const { argumentAt } = await import("./arguments.mjs");
const { sweepTemporaryFolders, temporaryFolder } = loadProgram(
  'export * from "./lib/core/temporary-folder";',
).program;
sweepTemporaryFolders();
/** What the tests of constructs and stacks need. */
const COPIED = [
  "__tests__",
  "cdktf.json",
  "engineers.json",
  "helm",
  "jest.config.js",
  "lib",
  "package.json",
  "scripts",
  "stacks",
  "terraform.lock.hcl",
  "tools",
];
/** Asked where a source's own tests notice nothing: it sees every stack. */
const RULES = "__tests__/tools/policy/rules.test.ts";
const PAGE = "docs/hardening.md";
/** What the page says where no test fails, or none has been tried. */
const NOTHING = "**no test yet**";

const read = (file) => readFileSync(join(root, file), "utf8");
const fail = (...lines) => {
  console.error(lines.join("\n"));
  process.exit(1);
};

const problems = [];
const mutants = Object.entries(parse(read("policy/hardening.yaml"))).flatMap(([source, names]) => {
  if (existsSync(join(root, source))) return names.map((argument) => mutantOf(source, argument));
  problems.push(`policy/hardening.yaml names ${source}, which is not there`);
  return [];
});
if (problems.length > 0) fail(...problems);
const wanted = process.argv.slice(2);
if (wanted[0] === "--list") {
  console.log(JSON.stringify(mutants.map(({ source, argument }) => ({ source, argument }))));
  process.exit();
}
const unknown = wanted.filter((source) => !mutants.some((mutant) => mutant.source === source));
if (unknown.length > 0)
  fail(
    `policy/hardening.yaml has no ${unknown.join(", ")}; it has:`,
    ...new Set(mutants.map(({ source }) => `  ${source}`)),
  );

const copies = [];
const clean = () => {
  for (const folder of copies) rmSync(folder, { recursive: true, force: true });
};
process.on("exit", clean);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

const selected = mutants.filter(({ source }) => wanted.length === 0 || wanted.includes(source));
const tests = [...new Set([...selected.map(({ source }) => testOf(source)), RULES])].filter((test) =>
  existsSync(join(root, test)),
);
const first = copy();
console.log(`${selected.length} arguments; first the tests as they are`);
const broken = new Set();
for (const test of tests) for (const title of await failures(first, test)) broken.add(title);
for (const title of broken) console.log(`fails anyway, and counts for nothing: ${title}`);

const queue = [...selected];
const workers = Array.from({ length: Math.min(availableParallelism(), queue.length) }, (_, index) =>
  work(index === 0 ? first : copy()),
);
await Promise.all(workers);

const survivors = selected.filter(({ killedBy }) => killedBy === undefined);
for (const { source, argument } of survivors)
  console.log(`${source}: without ${argument} no test fails; write one in ${testOf(source)}`);
console.log(`${selected.length - survivors.length} of ${selected.length} make a test fail`);
writeFileSync(join(root, PAGE), page());
process.exitCode = survivors.length > 0 ? 1 : 0;

function mutantOf(source, argument) {
  const original = read(source);
  try {
    return { source, argument, original, text: argumentAt(original, argument, source).without() };
  } catch (error) {
    problems.push(error.message);
    return undefined;
  }
}

async function work(folder) {
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const file = join(folder, mutant.source);
    writeFileSync(file, mutant.text);
    for (const test of tests.filter((test) => [testOf(mutant.source), RULES].includes(test))) {
      const [title] = (await failures(folder, test)).filter((title) => !broken.has(title));
      if (title === undefined) continue;
      mutant.killedBy = { test, title };
      break;
    }
    writeFileSync(file, mutant.original);
    console.log(`${mutant.killedBy ? "killed  " : "SURVIVED"}  ${mutant.source}  ${mutant.argument}`);
  }
}

/** Titles of the tests of a file that fail, in its order; not of those that only compare with a snapshot. */
async function failures(folder, test) {
  const result = join(folder, "result.json");
  rmSync(result, { force: true });
  const jest = join(root, "node_modules/jest/bin/jest.js");
  const args = [
    jest,
    "--ci",
    "--runInBand",
    "--silent",
    "--json",
    `--outputFile=${result}`,
    "--runTestsByPath",
    test,
  ];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: "ignore" });
  await new Promise((done) => child.on("close", done));
  if (!existsSync(result)) throw new Error(`jest says nothing of ${test}`);
  const [file] = JSON.parse(readFileSync(result, "utf8")).testResults;
  const failed = file.assertionResults.filter(
    ({ status, failureMessages }) =>
      status === "failed" && !failureMessages.every((message) => message.includes("toMatchSnapshot")),
  );
  if (file.assertionResults.length === 0) return [`its stacks cannot be made: ${complaint(file.message)}`];
  return failed.map(({ ancestorTitles, title }) => [...ancestorTitles, title].join(" › "));
}

/** The error of a test file that did not run, of which a construct's is its first line. */
function complaint(message) {
  const lines = stripVTControlCharacters(message).split("\n");
  return lines.map((line) => line.trim()).find((line) => line !== "" && !line.startsWith("●")) ?? "an error";
}

/** The test file that mirrors a source, or the folder that it is in; the former where there is neither. */
function testOf(source) {
  for (let path = source.replace(/\.ts$/, ""); path !== "."; path = dirname(path)) {
    const test = `__tests__/${path}.test.ts`;
    if (existsSync(join(root, test))) return test;
  }
  return `__tests__/${source.replace(/\.ts$/, ".test.ts")}`;
}

function copy() {
  const folder = temporaryFolder("mutation");
  copies.push(folder);
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

function page() {
  const known = rowsOf(existsSync(join(root, PAGE)) ? read(PAGE) : "");
  const tables = [...new Set(mutants.map(({ source }) => source))].map((source) => {
    const byTest = new Map();
    for (const mutant of mutants.filter((mutant) => mutant.source === source)) {
      const test = killerOf(mutant, known);
      byTest.set(test, [...(byTest.get(test) ?? []), `\`${mutant.argument}\``]);
    }
    const rows = [...byTest].map(([test, names]) => `| ${names.join(", ")} | ${test} |`);
    return `## ${source}\n\n| without one of | fails |\n|---|---|\n${rows.join("\n")}\n`;
  });
  return `# What hardens, and the test that notices when it is gone

Written by \`npm run mutation\`, which leaves out one argument after the other and runs the source's own tests, then, marked
"rules", the policies over all stacks. Tests that only compare with a snapshot do not count. To add an argument, add it to
\`policy/hardening.yaml\` and run the command again, for its source alone: \`npm run mutation -- lib/google/cloud-sql/index.ts\`.

${tables.join("\n")}`;
}

/** What the page says of a mutant: the test that failed now, or else the one that it names already. */
function killerOf({ source, argument, killedBy }, known) {
  if (survivors.some((one) => one.source === source && one.argument === argument)) return NOTHING;
  if (!killedBy) return known.get(`${source} ${argument}`) ?? NOTHING;
  const title = killedBy.title.replaceAll("|", "\\|").replace(/\s+/g, " ");
  return `${title}${killedBy.test === RULES ? " (rules)" : ""}`;
}

/** What the page as it is says, by source and argument. */
function rowsOf(text) {
  const rows = new Map();
  for (const section of text.split(/^## /m).slice(1)) {
    const [source, ...lines] = section.split("\n");
    for (const line of lines) {
      const [, names = "", test] = /^\| (`.+`) \| (.+) \|$/.exec(line) ?? [];
      for (const [, argument] of names.matchAll(/`([^`]+)`/g)) rows.set(`${source} ${argument}`, test);
    }
  }
  return rows;
}
