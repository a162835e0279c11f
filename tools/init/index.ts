import { type Command, InvalidArgumentError } from "commander";
import colors from "picocolors";
import { findPlaceholders } from "../../lib/environments/placeholders";
import type { System } from "../../lib/environments/system";
import { type Problem, printPath, quote } from "../../lib/input/problems";
import { ask, confirm } from "../command-line/confirm";
import { CliError, EXIT } from "../command-line/errors";
import { examples, tell } from "../command-line/output";
import { thisSystem } from "../command-line/project";
import { Configuration, type Value } from "./configuration";

/** Registers `plue init`. */
export function registerInit(program: Command): void {
  const command = program
    .command("init")
    .description("asks for what an installation needs, and writes it into cdktf.json")
    .option("--set <key=value>", "give a value, as cdktf.json calls it; repeat for more", collect, [])
    .option("-y, --yes", "ask nothing: replace also what is not zeros")
    .action((options: InitOptions) => init(options));
  examples(command, {
    "npx plue init": "asks for each value, and checks it at once",
    "npx plue init --set githubOwnerId=1234567": "asks for the others",
    "npx plue init --yes --set githubOwnerId=1234567": "asks nothing",
  });
}

interface InitOptions {
  readonly set: readonly Answer[];
  readonly yes?: boolean;
}

interface Answer {
  readonly path: readonly string[];
  readonly value: string;
}

function collect(given: string, before: readonly Answer[]): readonly Answer[] {
  const [, key = "", value = ""] = /^([\w.-]+)=(.*)$/s.exec(given) ?? [];
  if (!key) throw new InvalidArgumentError("Write key=value, for instance staging.projectId=acme-staging.");
  return [...before, { path: key.split("."), value: value.trim() }];
}

async function init({ set, yes = false }: InitOptions): Promise<void> {
  const system = thisSystem();
  const configuration = new Configuration(system);
  for (const { path, value } of set) configuration.set(path, value);
  if (process.stdin.isTTY && !yes)
    await askForAll(configuration, new Set(set.map(({ path }) => path.join("."))));
  refuseProblems(configuration);
  const zeros = zerosIn(configuration, system);
  if (zeros.length > 0 && !process.stdin.isTTY)
    throw new CliError(
      `still zeros, and nobody is here to be asked. Give them: ${zeros.map((path) => `--set ${path}=…`).join(" ")}. Nothing was changed.`,
      EXIT.usage,
    );
  await write(configuration, yes);
  const left = zeros.length > 0 ? [`  npx plue init   (again, for ${zeros.join(", ")})`] : [];
  tell(
    ["Next:", ...left, "  npx plue doctor", '  git commit cdktf.json -m "Configure the installation"'].join(
      "\n",
    ),
  );
}

/** Asks for each value that no flag gave, until the program takes the whole; nothing but Enter keeps what is there. */
async function askForAll(configuration: Configuration, given: ReadonlySet<string>): Promise<void> {
  tell(
    "Enter keeps what stands in brackets; - leaves out what may be left out. Nothing is written before the end.\n",
  );
  let open = configuration.values().filter(({ path }) => !given.has(path.join(".")));
  while (open.length > 0) {
    let changed = false;
    for (const value of open) changed = (await askFor(configuration, value)) || changed;
    const problems = configuration.problems();
    for (const problem of problems) tell(colors.red(lineOf(problem)));
    open = changed ? configuration.values().filter(({ path }) => about(problems, path).length > 0) : [];
  }
}

/** Asks for a value until it is one that the program takes by itself. @returns whether it was changed */
async function askFor(configuration: Configuration, { path, current }: Value): Promise<boolean> {
  const { description, example } = configuration.describe(path);
  const zeros = isZeros(current);
  if (description) tell(colors.dim(description));
  for (let kept = false; ; ) {
    const hint = zeros ? (example === undefined ? "" : ` (for instance ${example})`) : ` [${current}]`;
    const answer = (await ask(`${printPath(path)}${hint}: `)).trim();
    configuration.set(path, answer === "" ? String(current) : answer === "-" ? "" : answer);
    const wrong = about(configuration.problems(), path);
    if (wrong.length === 0) return answer !== "";
    // At the end of the input there is nothing but that: who keeps it twice is told at the end.
    if (answer === "" && kept) return false;
    kept = answer === "";
    for (const problem of wrong) tell(colors.red(problem.message));
  }
}

/** Problems of a value itself, or of its being left out. */
function about(problems: readonly Problem[], path: readonly string[]): Problem[] {
  const [key = "", own] = [path.at(-1), path.join(".")];
  const above = path.slice(0, -1).join(".");
  return problems.filter(({ path: at, message }) => {
    const where = at.join(".");
    return where === own || (where === above && message.startsWith(`the key ${quote(key)} is missing`));
  });
}

function refuseProblems(configuration: Configuration): void {
  const problems = configuration.problems();
  if (problems.length > 0)
    throw new CliError(`${problems.map(lineOf).join("\n")}\nNothing was changed.`, EXIT.input);
}

function lineOf({ path, message }: Problem): string {
  return path.length > 0 ? `${printPath(path)}: ${message}` : message;
}

/** Paths of values that are still zeros. */
function zerosIn(configuration: Configuration, { name }: System): string[] {
  const value = configuration.valueAt([]);
  if (value === undefined) throw new CliError(`cdktf.json has no context.${name}`, EXIT.input);
  return findPlaceholders(value, []).map(({ path }) => path);
}

function isZeros(value: unknown): boolean {
  return findPlaceholders({ value }, []).length > 0;
}

/** Writes what has changed, after a question where that was somebody's value before. */
async function write(configuration: Configuration, yes: boolean): Promise<void> {
  const changes = configuration.changes();
  if (changes.length === 0) return tell("Nothing to change in cdktf.json.");
  for (const { path, before, after } of changes)
    tell(`  ${printPath(path)}: ${before === undefined ? "" : `${before} -> `}${after ?? "left out"}`);
  const filled = changes.filter(({ before }) => before !== undefined && !isZeros(before));
  if (filled.length > 0)
    await confirm(
      `${filled.length === 1 ? "One of these is" : `${filled.length} of these are`} no zeros in cdktf.json. Replace ${filled.length === 1 ? "it" : "them"}?`,
      yes,
    );
  configuration.write();
  tell(`${changes.length} ${changes.length === 1 ? "value is" : "values are"} written to cdktf.json.`);
}
